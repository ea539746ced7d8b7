// SPDX-License-Identifier: Apache-2.0
/* What holds an app down stays: capabilities, limits, priorities, locked memory, core dumps. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define PAGE			4096
#define SCHED_DEADLINE_POLICY	6

static int has_no_capabilities(void)
{
	static const char *const words[] = {
		"CapInh:\t0000000000000000\n", "CapPrm:\t0000000000000000\n",
		"CapEff:\t0000000000000000\n", "CapBnd:\t0000000000000000\n",
		"CapAmb:\t0000000000000000\n", "NoNewPrivs:\t1\n",
	};
	char text[2048];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	attempt_close(fd);
	text[length < 0 ? 0 : length] = '\0';
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		if (!strstr(text, words[i]))
			return -1;
	return 0;
}

static int set_capabilities(uint32_t effective, uint32_t permitted, uint32_t inheritable)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2] = { { effective, permitted, inheritable },
						  { effective, permitted, inheritable } };

	return (int)syscall(__NR_capset, &header, sets);
}

static int keep_none(void) { return set_capabilities(0, 0, 0); }
static int raise_all(void) { return set_capabilities(~0u, ~0u, ~0u); }
static int raise_effective(void) { return set_capabilities(~0u, 0, 0); }
static int raise_permitted(void) { return set_capabilities(0, ~0u, 0); }
static int raise_inheritable(void) { return set_capabilities(0, 0, ~0u); }

/* One after the other: the first that is let through counts. */
static int each_capability(int option, int operation)
{
	for (long i = 0; i <= CAP_LAST_CAP; i++) {
		long first = operation ? operation : i, second = operation ? i : 0;

		if (syscall(__NR_prctl, option, first, second, 0L, 0L) >= 0)
			return calls_report("capability", i);
		if (errno != EPERM)
			return -1;
	}
	errno = EPERM;
	return -1;
}

static int raise_ambient(void) { return each_capability(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE); }
static int drop_bounding(void) { return each_capability(PR_CAPBSET_DROP, 0); }

static int set_limit(int resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit limit = { soft, hard };

	return setrlimit(resource, &limit);
}

static int set_limit_by_prlimit(int resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit limit = { soft, hard };

	return prlimit(getpid(), resource, &limit, NULL);
}

static int lower_files(void) { return set_limit(RLIMIT_NOFILE, 32, 32); }
static int raise_files(void) { return set_limit(RLIMIT_NOFILE, 65, 65); }
static int raise_files_by_prlimit(void) { return set_limit_by_prlimit(RLIMIT_NOFILE, 65, 65); }
static int raise_files_to_any(void)
{
	return set_limit(RLIMIT_NOFILE, RLIM_INFINITY, RLIM_INFINITY);
}
static int files_beyond_hard(void) { return set_limit(RLIMIT_NOFILE, 65, 64); }
static int lower_and_raise_files(void)
{
	return lower_files() ? 0 : set_limit(RLIMIT_NOFILE, 32, 64);
}
static int open_more_files(void)
{
	int fd;

	while ((fd = dup(STDIN_FILENO)) >= 0 && fd < 64)
		;
	return fd < 0 ? -1 : 0;
}
static int raise_core(void) { return set_limit(RLIMIT_CORE, 4096, 4096); }
static int raise_core_by_prlimit(void) { return set_limit_by_prlimit(RLIMIT_CORE, 4096, 4096); }
static int core_beyond_hard(void) { return set_limit(RLIMIT_CORE, 4096, 0); }
static int raise_nice(void) { return set_limit(RLIMIT_NICE, 20, 20); }
static int raise_real_time(void) { return set_limit(RLIMIT_RTPRIO, 1, 1); }

static int set_policy(int policy, int priority)
{
	const struct sched_param parameters = { .sched_priority = priority };

	return (int)syscall(__NR_sched_setscheduler, 0, policy, &parameters);
}

