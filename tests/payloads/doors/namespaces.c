// SPDX-License-Identifier: Apache-2.0
/* Namespaces: made by unshare(), clone() and clone3(), entered by setns(). */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

static const struct kind {
	const char *name;
	uint64_t flag;
} kinds[] = {
	{ "mount", CLONE_NEWNS },
	{ "host name", CLONE_NEWUTS },
	{ "IPC", CLONE_NEWIPC },
	{ "user", CLONE_NEWUSER },
	{ "pid", CLONE_NEWPID },
	{ "network", CLONE_NEWNET },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
};

static const struct kind *kind;

static int by_unshare(void) { return (int)syscall(__NR_unshare, (long)kind->flag); }

/* A user namespace once gave the right to all the others: together they are one more way. */
static int by_unshare_with_user(void)
{
	return (int)syscall(__NR_unshare, (long)(kind->flag | CLONE_NEWUSER));
}

/* The child of a clone that worked ends, and is waited for. */
static int finish(long pid)
{
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return pid < 0 ? -1 : 0;
}

static int by_clone(void)
{
	return finish(syscall(__NR_clone, (long)(kind->flag | SIGCHLD), 0L, 0L, 0L, 0L));
}

static int by_clone3(void)
{
	struct clone_args arguments = { .flags = kind->flag, .exit_signal = SIGCHLD };

	return finish(syscall(__NR_clone3, &arguments, sizeof(arguments)));
}

static const struct kind none = { "none", 0 };
static const struct kind with_its_files = { "its files", CLONE_FS | CLONE_FILES };

static const struct way {
	const char *name;
	int (*make)(void);
} ways[] = {
	{ "unshare", by_unshare },
	{ "unshare with a user namespace", by_unshare_with_user },
	{ "clone", by_clone },
	{ "clone3", by_clone3 },
};

/* clone() has CSIGNAL where clone3() has the time namespace: there it means another exit signal. */
static int is_made_by(const struct way *way, const struct kind *what)
{
	return way->make != by_clone || what->flag != CLONE_NEWTIME;
}

static void try_way(const struct way *way)
{
	char what[64];

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++) {
		const struct attempt attempt = { kind->flag == CLONE_NEWUSER ? "H-57" : "AS-07",
						 what, way->make, EPERM };

		snprintf(what, sizeof(what), "%s: %s namespace", way->name, kind->name);
		if (is_made_by(way, kind))
			attempt_all(&attempt, 1);
	}
}

static int plain_unshare(void) { kind = &with_its_files; return by_unshare(); }
static int plain_clone(void) { kind = &none; return by_clone(); }
static int plain_clone3(void) { kind = &none; return by_clone3(); }

/* Every file of /proc/self/ns; which there are depends on the configuration. */
static int enter(const char *path, int type)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -1 : (int)syscall(__NR_setns, fd, type);

	attempt_close(fd);
	return result;
}

static int enter_mount(void) { return enter("/proc/self/ns/mnt", CLONE_NEWNS); }
static int enter_mount_of_any_type(void) { return enter("/proc/self/ns/mnt", 0); }
static int enter_mount_of_thread(void) { return enter("/proc/thread-self/ns/mnt", CLONE_NEWNS); }
static int enter_cgroup(void) { return enter("/proc/self/ns/cgroup", CLONE_NEWCGROUP); }

/* Any that is there beside these two is a namespace that somebody compiled in. */
static int enter_others(void)
{
	static const char *const names[] = { "user", "net", "uts", "ipc", "pid",
					     "pid_for_children", "time", "time_for_children" };
	char path[48];

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		if (enter(path, 0) == 0 || errno != ENOENT)
			return -1;
	}
	errno = ENOENT;
	return -1;
}

static int enter_by_process(pid_t pid, int type)
{
	int fd = (int)syscall(__NR_pidfd_open, pid, 0);
	int result = fd < 0 ? -1 : (int)syscall(__NR_setns, fd, type);

	attempt_close(fd);
	return result;
}

static int enter_own_by_process(void) { return enter_by_process(getpid(), CLONE_NEWNS); }
static int enter_first_by_process(void) { return enter_by_process(1, CLONE_NEWNS); }

/* clone3() can also choose the process number, and the cgroup by a descriptor. */
static int choose_number(void)
{
	pid_t number = 3999;	/* within what a small kernel has */
	struct clone_args arguments = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&number,
		.set_tid_size = 1,
	};

	return finish(syscall(__NR_clone3, &arguments, sizeof(arguments)));
}

static int choose_cgroup(void)
{
	struct clone_args arguments = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = STDIN_FILENO,
	};

	return finish(syscall(__NR_clone3, &arguments, sizeof(arguments)));
}

static const struct attempt attempts[] = {
	{ "AS-07", "unshare its files", plain_unshare, EPERM },
	{ "AS-07", "clone", plain_clone, 0 },
	{ "AS-07", "clone3", plain_clone3, 0 },
	{ "H-92", "enter its own mount namespace", enter_mount, EPERM },
	{ "H-92", "the same without saying the type", enter_mount_of_any_type, EPERM },
	{ "H-92", "the same by its thread", enter_mount_of_thread, EPERM },
	{ "H-92", "the same by a process descriptor", enter_own_by_process, EPERM },
	{ "H-92", "enter that of pid 1", enter_first_by_process, EPERM },
	{ "H-92", "enter its own cgroup namespace", enter_cgroup, EPERM },
	{ "H-92", "enter others, which are not there", enter_others, ENOENT },
	{ "H-92", "choose the number of a child", choose_number, EPERM },
	{ "H-92", "choose the cgroup of a child", choose_cgroup, EBADF },
};

void try_namespaces(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++)
		try_way(&ways[i]);
}
