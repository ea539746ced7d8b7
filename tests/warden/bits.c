// SPDX-License-Identifier: Apache-2.0
/*
 * What each capability bit opens.  The same operations are tried under each bit alone, under none and
 * under all: an operation works exactly when its bits are there.  Every node of /dev is open to all
 * users here, so that only the kernel's own rule is seen.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/spherule.h>
#include <mtd/mtd-abi.h>

#include "abi/device_order.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "attempt.h"
#include "ward.h"

#define NEVER	(1u << 31)	/* no bit opens it */
#define HOUR_S	3600

static int make_socket(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int route_socket(void) { return make_socket(AF_NETLINK, SOCK_RAW, 0); }
static int firewall_socket(void) { return make_socket(AF_NETLINK, SOCK_RAW, 12); }
static int event_socket(void) { return make_socket(AF_NETLINK, SOCK_DGRAM, 15); }
static int generic_socket(void) { return make_socket(AF_NETLINK, SOCK_RAW, 16); }
static int raw_socket(void) { return make_socket(AF_INET, SOCK_RAW, 1); }
static int packet_socket(void) { return make_socket(AF_PACKET, SOCK_RAW, 0); }

static int interface_ioctl(unsigned long request, short flags)
{
	struct ifreq interface = { .ifr_name = "lo" };

	interface.ifr_flags = flags;
	return ioctl(socket(AF_INET, SOCK_DGRAM, 0), request, &interface);
}

static int raise_interface(void) { return interface_ioctl(SIOCSIFFLAGS, IFF_UP); }
static int hardware_address(void) { return interface_ioctl(SIOCGIFHWADDR, 0); }
static int interface_flags(void) { return interface_ioctl(SIOCGIFFLAGS, 0); }

static int bind_port(int type, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	return bind(socket(AF_INET, type, 0), (struct sockaddr *)&address, sizeof(address));
}

static int bind_tcp(void) { return bind_port(SOCK_STREAM, 80); }
static int bind_udp(void) { return bind_port(SOCK_DGRAM, 67); }
static int bind_high(void) { return bind_port(SOCK_STREAM, 8080); }

/* What is in the list of ports is so for one protocol. */
static int bind_unlisted(void) { return bind_port(SOCK_STREAM, 8081); }
static int bind_udp_of_tcp(void) { return bind_port(SOCK_DGRAM, 8080); }
static int bind_tcp_of_udp(void) { return bind_port(SOCK_STREAM, 67); }
static int bind_mdns(void) { return bind_port(SOCK_DGRAM, 5353); }

static int set_clock(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	now.tv_sec += HOUR_S;
	return clock_settime(CLOCK_REALTIME, &now);
}

static int set_day(void)
{
	struct timeval now;

	if (gettimeofday(&now, NULL))
		return -1;
	now.tv_sec += HOUR_S;
	return settimeofday(&now, NULL);
}

static int adjust_clock(void)
{
	struct timex change = { .modes = ADJ_FREQUENCY };

	return adjtimex(&change) < 0 ? -1 : 0;
}

static int read_log(void)
{
	char text[256];

	return klogctl(3, text, sizeof(text)) < 0 ? -1 : 0;
}

static int log_size(void) { return klogctl(10, NULL, 0) < 0 ? -1 : 0; }
static int clear_log(void) { return klogctl(5, NULL, 0); }
static int silence_console(void) { return klogctl(6, NULL, 0); }
static int open_proc_log(void) { return attempt_open("/proc/kmsg", O_RDONLY); }
static int open_chip(void) { return attempt_open("/dev/gpiochip0", O_RDWR); }
static int read_flash(void) { return attempt_open("/dev/mtd0", O_RDONLY); }
static int read_flash_ro(void) { return attempt_open("/dev/mtd0ro", O_RDONLY); }
static int write_flash(void) { return attempt_open("/dev/mtd0", O_RDWR); }
static int write_storage(void) { return attempt_open("/dev/mtd2", O_WRONLY); }

/* What changes flash, on a descriptor that is open for reading. */
static int erase_by_reader(void)
{
	struct erase_info_user range = { .start = 0, .length = 256 * 1024 };
	int fd = open("/dev/mtd2", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : ioctl(fd, MEMERASE, &range);
}

static int lock_by_reader(void)
{
	struct erase_info_user range = { .start = 0, .length = 256 * 1024 };
	int fd = open("/dev/mtd2", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : ioctl(fd, MEMUNLOCK, &range);
}

static int write_by_reader(void)
{
	struct mtd_write_req write = { .len = 4, .usr_data = (uintptr_t)"abc" };
	int fd = open("/dev/mtd2", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : ioctl(fd, MEMWRITE, &write);
}

static int ask_monitor(struct spherule_monitor_request request)
{
	int fd = open("/dev/security-monitor", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -1 : ioctl(fd, SPHERULE_MONITOR_CALL, &request);
}

static int monitor(uint32_t function, uint32_t argument)
{
	return ask_monitor((struct spherule_monitor_request){
		.function = function,
		.arguments = { argument },
	});
}

static int monitor_boot(void) { return monitor(SPH_SMC_BOOT_INFO, 0); }
static int monitor_geometry(void) { return monitor(SPH_SMC_FLASH_GEOMETRY, 0); }
static int monitor_partition(void) { return monitor(SPH_SMC_FLASH_PARTITION, SPH_PART_APPS); }
static int monitor_no_partition(void) { return monitor(SPH_SMC_FLASH_PARTITION, 77); }

/*
 * Every call under every bit, without what the call would do: a request that is not well-formed is
 * refused as such only when the caller may make the call.
 */
static uint32_t asked_function;

static int may_ask_monitor(void)
{
	int result = ask_monitor((struct spherule_monitor_request){
		.function = asked_function,
		.reserved = 1,
	});

	return result < 0 && errno == EINVAL ? 0 : -1;
}

static const struct {
	const char *what;
	uint32_t function;
	uint32_t needs;
} monitor_calls[] = {
	{ "monitor: may BOOT_INFO", SPH_SMC_BOOT_INFO, SPHERULE_CAP_MONITOR },
	{ "monitor: may BOOT_OK", SPH_SMC_BOOT_OK, NEVER },
	{ "monitor: may TELEMETRY", SPH_SMC_TELEMETRY, SPHERULE_CAP_TELEMETRY },
	{ "monitor: may WATCHDOG", SPH_SMC_WATCHDOG, NEVER },
	{ "monitor: may BOOT_SETTLED", SPH_SMC_BOOT_SETTLED, NEVER },
	{ "monitor: may FLASH_GEOMETRY", SPH_SMC_FLASH_GEOMETRY, SPHERULE_CAP_FLASH_READ },
	{ "monitor: may FLASH_PARTITION", SPH_SMC_FLASH_PARTITION, SPHERULE_CAP_FLASH_READ },
	{ "monitor: may FLASH_ERASE", SPH_SMC_FLASH_ERASE, NEVER },
	{ "monitor: may FLASH_PROGRAM", SPH_SMC_FLASH_PROGRAM, NEVER },
	{ "monitor: may IMAGE_BEGIN", SPH_SMC_IMAGE_BEGIN, SPHERULE_CAP_IMAGE_UPDATE },
	{ "monitor: may IMAGE_WRITE", SPH_SMC_IMAGE_WRITE, SPHERULE_CAP_IMAGE_UPDATE },
	{ "monitor: may IMAGE_FINISH", SPH_SMC_IMAGE_FINISH, SPHERULE_CAP_IMAGE_UPDATE },
	{ "monitor: may IMAGE_ABORT", SPH_SMC_IMAGE_ABORT, SPHERULE_CAP_IMAGE_UPDATE },
	{ "monitor: may IMAGE_INSTALL", SPH_SMC_IMAGE_INSTALL, SPHERULE_CAP_IMAGE_UPDATE },
	{ "monitor: may IMAGE_REMOVE", SPH_SMC_IMAGE_REMOVE, SPHERULE_CAP_IMAGE_UPDATE },
	{ "monitor: may IMAGE_INFO", SPH_SMC_IMAGE_INFO, SPHERULE_CAP_IMAGE_QUERY },
	{ "monitor: may IMAGE_SPACE", SPH_SMC_IMAGE_SPACE, SPHERULE_CAP_IMAGE_QUERY },
	{ "monitor: may IMAGE_VERIFY", SPH_SMC_IMAGE_VERIFY, NEVER },
	{ "monitor: may TRUST_INFO", SPH_SMC_TRUST_INFO, SPHERULE_CAP_MONITOR },
	{ "monitor: may TRUST_UPDATE", SPH_SMC_TRUST_UPDATE, SPHERULE_CAP_DEVICE_STATE },
	{ "monitor: may DEVICE_INFO", SPH_SMC_DEVICE_INFO, SPHERULE_CAP_MONITOR },
	{ "monitor: may DEVICE_MANUFACTURE", SPH_SMC_DEVICE_MANUFACTURE, SPHERULE_CAP_DEVICE_STATE },
	{ "monitor: may DEVICE_ORDER", SPH_SMC_DEVICE_ORDER, SPHERULE_CAP_DEVICE_STATE },
	{ "monitor: may KEY_DERIVE", SPH_SMC_KEY_DERIVE, SPHERULE_CAP_DERIVE_KEY },
	{ "monitor: may ATTEST", SPH_SMC_ATTEST, SPHERULE_CAP_ATTEST },
	{ "monitor: may VERSION", SPH_SMC_VERSION, NEVER },
	{ "monitor: may an unknown call", SPH_SMC_BASE + 0xfff, NEVER },
	{ "monitor: may PSCI power off", 0x84000008, NEVER },
	{ "monitor: may SMCCC random", 0x84000053, NEVER },
};

static void try_monitor(uint32_t bits)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(monitor_calls); i++) {
		uint32_t needs = monitor_calls[i].needs | SPHERULE_CAP_MONITOR;
		const struct attempt attempt = { "AS-39", monitor_calls[i].what, may_ask_monitor,
						 (bits & needs) == needs ? 0 : EPERM };

		asked_function = monitor_calls[i].function;
		attempt_all(&attempt, 1);
	}
}

/* With all bits: a record is exactly as the call takes it, and the program's own. */
static int ask_device_info(uint64_t record, uint32_t bytes, uint32_t address)
{
	return ask_monitor((struct spherule_monitor_request){
		.function = SPH_SMC_DEVICE_INFO,
		.arguments = { address },
		.record_bytes = bytes,
		.record = record,
	});
}

static struct sph_device_info own_record;

#define OWN_RECORD	((uintptr_t)&own_record)

static int record_too_short(void) { return ask_device_info(OWN_RECORD, sizeof(own_record) - 1, 0); }
static int record_too_long(void) { return ask_device_info(OWN_RECORD, sizeof(own_record) + 1, 0); }
static int record_absent(void) { return ask_device_info(0, 0, 0); }
static int record_without_address(void) { return ask_device_info(0, sizeof(own_record), 0); }
static int record_by_address(void) { return ask_device_info(OWN_RECORD, sizeof(own_record), 0x40000000); }
static int record_beyond(void) { return ask_device_info(OWN_RECORD | 1ull << 32, sizeof(own_record), 0); }

static int ask_order(uintptr_t record)
{
	return ask_monitor((struct spherule_monitor_request){
		.function = SPH_SMC_DEVICE_ORDER,
		.record_bytes = DEVICE_ORDER_BYTES,
		.record = record,
	});
}

static int order_from_nowhere(void) { return ask_order(16); }
static int order_from_the_kernel(void) { return ask_order(0xc0008000); }
static int order_over_the_end(void) { return ask_order(0xbfffffc0); }

static int block_too_long(void)
{
	static uint8_t block[SPH_SMC_PROGRAM_MAX + 4];

	return ask_monitor((struct spherule_monitor_request){
		.function = SPH_SMC_IMAGE_WRITE,
		.arguments = { 1, 0, 0, sizeof(block) },
		.record_bytes = sizeof(block),
		.record = (uintptr_t)block,
	});
}

static int key_of_the_storage(void)
{
	struct sph_key_request key = { .purpose = SPH_KEY_STORAGE };

	return ask_monitor((struct spherule_monitor_request){
		.function = SPH_SMC_KEY_DERIVE,
		.record_bytes = sizeof(key),
		.record = (uintptr_t)&key,
	});
}

static int monitor_other_ioctl(void)
{
	int fd = open("/dev/security-monitor", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -1 : ioctl(fd, _IO(0xB4, 0x91));
}

static int monitor_bad_address(void)
{
	int fd = open("/dev/security-monitor", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -1 : ioctl(fd, SPHERULE_MONITOR_CALL, (void *)16);
}

static int restart(void) { return reboot(RB_AUTOBOOT); }
static int halt(void) { return reboot(RB_HALT_SYSTEM); }
static int take_ctrl_alt_del(void) { return reboot(RB_ENABLE_CAD); }

static int open_node(unsigned int major, unsigned int minor)
{
	char path[48];

	snprintf(path, sizeof(path), OPEN_FOLDER "/nodes/%u-%u", major, minor);
	return attempt_open(path, O_RDONLY);
}

static int open_null(void) { return attempt_open("/dev/null", O_RDWR); }
static int open_zero(void) { return open_node(1, 5); }
static int open_full(void) { return open_node(1, 7); }
static int open_random(void) { return open_node(1, 8); }
static int open_urandom(void) { return open_node(1, 9); }
static int open_memory(void) { return open_node(1, 1); }
static int open_kernel_memory(void) { return open_node(1, 2); }
static int open_ports(void) { return open_node(1, 4); }
static int open_kernel_log(void) { return open_node(1, 11); }
static int open_terminal(void) { return open_node(5, 0); }
static int open_console(void) { return open_node(5, 1); }
static int open_terminals(void) { return open_node(5, 2); }
static int open_uart(void) { return open_node(204, 64); }
static int open_no_driver(void) { return open_node(77, 0); }

static int change_root(void) { return chroot("/"); }
static int name_host(void) { return sethostname("x", 1); }
static int mount_something(void) { return mount("none", OPEN_FOLDER, "tmpfs", 0, NULL); }
static int make_node(void) { return mknod(OPEN_FOLDER "/mine", S_IFCHR | 0666, makedev(1, 1)); }
static int group_processes(void) { return setpgid(0, 0); }
static int outrank(void) { return nice(-5) == -1 && errno ? -1 : 0; }

/* A child that waits to be traced, and ends when that is over. */
static int trace_child(void)
{
	pid_t pid = fork();
	int result, error;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	result = ptrace(PTRACE_ATTACH, pid, NULL, NULL) < 0 ? -1 : 0;
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, __WALL);
	errno = error;
	return result;
}

static int be_traced(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? -1 : 0; }
static int child_be_traced(void) { return attempt_in_child(be_traced); }

/* A sender from outside is needed to see it used: the neighbour does that. */
static const struct {
	const char *row;
	const char *what;
	int (*try)(void);
	uint32_t needs;
	int refusal;
} operations[] = {
	{ "AS-01", "let its child be traced", child_be_traced, SPHERULE_CAP_DEBUG, EPERM },
	{ "H-70", "route socket", route_socket, SPHERULE_CAP_NETWORK_CONFIG, EPERM },
	{ "H-70", "firewall socket", firewall_socket, SPHERULE_CAP_NETWORK_CONFIG, EPERM },
	{ "H-70", "event socket", event_socket, NEVER, EPERM },
	{ "H-70", "generic socket", generic_socket, NEVER, EPERM },
	{ "H-70", "raw socket", raw_socket, NEVER, EPERM },
	{ "AS-05", "packet socket", packet_socket, NEVER, EAFNOSUPPORT },
	{ "H-71", "raise an interface", raise_interface, SPHERULE_CAP_NETWORK_CONFIG, EPERM },
	{ "H-71", "hardware address", hardware_address, SPHERULE_CAP_NETWORK_CONFIG, EPERM },
	{ "H-71", "flags of an interface", interface_flags, 0, 0 },
	{ "AS-41", "bind TCP 80", bind_tcp, SPHERULE_CAP_LOW_PORT, EACCES },
	{ "AS-41", "bind UDP 67", bind_udp, SPHERULE_CAP_LOW_PORT, EACCES },
	{ "AS-41", "bind TCP 8080", bind_high, 0, 0 },
	{ "AS-41", "bind a port that it was not given", bind_unlisted, SPHERULE_CAP_NETWORK_CONFIG, EACCES },
	{ "AS-41", "bind UDP 8080", bind_udp_of_tcp, SPHERULE_CAP_NETWORK_CONFIG, EACCES },
	{ "AS-41", "bind TCP 67", bind_tcp_of_udp,
	  SPHERULE_CAP_NETWORK_CONFIG | SPHERULE_CAP_LOW_PORT, EACCES },
	{ "AS-41", "bind the port of mDNS", bind_mdns, SPHERULE_CAP_NETWORK_CONFIG, EACCES },
	{ "H-77", "clock_settime", set_clock, SPHERULE_CAP_TIME, EPERM },
	{ "H-77", "settimeofday", set_day, SPHERULE_CAP_TIME, EPERM },
	{ "H-77", "adjtimex", adjust_clock, NEVER, EPERM },
	{ "AS-20", "read the kernel log", read_log, SPHERULE_CAP_KERNEL_LOG, EPERM },
	{ "AS-20", "size of the kernel log", log_size, SPHERULE_CAP_KERNEL_LOG, EPERM },
	{ "AS-20", "clear the kernel log", clear_log, NEVER, EPERM },
	{ "AS-20", "silence the console", silence_console, NEVER, EPERM },
	{ "AS-20", "open /proc/kmsg", open_proc_log, NEVER, EACCES },
	{ "H-60", "open a GPIO chip", open_chip, SPHERULE_CAP_GPIO, EPERM },
	{ "AS-12", "read flash", read_flash, SPHERULE_CAP_FLASH_READ, EPERM },
	{ "AS-12", "read flash, read-only node", read_flash_ro, SPHERULE_CAP_FLASH_READ, EPERM },
	{ "AS-12", "write to flash", write_flash, NEVER, EPERM },
	{ "AS-12", "write to storage", write_storage, NEVER, EPERM },
	{ "AS-12", "erase by a reader", erase_by_reader, NEVER, EPERM },
	{ "AS-12", "unlock by a reader", lock_by_reader, NEVER, EPERM },
	{ "AS-12", "MEMWRITE by a reader", write_by_reader, NEVER, EPERM },
	{ "AS-39", "monitor: boot", monitor_boot, SPHERULE_CAP_MONITOR, EPERM },
	{ "AS-39", "monitor: geometry", monitor_geometry,
	  SPHERULE_CAP_MONITOR | SPHERULE_CAP_FLASH_READ, EPERM },
	{ "AS-39", "monitor: partition", monitor_partition,
	  SPHERULE_CAP_MONITOR | SPHERULE_CAP_FLASH_READ, EPERM },
	{ "AS-19", "halt", halt, NEVER, EPERM },
	{ "AS-19", "take Ctrl-Alt-Del", take_ctrl_alt_del, NEVER, EPERM },
	{ "H-60", "open null", open_null, 0, 0 },
	{ "H-60", "open zero", open_zero, 0, 0 },
	{ "H-60", "open full", open_full, 0, 0 },
	{ "H-60", "open random", open_random, 0, 0 },
	{ "H-60", "open urandom", open_urandom, 0, 0 },
	{ "H-75", "open mem", open_memory, NEVER, EPERM },
	{ "H-75", "open kmem", open_kernel_memory, NEVER, EPERM },
	{ "H-75", "open port", open_ports, NEVER, EPERM },
	{ "AS-20", "open kmsg", open_kernel_log, NEVER, EPERM },
	{ "H-75", "open tty", open_terminal, NEVER, EPERM },
	{ "H-75", "open console", open_console, NEVER, EPERM },
	{ "H-75", "open ptmx", open_terminals, NEVER, EPERM },
	{ "H-75", "open the UART", open_uart, NEVER, EPERM },
	{ "H-75", "open a number without driver", open_no_driver, NEVER, EPERM },
	{ "AS-07", "chroot", change_root, NEVER, EPERM },
	{ "AS-07", "mount", mount_something, NEVER, EPERM },
	{ "H-77", "sethostname", name_host, NEVER, EPERM },
	{ "H-78", "mknod", make_node, NEVER, EPERM },
	{ "H-77", "setpgid", group_processes, NEVER, EPERM },
	{ "H-77", "negative nice", outrank, NEVER, EPERM },
};

/* With the bits to make a call, it is the call that is judged. */
static const struct attempt with_all_bits[] = {
	{ "AS-39", "monitor: a partition that is not there", monitor_no_partition, EINVAL },
	{ "AS-39", "monitor: another ioctl", monitor_other_ioctl, ENOTTY },
	{ "AS-39", "monitor: a bad address", monitor_bad_address, EFAULT },
	{ "AS-36", "monitor: a record too short", record_too_short, EINVAL },
	{ "AS-36", "monitor: a record too long", record_too_long, EINVAL },
	{ "AS-36", "monitor: no record", record_absent, EINVAL },
	{ "AS-36", "monitor: a record nowhere", record_without_address, EINVAL },
	{ "AS-34", "monitor: a physical address", record_by_address, EINVAL },
	{ "AS-34", "monitor: a record beyond memory", record_beyond, EINVAL },
	{ "AS-34", "monitor: a record that is not mapped", order_from_nowhere, EFAULT },
	{ "AS-34", "monitor: a record of the kernel", order_from_the_kernel, EFAULT },
	{ "AS-34", "monitor: a record into the kernel", order_over_the_end, EFAULT },
	{ "AS-29", "monitor: a block too long", block_too_long, EINVAL },
	{ "AS-39", "monitor: the key of the storage", key_of_the_storage, EPERM },
};

/* Linux protects a process that came by a capability of Linux at its execve(). */
static bool can_be_traced(uint32_t bits)
{
	return bits & SPHERULE_CAP_DEBUG && !(bits & SPHERULE_CAP_NETWORK_CONFIG);
}

static void try_trace(uint32_t bits)
{
	const struct attempt attempt = { "AS-01", "trace its child", trace_child,
					 can_be_traced(bits) ? 0 : EPERM };

	attempt_all(&attempt, 1);
}

static const struct attempt without_power[] = {
	{ "AS-19", "restart", restart, EPERM },
};

static uint32_t own_bits;

/* CAP_NET_ADMIN (linux/capability.h: 12) comes with NETWORK_CONFIG, and nothing else ever. */
static int has_right_linux_capabilities(void)
{
	unsigned long long wanted = own_bits & SPHERULE_CAP_NETWORK_CONFIG ? 1ull << 12 : 0;
	static const struct {
		const char *name;
		bool empty;
	} sets[] = {
		{ "CapInh:", true }, { "CapPrm:", false }, { "CapEff:", false },
		{ "CapBnd:", true }, { "CapAmb:", true },
	};
	char text[2048];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, sizeof(text) - 1);

	if (length < 0)
		return -1;
	text[length] = '\0';
	for (unsigned int i = 0; i < ARRAY_SIZE(sets); i++) {
		char *line = strstr(text, sets[i].name);

		if (!line || strtoull(line + strlen(sets[i].name), NULL, 16) !=
				     (sets[i].empty ? 0 : wanted))
			return -1;
	}
	return 0;
}

static const struct attempt linux_capabilities[] = {
	{ "AS-18", "Linux capabilities are those of the bits", has_right_linux_capabilities, 0 },
};

void try_bits(uint32_t bits)
{
	own_bits = bits;
	for (unsigned int i = 0; i < ARRAY_SIZE(operations); i++) {
		bool has = (bits & operations[i].needs) == operations[i].needs;
		struct attempt attempt = { operations[i].row, operations[i].what,
					   operations[i].try, has ? 0 : operations[i].refusal };

		attempt_all(&attempt, 1);
	}
	try_monitor(bits);
	attempt_all(linux_capabilities, ARRAY_SIZE(linux_capabilities));
	try_trace(bits);
	if (bits == SPHERULE_CAP_KNOWN)
		attempt_all(with_all_bits, ARRAY_SIZE(with_all_bits));
	if (!(bits & SPHERULE_CAP_POWER))
		attempt_all(without_power, ARRAY_SIZE(without_power));
}
