// SPDX-License-Identifier: Apache-2.0
/* Files by which the kernel is asked or told: sysctl, usermode helpers, logs, traces. */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define KNOB(row, path) { row, "/proc/sys/" path, O_WRONLY, ENOENT }

static const struct opening openings[] = {
	{ "H-20", "/proc/meminfo", O_RDONLY, 0 },
	{ "H-20", "/proc/self/comm", O_RDWR, 0 },
	{ "H-20", "/proc/sys", O_RDONLY | O_DIRECTORY, ENOENT },
	KNOB("AS-16", "kernel/core_pattern"),
	KNOB("AS-16", "kernel/core_uses_pid"),
	KNOB("AS-16", "kernel/core_pipe_limit"),
	KNOB("AS-16", "kernel/modprobe"),
	KNOB("AS-16", "kernel/hotplug"),
	KNOB("AS-16", "kernel/poweroff_cmd"),
	KNOB("AS-16", "kernel/usermodehelper/bset"),
	KNOB("AS-16", "kernel/usermodehelper/inheritable"),
	KNOB("AS-16", "fs/suid_dumpable"),
	KNOB("AS-16", "fs/binfmt_misc/register"),
	KNOB("H-20", "kernel/kptr_restrict"),
	KNOB("H-20", "kernel/dmesg_restrict"),
	KNOB("H-20", "kernel/perf_event_paranoid"),
	KNOB("H-20", "kernel/kexec_load_disabled"),
	KNOB("H-20", "kernel/unprivileged_bpf_disabled"),
	KNOB("H-20", "kernel/modules_disabled"),
	KNOB("H-20", "kernel/io_uring_disabled"),
	KNOB("H-20", "kernel/sysrq"),
	KNOB("H-20", "kernel/randomize_va_space"),
	KNOB("H-20", "kernel/yama/ptrace_scope"),
	KNOB("H-20", "kernel/hostname"),
	KNOB("H-20", "kernel/panic"),
	KNOB("H-20", "kernel/printk"),
	KNOB("H-20", "kernel/ns_last_pid"),
	KNOB("H-20", "user/max_user_namespaces"),
	KNOB("H-20", "fs/protected_symlinks"),
	KNOB("H-20", "fs/protected_hardlinks"),
	KNOB("H-20", "vm/mmap_min_addr"),
	KNOB("H-20", "vm/overcommit_memory"),
	KNOB("H-20", "vm/drop_caches"),
	KNOB("H-20", "net/core/bpf_jit_enable"),
	KNOB("H-20", "net/ipv4/ip_forward"),
	KNOB("H-20", "net/ipv4/ip_unprivileged_port_start"),
	KNOB("H-20", "net/ipv4/ping_group_range"),
	{ "AS-19", "/proc/sysrq-trigger", O_WRONLY, ENOENT },
	{ "AS-16", "/sys/kernel/uevent_helper", O_WRONLY, ENOENT },
	{ "H-74", "/sys/kernel/debug", O_RDONLY, ENOENT },
	{ "H-74", "/sys/kernel/tracing", O_RDONLY, ENOENT },
	{ "H-74", "/sys/kernel/security", O_RDONLY, ENOENT },
	{ "H-74", "/sys/fs/cgroup", O_RDONLY, ENOENT },
	{ "H-74", "/sys", O_RDONLY, ENOENT },
	{ "H-74", "/proc/kmsg", O_RDONLY, EACCES },
	{ "H-74", "/proc/slabinfo", O_RDONLY, ENOENT },
	{ "H-74", "/proc/vmallocinfo", O_RDONLY, EACCES },
	{ "H-74", "/proc/config.gz", O_RDONLY, ENOENT },
	{ "H-04", "/proc/kcore", O_RDONLY, ENOENT },
	{ "H-04", "/proc/vmcore", O_RDONLY, ENOENT },
	{ "H-04", "/proc/kallsyms", O_RDONLY, ENOENT },
	{ "H-04", "/proc/modules", O_RDONLY, ENOENT },
	{ "H-04", "/proc/timer_list", O_RDONLY, EACCES },
	{ "H-04", "/proc/sched_debug", O_RDONLY, ENOENT },
	{ "H-04", "/proc/kpagecount", O_RDONLY, EACCES },
	{ "H-04", "/proc/kpageflags", O_RDONLY, EACCES },
	{ "H-04", "/proc/pagetypeinfo", O_RDONLY, EACCES },
	{ "H-04", "/proc/keys", O_RDONLY, ENOENT },
	{ "H-04", "/proc/self/auxv", O_WRONLY, EACCES },
	{ "H-77", "/proc/self/uid_map", O_WRONLY, ENOENT },
	{ "H-77", "/proc/self/gid_map", O_WRONLY, ENOENT },
	{ "H-77", "/proc/self/setgroups", O_WRONLY, ENOENT },
	{ "H-77", "/proc/self/loginuid", O_WRONLY, ENOENT },
	{ "H-77", "/proc/1/oom_score_adj", O_WRONLY, ENOENT },
	{ "H-77", "/proc/1/comm", O_WRONLY, ENOENT },
};

/* What a device of apps tells about itself beyond what an app needs to know. */
static const struct opening statistics[] = {
	{ "H-74", "/proc/vmstat", O_RDONLY, EACCES },
	{ "H-74", "/proc/loadavg", O_RDONLY, EACCES },
	{ "H-74", "/proc/stat", O_RDONLY, EACCES },
	{ "H-74", "/proc/uptime", O_RDONLY, EACCES },
	{ "H-74", "/proc/version", O_RDONLY, EACCES },
};

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	attempt_close(fd);
	return written < 0 ? -1 : 0;
}

static int be_killed_first(void) { return write_text("/proc/self/oom_score_adj", "1000"); }
static int be_killed_last(void) { return write_text("/proc/self/oom_score_adj", "-1000"); }
static int be_killed_like_system(void) { return write_text("/proc/self/oom_score_adj", "0"); }
static int be_killed_later(void) { return write_text("/proc/self/oom_score_adj", "-1"); }
static int be_killed_later_by_task(void)
{
	return write_text("/proc/thread-self/oom_score_adj", "-17");
}

/* No file in the root of procfs can be written to, whatever it is. */
static int write_to_procfs(void)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;
	unsigned int count = 0;
	char path[64];

	while (folder && (entry = readdir(folder))) {
		if (entry->d_type != DT_REG)
			continue;
		snprintf(path, sizeof(path), "/proc/%.40s", entry->d_name);
		if (attempt_open(path, O_WRONLY) == 0 ||
		    (errno != EACCES && errno != EPERM))
			return calls_report(path, errno);
		count++;
	}
	errno = count > 5 ? EACCES : ENOENT;
	return -1;
}

static const struct attempt attempts[] = {
	{ "H-77", "write to any file of /proc", write_to_procfs, EACCES },
	{ "AS-19", "be the first to be killed for memory", be_killed_first, 0 },
	{ "AS-19", "be the last", be_killed_last, EACCES },
	{ "AS-19", "be as late as a system app", be_killed_like_system, EACCES },
	{ "AS-19", "be later than it was", be_killed_later, EACCES },
	{ "AS-19", "the same by its thread", be_killed_later_by_task, EACCES },
};

void try_proc(void)
{
	try_openings(openings, ARRAY_SIZE(openings));
	try_openings(statistics, ARRAY_SIZE(statistics));
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