/* struct sched_attr of linux/sched/types.h, which no libc header can be beside. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static int set_attributes(uint32_t policy, int nice_value, uint32_t priority)
{
	const struct attributes attributes = {
		.size = sizeof(attributes),
		.policy = policy,
		.nice = nice_value,
		.priority = priority,
		.runtime = 1000000,
		.deadline = 10000000,
		.period = 10000000,
	};

	return (int)syscall(__NR_sched_setattr, 0, &attributes, 0);
}

static int batch(void) { return set_policy(SCHED_BATCH, 0); }
static int fifo(void) { return set_policy(SCHED_FIFO, 1); }
static int round_robin(void) { return set_policy(SCHED_RR, 1); }
static int fifo_by_attributes(void) { return set_attributes(SCHED_FIFO, 0, 1); }
static int deadline(void) { return set_attributes(SCHED_DEADLINE_POLICY, 0, 0); }
static int negative_by_attributes(void) { return set_attributes(SCHED_OTHER, -5, 0); }
static int be_nicer(void) { return setpriority(PRIO_PROCESS, 0, 5); }
static int be_less_nice(void) { return setpriority(PRIO_PROCESS, 0, -5); }
static int be_less_nice_as_group(void) { return setpriority(PRIO_PGRP, 0, -5); }
static int be_less_nice_as_user(void) { return setpriority(PRIO_USER, 0, -5); }
static int come_back_from_nice(void) { return be_nicer() ? 0 : setpriority(PRIO_PROCESS, 0, 0); }
static int nice_by_call(void) { return (int)syscall(__NR_nice, -5); }

static char *pages(size_t count)
{
	return mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* application-manager leaves an app no locked memory: there is no swap to lock it against. */
static int lock_page(void) { return mlock(pages(1), PAGE); }
static int lock_on_fault(void) { return (int)syscall(__NR_mlock2, pages(1), PAGE, 1); }
static int lock_all(void) { return mlockall(MCL_CURRENT); }
static int map_locked(void)
{
	return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1,
		    0) == MAP_FAILED ? -1 : 0;
}
static int map_unlocked(void) { return pages(1) == MAP_FAILED ? -1 : 0; }
static int raise_locked(void) { return set_limit(RLIMIT_MEMLOCK, PAGE, PAGE); }

static unsigned int count_files(const char *path)
{
	DIR *folder = opendir(path);
	unsigned int count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

/* Killed as it should be, without a dump, and nothing new in its folder. */
static int crash_by(int signal)
{
	unsigned int before = count_files(".");
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		syscall(__NR_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
		raise_core();
		kill(getpid(), signal);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status) || WTERMSIG(status) != signal)
		return -1;
	return WCOREDUMP(status) || count_files(".") != before ? -1 : 0;
}

static int crash_without_dump(void)
{
	static const int signals[] = { SIGSEGV, SIGABRT, SIGQUIT, SIGBUS, SIGILL, SIGSYS, SIGTRAP,
				       SIGFPE, SIGXCPU, SIGXFSZ };

	for (unsigned int i = 0; i < ARRAY_SIZE(signals); i++)
		if (crash_by(signals[i]))
			return -1;
	return 0;
}

