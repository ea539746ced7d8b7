// SPDX-License-Identifier: Apache-2.0
/*
 * The memory files of /proc, opened for writing by every path that leads to one: of itself, of its
 * threads, of its parent and of its children.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "target.h"
#include "tracer.h"

#define PATH_BYTES 96

/* Every combination of open(2) that could write, but what makes a new file. */
static const int writing[] = {
	O_WRONLY,
	O_RDWR,
	O_WRONLY | O_APPEND,
	O_RDWR | O_TRUNC,
	O_RDWR | O_CREAT,
	O_RDWR | O_SYNC | O_NONBLOCK | O_NOCTTY,
	O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_LARGEFILE,
};

/* What opens @path, with one of these. */
static int (*opener)(const char *path, int flags);

static int by_path(const char *path, int flags) { return open(path, flags, 0600); }

static int relative_to(int folder, const char *path, int flags)
{
	int fd = openat(folder, path, flags, 0600);

	attempt_close(folder);
	return fd;
}

static int by_folder(const char *path, int flags)
{
	return relative_to(open("/proc", O_RDONLY | O_DIRECTORY), path + sizeof("/proc"), flags);
}

static int by_path_folder(const char *path, int flags)
{
	return relative_to(open("/proc", O_PATH | O_DIRECTORY), path + sizeof("/proc"), flags);
}

static int by_working_folder(const char *path, int flags)
{
	return chdir("/proc") < 0 ? -1 : open(path + sizeof("/proc"), flags, 0600);
}

static int by_new_call(const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)flags,
		.mode = flags & O_CREAT ? 0600 : 0,
	};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static int reopen(int fd, int flags)
{
	char path[PATH_BYTES];

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, flags & ~O_NOFOLLOW, 0600);
	return fd;
}

static int by_path_descriptor(const char *path, int flags)
{
	return reopen(open(path, O_PATH), flags);
}

static int by_reading_descriptor(const char *path, int flags)
{
	return reopen(open(path, O_RDONLY), flags);
}

/* One path, with all flags: 0 as soon as it opens, and what is in reach is written. */
static int force(const char *path)
{
	const uint32_t word = 0xdeadbeef;

	for (size_t i = 0; i < ARRAY_SIZE(writing); i++) {
		int fd = opener(path, writing[i]);

		if (fd >= 0) {
			pwrite(fd, &word, sizeof(word), (off_t)tracer_text());
			return 0;
		}
		if (errno != EPERM)
			return -1;
	}
	errno = EPERM;
	return -1;
}

/* For formats with up to two numbers of a process or thread. */
static int force_number(const char *format, long number)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), format, number, number);
	return force(path);
}

static int self(void) { return force("/proc/self/mem"); }
static int thread(void) { return force("/proc/thread-self/mem"); }
static int process(void) { return force_number("/proc/%ld/mem", getpid()); }
static int task(void) { return force_number("/proc/self/task/%ld/mem", syscall(SYS_gettid)); }
static int task_of_process(void) { return force_number("/proc/%ld/task/%ld/mem", getpid()); }
static int task_of_thread(void)
{
	return force_number("/proc/thread-self/../../task/%ld/mem", syscall(SYS_gettid));
}
static int detour(void) { return force("/proc/self/task/../../self/./mem"); }
static int slashes(void) { return force("/proc/self///mem"); }
static int by_root(void) { return force("/proc/self/root/proc/self/mem"); }
static int by_working_link(void)
{
	return chdir("/proc") < 0 ? -1 : force("/proc/self/cwd/self/mem");
}
static int by_folder_link(void)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/self/fd/%d/mem",
		 open("/proc/self", O_RDONLY | O_DIRECTORY));
	return force(path);
}
static int parent(void) { return force_number("/proc/%ld/mem", getppid()); }
static int task_of_parent(void) { return force_number("/proc/%ld/task/%ld/mem", getppid()); }

static int force_child(pid_t child) { return force_number("/proc/%ld/mem", child); }
static int force_task_of_child(pid_t child)
{
	return force_number("/proc/%ld/task/%ld/mem", child);
}
static int child(void) { return target_act(force_child); }
static int task_of_child(void) { return target_act(force_task_of_child); }

