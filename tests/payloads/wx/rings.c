// SPDX-License-Identifier: Apache-2.0
/* Memory that the kernel fills, and memory that several processes share: none of it is there. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checked.h"
#include "wx.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know them. */
#define SYS_MEMFD_SECRET	447
#define SYS_MAP_SHADOW_STACK	453
#define SYS_MSEAL		462

/* Linux, include/linux/socket.h; musl 1.2.3 has the first. */
#define FAMILY_XDP		44

static long call(long number, long a, const void *b, long c)
{
	return syscall(number, a, b, c, 0, 0, 0);
}

static int ring_of_aio(void)
{
	unsigned long context = 0;

	return (int)call(SYS_io_setup, 8, &context, 0);
}

static int ring_of_io_uring(void)
{
	uint32_t parameters[30] = { 0 };

	return (int)call(SYS_io_uring_setup, 8, parameters, 0);
}

static int ring_of_perf(void)
{
	uint32_t attributes[32] = { 0 };

	return (int)syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0);
}

static int fault_handler(void) { return (int)call(SYS_userfaultfd, O_CLOEXEC, NULL, 0); }
static int program_of_bpf(void)
{
	uint32_t attributes[32] = { 0 };

	return (int)call(SYS_bpf, 0, attributes, sizeof(attributes));
}
static int secret_memory(void) { return (int)call(SYS_MEMFD_SECRET, 0, NULL, 0); }
static int shadow_stack(void) { return (int)call(SYS_MAP_SHADOW_STACK, 0, NULL, 0); }
static int seal_memory(void) { return (int)call(SYS_MSEAL, (long)wx_page(), NULL, 0); }
static int shared_segment(void) { return (int)call(SYS_shmget, 0, (void *)PAGE_BYTES, 01777); }
static int attach_segment(void) { return (int)call(SYS_shmat, 0, NULL, 010000); }
static int message_queue(void)
{
	return (int)syscall(SYS_mq_open, "/wx", O_CREAT | O_RDWR, 0600, NULL);
}
static int old_library(void) { return (int)call(SYS_uselib, (long)"bin/wx", NULL, 0); }

static int make_socket(int family, int type)
{
	return socket(family, type, 0) < 0 ? -1 : 0;
}

static int raw_packets(void) { return make_socket(AF_PACKET, SOCK_RAW); }
static int plain_packets(void) { return make_socket(AF_PACKET, SOCK_DGRAM); }
static int old_packets(void) { return make_socket(AF_PACKET, SOCK_PACKET); }
static int oldest_packets(void) { return make_socket(AF_INET, SOCK_PACKET); }
static int fast_packets(void) { return make_socket(FAMILY_XDP, SOCK_RAW); }

static int ring_at_socket(int family)
{
	const struct tpacket_req ring = {
		.tp_block_size = PAGE_BYTES, .tp_block_nr = 1,
		.tp_frame_size = PAGE_BYTES, .tp_frame_nr = 1,
	};

	return setsockopt(socket(family, SOCK_DGRAM, 0), SOL_PACKET, PACKET_RX_RING, &ring,
			  sizeof(ring));
}

static int ring_at_udp(void) { return ring_at_socket(AF_INET); }
static int ring_at_unix(void) { return ring_at_socket(AF_UNIX); }

/* A stream's bytes could be received by mapping them: never to write or to execute. */
static int write_to_stream(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return mmap(NULL, PAGE_BYTES, PROT_RW, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-05", "raw packets", raw_packets, EAFNOSUPPORT },
	{ "AS-05", "packets", plain_packets, EAFNOSUPPORT },
	{ "AS-05", "packets as of old", old_packets, EAFNOSUPPORT },
	{ "AS-05", "packets as of the oldest", oldest_packets, EAFNOSUPPORT },
	{ "AS-05", "packets by XDP", fast_packets, EAFNOSUPPORT },
	{ "AS-05", "a packet ring at a UDP socket", ring_at_udp, ENOPROTOOPT },
	{ "AS-05", "a packet ring at a UNIX socket", ring_at_unix, EOPNOTSUPP },
	{ "AS-05", "map a TCP socket to write", write_to_stream, EPERM },
	{ "H-93", "a ring for asynchronous files", ring_of_aio, ENOSYS },
	{ "AS-08", "a ring of io_uring", ring_of_io_uring, ENOSYS },
	{ "AS-08", "a ring of perf", ring_of_perf, ENOSYS },
	{ "AS-08", "a handler of page faults", fault_handler, ENOSYS },
	{ "AS-08", "a map of BPF", program_of_bpf, ENOSYS },
	{ "AS-08", "secret memory", secret_memory, ENOSYS },
	{ "AS-08", "a shadow stack", shadow_stack, ENOSYS },
	{ "AS-08", "seal memory", seal_memory, ENOSYS },
	{ "AS-08", "load a library by the kernel", old_library, ENOSYS },
	{ "AS-27", "a shared segment", shared_segment, ENOSYS },
	{ "AS-27", "attach a shared segment", attach_segment, ENOSYS },
	{ "AS-27", "a message queue", message_queue, ENOSYS },
};

void wx_try_rings(void)
{
	checked_all(attempts, ARRAY_SIZE(attempts));
}
