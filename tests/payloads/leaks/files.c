// SPDX-License-Identifier: Apache-2.0
/*
 * Files that tell about the kernel, the hardware or other apps: they do not exist (ENOENT), or they
 * are not for apps (EACCES).
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "leaks.h"

static const struct opening files[] = {
	{ "H-74", "/proc/meminfo", 0 },
	{ "AS-20", "/proc/kallsyms", ENOENT },
	{ "AS-20", "/proc/kcore", ENOENT },
	{ "AS-20", "/proc/vmcore", ENOENT },
	{ "AS-20", "/proc/modules", ENOENT },
	{ "AS-20", "/proc/iomem", EACCES },
	{ "AS-20", "/proc/ioports", EACCES },
	{ "AS-20", "/proc/vmallocinfo", EACCES },
	{ "AS-20", "/proc/slabinfo", ENOENT },
	{ "AS-20", "/proc/timer_list", EACCES },
	{ "AS-20", "/proc/sched_debug", ENOENT },
	{ "AS-20", "/proc/pagetypeinfo", EACCES },
	{ "AS-20", "/proc/kpagecount", EACCES },
	{ "AS-20", "/proc/kpageflags", EACCES },
	{ "AS-20", "/proc/kpagecgroup", EACCES },
	{ "AS-20", "/proc/lockdep", ENOENT },
	{ "AS-20", "/proc/latency_stats", ENOENT },
	{ "AS-20", "/proc/self/wchan", ENOENT },
	{ "AS-20", "/proc/self/stack", ENOENT },
	{ "AS-20", "/proc/self/task/../stack", ENOENT },
	{ "AS-20", "/proc/thread-self/stack", ENOENT },
	{ "AS-20", "/proc/thread-self/wchan", ENOENT },
	{ "AS-20", "/proc/self/seccomp_cache", ENOENT },
	{ "AS-20", "/proc/self/timers", ENOENT },
	{ "AS-24", "/proc/fdt", ENOENT },
	{ "AS-24", "/proc/device-tree", ENOENT },
	{ "AS-24", "/proc/device-tree/chosen/bootargs", ENOENT },
	{ "AS-24", "/sys/firmware/fdt", ENOENT },
	{ "AS-24", "/sys/firmware/devicetree/base", ENOENT },
	{ "AS-24", "/proc/atags", ENOENT },
	{ "AS-24", "/proc/cmdline", EACCES },
	{ "AS-24", "/proc/bootconfig", ENOENT },
	{ "H-74", "/proc/config.gz", ENOENT },
	{ "H-74", "/proc/vmstat", EACCES },
	{ "H-74", "/proc/loadavg", EACCES },
	{ "H-74", "/proc/stat", EACCES },
	{ "H-74", "/proc/uptime", EACCES },
	{ "H-74", "/proc/version", EACCES },
	{ "H-74", "/proc/zoneinfo", EACCES },
	{ "H-74", "/proc/buddyinfo", EACCES },
	{ "H-74", "/proc/interrupts", EACCES },
	{ "H-74", "/proc/softirqs", EACCES },
	{ "H-74", "/proc/devices", EACCES },
	{ "H-74", "/proc/misc", EACCES },
	{ "H-74", "/proc/mtd", EACCES },
	{ "H-74", "/proc/cgroups", EACCES },
	{ "H-74", "/proc/crypto", EACCES },
	{ "H-74", "/proc/consoles", EACCES },
	{ "H-74", "/proc/cpuinfo", EACCES },
	{ "H-74", "/proc/filesystems", EACCES },
	{ "H-74", "/proc/tty/drivers", EACCES },
	{ "H-74", "/proc/tty/driver/serial", EACCES },
	{ "H-74", "/proc/cpu/alignment", EACCES },
	{ "H-74", "/proc/locks", ENOENT },
	{ "H-74", "/proc/keys", ENOENT },
	{ "H-74", "/proc/key-users", ENOENT },
	{ "H-74", "/proc/swaps", ENOENT },
	{ "H-74", "/proc/diskstats", ENOENT },
	{ "H-74", "/proc/schedstat", ENOENT },
	{ "H-74", "/proc/sysrq-trigger", ENOENT },
	{ "H-74", "/sys/kernel/tracing", ENOENT },
	{ "H-74", "/sys/kernel/security", ENOENT },
	{ "H-74", "/sys/fs/cgroup", ENOENT },
	{ "H-74", "/sys/kernel/uevent_seqnum", ENOENT },
	{ "H-74", "/sys", ENOENT },
	{ "H-20", "/proc/sys", ENOENT },
	{ "H-20", "/proc/sys/kernel/kptr_restrict", ENOENT },
	{ "H-20", "/proc/sys/kernel/dmesg_restrict", ENOENT },
	{ "H-20", "/proc/sys/kernel/perf_event_paranoid", ENOENT },
	{ "H-20", "/proc/sys/kernel/modules_disabled", ENOENT },
	{ "H-20", "/proc/sys/kernel/sysrq", ENOENT },
	{ "H-20", "/proc/sys/kernel/random/boot_id", ENOENT },
	{ "H-20", "/proc/sys/user/max_user_namespaces", ENOENT },
	{ "H-21", "/proc/sys/kernel/randomize_va_space", ENOENT },
	{ "H-21", "/proc/sys/fs/suid_dumpable", ENOENT },
	{ "H-21", "/proc/sys/fs/protected_symlinks", ENOENT },
	{ "H-21", "/proc/sys/kernel/yama/ptrace_scope", ENOENT },
	{ "H-21", "/proc/sys/vm/mmap_min_addr", ENOENT },
	{ "AS-12", "/dev/mtd0ro", ENOENT },
	{ "AS-12", "/dev/mtd1ro", ENOENT },
	{ "AS-12", "/proc/self/root/dev/mtd0ro", ENOENT },
	{ "AS-12", "/dev/mtd0", ENOENT },
	{ "AS-12", "/dev/mtd1", ENOENT },
	{ "AS-12", "/dev/mtd2", ENOENT },
	{ "AS-12", "/dev/mtdblock0", ENOENT },
	{ "AS-12", "/dev/ubi0", ENOENT },
	{ "H-75", "/dev/urandom", 0 },
	{ "H-75", "/dev/mem", ENOENT },
	{ "H-75", "/dev/kmem", ENOENT },
	{ "H-75", "/dev/port", ENOENT },
	{ "H-75", "/dev/security-monitor", ENOENT },
	{ "H-75", "/dev/gpiochip0", ENOENT },
	{ "H-75", "/dev/net/tun", ENOENT },
	{ "H-75", "/dev/fuse", ENOENT },
	{ "H-75", "/dev/hidraw0", ENOENT },
	{ "H-75", "/dev/uinput", ENOENT },
	{ "H-75", "/dev/input/event0", ENOENT },
	{ "H-75", "/dev/vda", ENOENT },
	{ "H-75", "/dev/loop0", ENOENT },
	{ "H-75", "/dev/tee0", ENOENT },
	{ "H-75", "/dev/watchdog", ENOENT },
	{ "H-75", "/dev/rtc0", ENOENT },
	{ "H-75", "/dev/ptmx", ENOENT },
	{ "H-75", "/dev/shm", ENOENT },
};

/* The network of the whole system, below each of the folders "net" that lead to it. */
static const struct opening network[] = {
	{ "H-31", "/tcp", EACCES },	  { "H-31", "/udp", EACCES },
	{ "H-31", "/unix", EACCES },	  { "H-31", "/arp", EACCES },
	{ "H-31", "/route", EACCES },	  { "H-31", "/raw", EACCES },
	{ "H-31", "/icmp", EACCES },	  { "H-31", "/dev", EACCES },
	{ "H-31", "/netlink", EACCES },	  { "H-31", "/ptype", EACCES },
	{ "H-31", "/fib_trie", EACCES },  { "H-31", "/protocols", EACCES },
	{ "H-31", "/sockstat", EACCES },  { "H-31", "/snmp", EACCES },
	{ "H-31", "/stat/arp_cache", EACCES },
	{ "H-31", "/nf_conntrack", ENOENT },
	{ "H-31", "/packet", ENOENT },	  { "H-31", "/igmp", ENOENT },
	{ "H-31", "/tcp6", ENOENT },	  { "H-31", "/wireless", ENOENT },
};

void leaks_try_files(void)
{
	static const char *const folders[] = {
		"/proc/net", "/proc/self/net", "/proc/thread-self/net", "/proc/self/root/proc/net",
	};
	char folder[PATH_BYTES];

	leaks_try_openings("", files, ARRAY_SIZE(files));
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		leaks_try_openings(folders[i], network, ARRAY_SIZE(network));
	snprintf(folder, sizeof(folder), "/proc/%d/task/%ld/net", (int)getpid(),
		 syscall(SYS_gettid));
	leaks_try_openings(folder, network, ARRAY_SIZE(network));
}
