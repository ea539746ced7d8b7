// SPDX-License-Identifier: Apache-2.0
/* The own identity: read by every path, set by none, kept over fork, clone and exec. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/lsm.h>
#include <linux/spherule.h>

#include "attempt.h"
#include "identity.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know them yet. */
#define SYS_LSM_GET_SELF_ATTR	459
#define SYS_LSM_SET_SELF_ATTR	460

#define PATH_BYTES	64

static const char nil_identity[] = "CID: 00000000-0000-0000-0000-000000000000\n"
				   "TID: 00000000-0000-0000-0000-000000000000\n"
				   "CAPS: 00000000\n";

/* The kernel rounds up what it gives. */
union attribute {
	struct lsm_ctx context;
	char bytes[sizeof(struct lsm_ctx) + SPHERULE_IDENTITY_BYTES + sizeof(long)];
};

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	attempt_close(fd);
	return written < 0 ? -1 : 0;
}

static int is_own_by_number(const char *format, long number)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), format, number);
	return identity_is_own(path);
}

static int current_is_own(void) { return identity_is_own("/proc/self/attr/current"); }
static int thread_is_own(void) { return identity_is_own("/proc/thread-self/attr/current"); }
static int number_is_own(void) { return is_own_by_number("/proc/%ld/attr/current", getpid()); }
static int task_is_own(void)
{
	return is_own_by_number("/proc/self/task/%ld/attr/current", syscall(SYS_gettid));
}
static int parent_is_own(void) { return is_own_by_number("/proc/%ld/attr/current", getppid()); }
static int manager_is_seen(void) { return identity_is_own("/proc/1/attr/current"); }
static int manager_task_is_seen(void) { return identity_is_own("/proc/1/task/1/attr/current"); }

static int own_by_call(void)
{
	union attribute attribute = { 0 };
	uint32_t size = sizeof(attribute.bytes);

	if (syscall(SYS_LSM_GET_SELF_ATTR, LSM_ATTR_CURRENT, &attribute, &size, 0u) != 1)
		return -1;
	errno = EBADMSG;
	return memcmp(attribute.context.ctx, identity_own, SPHERULE_IDENTITY_BYTES) ? -1 : 0;
}

static int next_by_call(void)
{
	union attribute attribute = { 0 };
	uint32_t size = sizeof(attribute.bytes);

	return (int)syscall(SYS_LSM_GET_SELF_ATTR, LSM_ATTR_EXEC, &attribute, &size, 0u);
}

static int set_by_call(unsigned int which, const char *text)
{
	union attribute attribute = { .context = {
		.id = LSM_ID_SPHERULE,
		.len = sizeof(attribute.bytes),
		.ctx_len = SPHERULE_IDENTITY_BYTES,
	} };

	memcpy(attribute.context.ctx, text, SPHERULE_IDENTITY_BYTES);
	return (int)syscall(SYS_LSM_SET_SELF_ATTR, which, &attribute, sizeof(attribute.bytes), 0u);
}

static int set_current(void) { return write_file("/proc/self/attr/current", identity_other); }
static int set_next(void) { return write_file("/proc/self/attr/exec", identity_other); }
static int set_next_of_thread(void)
{
	return write_file("/proc/thread-self/attr/exec", identity_other);
}
static int set_next_to_same(void) { return write_file("/proc/self/attr/exec", identity_own); }
static int set_next_to_nil(void) { return write_file("/proc/self/attr/exec", nil_identity); }
static int set_next_to_nonsense(void) { return write_file("/proc/self/attr/exec", "CID: x"); }
static int set_for_files(void) { return write_file("/proc/self/attr/fscreate", identity_other); }
static int set_for_sockets(void)
{
	return write_file("/proc/self/attr/sockcreate", identity_other);
}
static int set_previous(void) { return write_file("/proc/self/attr/prev", identity_other); }
static int set_next_by_call(void) { return set_by_call(LSM_ATTR_EXEC, identity_other); }
static int set_same_by_call(void) { return set_by_call(LSM_ATTR_EXEC, identity_own); }
static int set_current_by_call(void) { return set_by_call(LSM_ATTR_CURRENT, identity_other); }

/* What a child does, and what it is when it executes this program again. */
static int execute_again(void)
{
	execl(identity_program, identity_program, IDENTITY_CHILD_ARGUMENT, (char *)NULL);
	return -1;
}

