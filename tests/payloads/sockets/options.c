// SPDX-License-Identifier: Apache-2.0
/* Options of sockets that are for who configures the network. */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "sockets.h"

/* Linux: include/uapi/asm-generic/socket.h, include/uapi/linux/in.h and linux/mroute.h. */
#define OPTION_ATTACH_BPF		50
#define OPTION_ATTACH_REUSEPORT_BPF	52
#define OPTION_TXTIME			61
#define OPTION_PREFER_BUSY_POLL		69
#define OPTION_BUSY_POLL_BUDGET		70
#define OPTION_IPSEC_POLICY		16
#define OPTION_XFRM_POLICY		17
#define OPTION_MROUTE_INIT		200
#define OPTION_FIREWALL_REPLACE		64

static const int on = 1;
static const int large = 1 << 24;
static const int priority = 7;
static const int low_priority = 6;
static const uint32_t real_time[2] = { 0, 0 };	/* struct sock_txtime of CLOCK_REALTIME */
static struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, 0xffff);
static const struct sock_fprog take_all = { 1, &all };
static const char source_route[4] = { 7, 3, 4 };
static const char loose_route[12] = { (char)131, 11, 4, 127, 0, 0, 1, 127, 0, 0, 1, 0 };

static const struct option {
	const char *row;
	const char *what;
	int type, level, number;
	const void *value;
	socklen_t length;
	int expected;
} options[] = {
#define OPTION(row, what, type, level, number, value, expected) \
	{ row, what, type, level, number, &(value), sizeof(value), expected }
	OPTION("H-71", "SO_REUSEADDR", SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, on, 0),
	OPTION("H-71", "SO_PRIORITY 6", SOCK_STREAM, SOL_SOCKET, SO_PRIORITY, low_priority, 0),
	OPTION("H-71", "SO_SNDBUF", SOCK_STREAM, SOL_SOCKET, SO_SNDBUF, large, 0),
	OPTION("H-71", "TCP_NODELAY", SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY, on, 0),
	OPTION("H-71", "IP_OPTIONS", SOCK_DGRAM, IPPROTO_IP, IP_OPTIONS, source_route, 0),

	OPTION("H-71", "SO_MARK", SOCK_STREAM, SOL_SOCKET, SO_MARK, on, EPERM),
	OPTION("H-71", "SO_MARK of UDP", SOCK_DGRAM, SOL_SOCKET, SO_MARK, on, EPERM),
	OPTION("H-71", "SO_PRIORITY 7", SOCK_STREAM, SOL_SOCKET, SO_PRIORITY, priority, EPERM),
	OPTION("H-71", "SO_SNDBUFFORCE", SOCK_STREAM, SOL_SOCKET, SO_SNDBUFFORCE, large, EPERM),
	OPTION("H-71", "SO_RCVBUFFORCE", SOCK_DGRAM, SOL_SOCKET, SO_RCVBUFFORCE, large, EPERM),
	OPTION("H-71", "SO_DEBUG", SOCK_STREAM, SOL_SOCKET, SO_DEBUG, on, EACCES),
	OPTION("H-71", "SO_PREFER_BUSY_POLL", SOCK_STREAM, SOL_SOCKET, OPTION_PREFER_BUSY_POLL, on,
	       EPERM),
	OPTION("H-71", "SO_BUSY_POLL_BUDGET", SOCK_STREAM, SOL_SOCKET, OPTION_BUSY_POLL_BUDGET,
	       large, EPERM),
	OPTION("H-71", "SO_TXTIME", SOCK_DGRAM, SOL_SOCKET, OPTION_TXTIME, real_time, EPERM),
	OPTION("H-71", "SO_ATTACH_BPF", SOCK_DGRAM, SOL_SOCKET, OPTION_ATTACH_BPF, on, EOPNOTSUPP),
	OPTION("H-71", "SO_ATTACH_REUSEPORT_EBPF", SOCK_DGRAM, SOL_SOCKET,
	       OPTION_ATTACH_REUSEPORT_BPF, on, EOPNOTSUPP),
	OPTION("H-71", "SO_ATTACH_FILTER, for itself", SOCK_DGRAM, SOL_SOCKET, SO_ATTACH_FILTER,
	       take_all, 0),
	OPTION("H-71", "IP_TRANSPARENT", SOCK_STREAM, IPPROTO_IP, IP_TRANSPARENT, on, EPERM),
	OPTION("H-71", "IP_TRANSPARENT of UDP", SOCK_DGRAM, IPPROTO_IP, IP_TRANSPARENT, on, EPERM),
	OPTION("H-71", "IP_HDRINCL", SOCK_DGRAM, IPPROTO_IP, IP_HDRINCL, on, ENOPROTOOPT),
	OPTION("H-71", "IP_HDRINCL of TCP", SOCK_STREAM, IPPROTO_IP, IP_HDRINCL, on, ENOPROTOOPT),
	OPTION("H-71", "a source route", SOCK_DGRAM, IPPROTO_IP, IP_OPTIONS, loose_route, EPERM),
	OPTION("H-71", "IP_IPSEC_POLICY", SOCK_DGRAM, IPPROTO_IP, OPTION_IPSEC_POLICY, on, EPERM),
	OPTION("H-71", "IP_XFRM_POLICY", SOCK_DGRAM, IPPROTO_IP, OPTION_XFRM_POLICY, on, EPERM),
	OPTION("H-71", "multicast routing", SOCK_DGRAM, IPPROTO_IP, OPTION_MROUTE_INIT, on,
	       ENOPROTOOPT),
	OPTION("H-71", "the firewall's tables", SOCK_DGRAM, IPPROTO_IP, OPTION_FIREWALL_REPLACE, on,
	       ENOPROTOOPT),
	OPTION("H-71", "TCP_REPAIR", SOCK_STREAM, IPPROTO_TCP, TCP_REPAIR, on, EPERM),
	{ "H-71", "TCP_CONGESTION of another kind", SOCK_STREAM, IPPROTO_TCP, TCP_CONGESTION, "bbr",
	  3, ENOENT },
	{ "H-71", "TCP_ULP", SOCK_STREAM, IPPROTO_TCP, TCP_ULP, "tls", 3, ENOENT },
};