static const char *thread_format;
static void *force_thread(void *result)
{
	*(int *)result = force_number(thread_format, syscall(SYS_gettid)) < 0 ? errno : 0;
	return NULL;
}

static int by_thread(const char *format)
{
	int result = EAGAIN;
	pthread_t other;

	thread_format = format;
	if (pthread_create(&other, NULL, force_thread, &result) == 0)
		pthread_join(other, NULL);
	errno = result;
	return result ? -1 : 0;
}

static int other_thread(void) { return by_thread("/proc/self/task/%ld/mem"); }
static int other_thread_by_number(void) { return by_thread("/proc/%ld/mem"); }

/* A child with the same memory: what is done to it is done to us. */
static int force_parent_shared(void *unused)
{
	(void)unused;
	return force_number("/proc/%ld/mem", getppid()) < 0 ? errno : 0;
}

static int sharing_child(void)
{
	static char stack[16384] __attribute__((aligned(8)));
	int status;
	pid_t pid = clone(force_parent_shared, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static const struct path {
	const char *row, *what;
	int (*try)(void);
} paths[] = {
	{ "AS-02", "its memory", self },
	{ "AS-03", "that of its thread", thread },
	{ "AS-03", "that of its process by number", process },
	{ "AS-03", "that of its task", task },
	{ "AS-03", "that of its task by number", task_of_process },
	{ "AS-03", "that of its task through its thread", task_of_thread },
	{ "AS-03", "that of another thread", other_thread },
	{ "AS-03", "that of another thread by number", other_thread_by_number },
	{ "AS-03", "its memory by a detour", detour },
	{ "AS-03", "its memory by many slashes", slashes },
	{ "AS-03", "its memory through its root", by_root },
	{ "AS-03", "its memory through its working folder", by_working_link },
	{ "AS-03", "its memory through a descriptor of the folder", by_folder_link },
	{ "AS-03", "that of its parent", parent },
	{ "AS-03", "that of the task of its parent", task_of_parent },
	{ "AS-03", "that of its child", child },
	{ "AS-03", "that of the task of its child", task_of_child },
	{ "AS-03", "its memory by a child that shares it", sharing_child },
};

static const struct way {
	const char *what;
	int (*open)(const char *path, int flags);
} ways[] = {
	{ "by its path", by_path },
	{ "relative to a folder", by_folder },
	{ "relative to a path's descriptor", by_path_folder },
	{ "in its working folder", by_working_folder },
	{ "by openat2()", by_new_call },
	{ "through a path's descriptor", by_path_descriptor },
};

/* Reading: of itself no harm, of others nobody's. */
static uint32_t marker = 0x600dda7a;

static int read_marker(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint32_t word = 0;

	if (fd < 0)
		return -1;
	if (pread(fd, &word, sizeof(word), (off_t)(uintptr_t)&marker) != sizeof(word))
		return -1;
	errno = EBADMSG;
	return word == marker ? 0 : -1;
}

static int read_number(pid_t pid)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	return read_marker(path);
}

static int read_self(void) { return read_marker("/proc/self/mem"); }
static int read_thread(void) { return read_marker("/proc/thread-self/mem"); }
static int read_child(void) { return target_act(read_number); }
static int read_parent(void) { return read_number(getppid()); }

static const struct attempt reading[] = {
	{ "AS-02", "read its memory", read_self, 0 },
	{ "AS-03", "read that of its thread", read_thread, 0 },
	{ "AS-15", "read that of its child", read_child, EACCES },
	{ "AS-15", "read that of its parent", read_parent, EACCES },
};

static void try_path(const struct path *path, const struct way *way)
{
	char what[96];
	const struct attempt attempt = { path->row, what, path->try, EPERM };

	opener = way->open;
	snprintf(what, sizeof(what), "write to %s, %s", path->what, way->what);
	checked_all(&attempt, 1);
}

void tracer_try_memory(void)
{
	/* Only a file of its own or of its thread can be read first. */
	static const struct way reopened = { "reopened from a reading descriptor",
					     by_reading_descriptor };

	checked_all(reading, ARRAY_SIZE(reading));
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		for (size_t j = 0; j < ARRAY_SIZE(paths); j++)
			try_path(&paths[j], &ways[i]);
	try_path(&paths[0], &reopened);
	try_path(&paths[1], &reopened);
}