static const struct attempt attempts[] = {
	{ "AS-18", "it has no capabilities and no new privileges", has_no_capabilities, 0 },
	{ "AS-18", "capset: none, as before", keep_none, 0 },
	{ "AS-18", "capset: all", raise_all, EPERM },
	{ "AS-18", "capset: effective", raise_effective, EPERM },
	{ "AS-18", "capset: permitted", raise_permitted, EPERM },
	{ "AS-18", "capset: inheritable", raise_inheritable, EPERM },
	{ "AS-18", "raise any ambient capability", raise_ambient, EPERM },
	{ "AS-18", "drop any of the bounding set", drop_bounding, EPERM },

	{ "H-77", "lower its limit of files", lower_files, 0 },
	{ "H-77", "raise it", raise_files, EPERM },
	{ "H-77", "raise it by prlimit", raise_files_by_prlimit, EPERM },
	{ "H-77", "raise it to infinity", raise_files_to_any, EPERM },
	{ "H-77", "a soft limit above the hard one", files_beyond_hard, EINVAL },
	{ "H-77", "raise what it has lowered", lower_and_raise_files, EPERM },
	{ "H-77", "open more files than that", open_more_files, EMFILE },
	{ "AS-16", "raise the limit of core dumps", raise_core, EPERM },
	{ "AS-16", "raise it by prlimit", raise_core_by_prlimit, EPERM },
	{ "AS-16", "a soft limit of core dumps", core_beyond_hard, EINVAL },
	{ "AS-16", "crash, without a core dump", crash_without_dump, 0 },
	{ "H-77", "raise the limit of priorities", raise_nice, EPERM },
	{ "H-77", "raise that of real-time priorities", raise_real_time, EPERM },

	{ "H-77", "be a batch process", batch, 0 },
	{ "H-77", "SCHED_FIFO", fifo, EPERM },
	{ "H-77", "SCHED_RR", round_robin, EPERM },
	{ "H-77", "SCHED_FIFO by attributes", fifo_by_attributes, EPERM },
	{ "H-77", "SCHED_DEADLINE", deadline, EPERM },
	{ "H-77", "a negative nice value by attributes", negative_by_attributes, EPERM },
	{ "H-77", "be nicer", be_nicer, 0 },
	{ "H-77", "be less nice", be_less_nice, EACCES },
	{ "H-77", "its process group less nice", be_less_nice_as_group, EACCES },
	{ "H-77", "its user less nice", be_less_nice_as_user, EACCES },
	{ "H-77", "come back from being nicer", come_back_from_nice, EACCES },
	{ "H-77", "nice(-5)", nice_by_call, EPERM },

	{ "H-77", "map memory", map_unlocked, 0 },
	{ "H-77", "lock a page", lock_page, EPERM },
	{ "H-77", "lock a page on fault", lock_on_fault, EPERM },
	{ "H-77", "lock all", lock_all, EPERM },
	/* musl says ENOMEM where the kernel says EPERM to an anonymous mapping. */
	{ "H-77", "map locked memory", map_locked, ENOMEM },
	{ "H-77", "raise the limit of locked memory", raise_locked, EPERM },
};

#define PRCTL(row, what, expected, ...) \
	{ row, "prctl " what, expected, __NR_prctl, { __VA_ARGS__ } }

static const struct call calls[] = {
	PRCTL("AS-18", "ask for no_new_privs", 0, PR_GET_NO_NEW_PRIVS),
	PRCTL("AS-18", "set no_new_privs again", 0, PR_SET_NO_NEW_PRIVS, 1),
	PRCTL("AS-18", "clear no_new_privs", EINVAL, PR_SET_NO_NEW_PRIVS, 0),
	PRCTL("AS-18", "ask for the secure bits", 0, PR_GET_SECUREBITS),
	PRCTL("AS-18", "secure bits: root is nobody", EPERM, PR_SET_SECUREBITS, SECBIT_NOROOT),
	PRCTL("AS-18", "secure bits: keep capabilities", EPERM, PR_SET_SECUREBITS,
	      SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP),
	PRCTL("AS-18", "secure bits: none", EPERM, PR_SET_SECUREBITS, 0),
	PRCTL("AS-18", "ask for the bounding set", 0, PR_CAPBSET_READ, CAP_SYS_ADMIN),
	PRCTL("AS-18", "clear the ambient set", 0, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL),
	PRCTL("AS-16", "be dumpable as root alone", EINVAL, PR_SET_DUMPABLE, 2),
	PRCTL("H-92", "let anybody trace it", EINVAL, PR_SET_PTRACER, -1),
	PRCTL("H-92", "be the one that IO waits for", EPERM, PR_SET_IO_FLUSHER, 1),
};

void try_limits(void)
{
	try_calls(calls, ARRAY_SIZE(calls));
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