static int set_and_execute(void)
{
	set_next();
	set_next_by_call();
	return execute_again();
}

static int child_is_own(void) { return attempt_in_child(current_is_own); }
static int child_is_own_after_exec(void) { return attempt_in_child(execute_again); }
static int child_is_own_after_trying(void) { return attempt_in_child(set_and_execute); }
static int child_sets_next(void) { return attempt_in_child(set_next); }
static int child_sets_next_by_call(void) { return attempt_in_child(set_next_by_call); }

static int vforked_is_own_after_exec(void)
{
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		execl(identity_program, identity_program, IDENTITY_CHILD_ARGUMENT, (char *)NULL);
		_exit(ENOEXEC);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static void *ask_in_thread(void *result)
{
	*(int *)result = thread_is_own() < 0 || set_next_of_thread() == 0 ? EBADMSG : 0;
	return NULL;
}

static int other_thread_is_own(void)
{
	int result = EAGAIN;
	pthread_t thread;

	if (pthread_create(&thread, NULL, ask_in_thread, &result) == 0)
		pthread_join(thread, NULL);
	errno = result;
	return result ? -1 : 0;
}

/* A child that waits, for its parent to look at it. */
static int with_child(int (*act)(const char *format, long number), const char *format)
{
	pid_t pid = fork();
	int result, error;

	if (pid == 0)
		for (;;)
			pause();
	result = act(format, pid);
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return result;
}

static int set_by_number(const char *format, long number)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), format, number);
	return write_file(path, identity_other);
}

static int read_child(void) { return with_child(is_own_by_number, "/proc/%ld/attr/current"); }
static int set_next_of_child(void) { return with_child(set_by_number, "/proc/%ld/attr/exec"); }
static int set_current_of_child(void)
{
	return with_child(set_by_number, "/proc/%ld/attr/current");
}

static const struct attempt attempts[] = {
	{ "O2", "read its identity", current_is_own, 0 },
	{ "O2", "read it of its thread", thread_is_own, 0 },
	{ "O2", "read it of its task", task_is_own, 0 },
	{ "O2", "read it by its number", number_is_own, 0 },
	{ "O2", "read it by the system call", own_by_call, 0 },
	{ "O2", "read that of its parent, the same app", parent_is_own, 0 },
	{ "O2", "read that of its child", read_child, 0 },
	{ "O2", "read the next one by the system call", next_by_call, EOPNOTSUPP },
	{ "O2", "read that of the manager", manager_is_seen, ENOENT },
	{ "O2", "read that of the manager's task", manager_task_is_seen, ENOENT },
	{ "O3", "change it", set_current, EPERM },
	{ "O3", "change it by the system call", set_current_by_call, EPERM },
	{ "O3", "set it for the next program", set_next, EPERM },
	{ "O3", "the same by its thread", set_next_of_thread, EPERM },
	{ "O3", "the same by the system call", set_next_by_call, EPERM },
	{ "O3", "the same by its child", child_sets_next, EPERM },
	{ "O3", "the same by its child and the system call", child_sets_next_by_call, EPERM },
	{ "O3", "set what it has already", set_next_to_same, EPERM },
	{ "O3", "set what it has already by the system call", set_same_by_call, EPERM },
	{ "O3", "set that of the manager", set_next_to_nil, EPERM },
	{ "O3", "set nonsense", set_next_to_nonsense, EPERM },
	{ "O3", "set it for its files", set_for_files, EPERM },
	{ "O3", "set it for its sockets", set_for_sockets, EPERM },
	{ "O3", "set the previous one", set_previous, EACCES },
	{ "O3", "set it for the next program of its child", set_next_of_child, EPERM },
	{ "O3", "change that of its child", set_current_of_child, EPERM },
	{ "O3", "still have it", current_is_own, 0 },
	{ "O3", "inherit it by fork", child_is_own, 0 },
	{ "O3", "inherit it in a thread", other_thread_is_own, 0 },
	{ "O3", "inherit it by exec", child_is_own_after_exec, 0 },
	{ "O3", "inherit it by vfork and exec", vforked_is_own_after_exec, 0 },
	{ "O3", "inherit it by exec after trying another", child_is_own_after_trying, 0 },
};

void identity_try_own(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