static const struct option *option;

static int set_option(void)
{
	int fd = socket(AF_INET, option->type | SOCK_CLOEXEC, 0);
	int result = setsockopt(fd, option->level, option->number, option->value, option->length);

	attempt_close(fd);
	return result;
}

/* Binding to an interface is free once; who is bound cannot leave it. */
static int bind_to_device(const char *second)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo"));

	if (result == 0 && second)
		result = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, second,
				    (socklen_t)strlen(second));
	attempt_close(fd);
	return result;
}

static int bind_once(void) { return bind_to_device(NULL); }
static int bind_to_none(void) { return bind_to_device(""); }

static int bind_to_unknown(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "eth9", sizeof("eth9"));
}

/* The mark of one message instead of the socket. */
static int mark_by_message(void)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(uint32_t))];
	} control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(uint32_t)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SO_MARK,
	} };
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(5000),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct iovec part = { "x", 1 };
	struct msghdr message = {
		.msg_name = &name,
		.msg_namelen = sizeof(name),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	return (int)sendmsg(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), &message, 0);
}

static const struct attempt attempts[] = {
	{ "H-71", "a mark by a message", mark_by_message, EPERM },
	{ "H-71", "SO_BINDTODEVICE", bind_once, 0 },
	{ "H-71", "SO_BINDTODEVICE, leaving it", bind_to_none, EPERM },
	{ "H-71", "SO_BINDTODEVICE, one that is not there", bind_to_unknown, ENODEV },
};

void try_options(void)
{
	for (option = options; option < options + ARRAY_SIZE(options); option++) {
		const struct attempt attempt = { option->row, option->what, set_option,
						 option->expected };

		attempt_all(&attempt, 1);
	}
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
