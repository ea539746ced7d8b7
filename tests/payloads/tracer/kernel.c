// SPDX-License-Identifier: Apache-2.0
/*
 * System calls that are told to put their result into text: the kernel, which may write anywhere,
 * must obey the protection that the program has.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "checked.h"
#include "tracer.h"

static void *text(void) { return (void *)tracer_text(); }

static int program(void) { return open(tracer_program, O_RDONLY | O_CLOEXEC); }

static int result_of(long result) { return result < 0 ? -1 : 0; }

static int read_file(void) { return result_of(read(program(), text(), 4)); }
static int read_at(void) { return result_of(pread(program(), text(), 4, 0)); }
static int read_device(void) { return result_of(read(open("/dev/urandom", O_RDONLY), text(), 4)); }
static int read_vector(void)
{
	const struct iovec vector = { text(), 4 };

	return result_of(readv(program(), &vector, 1));
}

static int read_pipe(void)
{
	int ends[2];

	if (pipe(ends) < 0 || write(ends[1], "text", 4) < 0)
		return -1;
	return result_of(read(ends[0], text(), 4));
}

static int read_proc(void) { return result_of(read(open("/proc/self/stat", O_RDONLY), text(), 4)); }

static int receive(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0 || send(ends[0], "text", 4, 0) < 0)
		return -1;
	return result_of(recv(ends[1], text(), 4, 0));
}

static int unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static int socket_name(void)
{
	socklen_t length = 4;

	return getsockname(unix_socket(), text(), &length);
}

static int socket_option(void)
{
	socklen_t length = 4;

	return getsockopt(unix_socket(), SOL_SOCKET, SO_TYPE, text(), &length);
}

static int socket_length(void)
{
	int value;

	return getsockopt(unix_socket(), SOL_SOCKET, SO_TYPE, &value, text());
}

static int random_bytes(void) { return result_of(syscall(SYS_getrandom, text(), 4, 0)); }
static int working_folder(void) { return result_of(syscall(SYS_getcwd, text(), 64)); }
static int system_name(void) { return result_of(syscall(SYS_uname, text())); }
static int system_state(void) { return result_of(syscall(SYS_sysinfo, text())); }
static int clock_value(void) { return result_of(syscall(SYS_clock_gettime32, 1, text())); }
static int long_clock_value(void) { return result_of(syscall(SYS_clock_gettime64, 1, text())); }
static int process_times(void) { return result_of(syscall(SYS_times, text())); }
static int timer_value(void) { return result_of(syscall(SYS_getitimer, 0, text())); }
static int limits(void) { return result_of(syscall(SYS_ugetrlimit, RLIMIT_CORE, text())); }
static int usage(void) { return result_of(syscall(SYS_getrusage, RUSAGE_SELF, text())); }
static int user_ids(void)
{
	return result_of(syscall(SYS_getresuid32, text(), text(), text()));
}

static int pipe_ends(void) { return result_of(syscall(SYS_pipe2, text(), 0)); }
static int socket_ends(void)
{
	return result_of(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, text()));
}

static int file_status(void) { return result_of(syscall(SYS_stat64, "/", text())); }
static int filesystem_status(void)
{
	return result_of(syscall(SYS_statfs64, "/", sizeof(struct statfs), text()));
}

static int link_target(void) { return result_of(readlink("/proc/self/exe", text(), 4)); }
static int folder_entries(void)
{
	return result_of(syscall(SYS_getdents64, open("/", O_RDONLY | O_DIRECTORY), text(), 64));
}

static int signal_mask(void)
{
	return result_of(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, text(), 8));
}

static int signal_action(void)
{
	return result_of(syscall(SYS_rt_sigaction, SIGUSR1, NULL, text(), 8));
}

static int signal_pending(void) { return result_of(syscall(SYS_rt_sigpending, text(), 8)); }

static int child_status(void)
{
	if (fork() == 0)
		_exit(0);
	return result_of(syscall(SYS_wait4, -1, text(), 0, NULL));
}

static int child_information(void)
{
	if (fork() == 0)
		_exit(0);
	return result_of(syscall(SYS_waitid, P_ALL, 0, text(), WEXITED, NULL));
}

static int events(void)
{
	struct epoll_event event = { .events = EPOLLOUT };
	int fd = epoll_create1(0);

	if (epoll_ctl(fd, EPOLL_CTL_ADD, eventfd(0, 0), &event) < 0)
		return -1;
	return result_of(syscall(SYS_epoll_wait, fd, text(), 1, 0));
}

/* Read as it is: an invalid descriptor, which is what comes out as "revents". */
static int poll_events(void) { return result_of(syscall(SYS_poll, text(), 1, 0)); }
static int select_result(void)
{
	struct timeval no_time = { 0 };

	return result_of(syscall(SYS__newselect, 1, text(), NULL, NULL, &no_time));
}

static int futex_operation(void)
{
	static uint32_t other;

	return result_of(syscall(SYS_futex, &other, FUTEX_WAKE_OP, 1, 1, text(),
				 FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 0)));
}

static int futex_lock(void)
{
	return result_of(syscall(SYS_futex, text(), FUTEX_LOCK_PI, 0, NULL, NULL, 0));
}

static int robust_list(void)
{
	return result_of(syscall(SYS_get_robust_list, 0, text(), text()));
}

static int scheduling(void) { return result_of(syscall(SYS_sched_getparam, 0, text())); }
static int affinity(void) { return result_of(syscall(SYS_sched_getaffinity, 0, 4, text())); }
static int death_signal(void) { return result_of(syscall(SYS_prctl, 2, text(), 0, 0, 0)); }
static int task_name(void) { return result_of(syscall(SYS_prctl, 16, text(), 0, 0, 0)); }
static int identity(void) { return result_of(syscall(459, 100, text(), text(), 0)); }

/* Written when nobody waits for the result: the call works, and text stays as it is. */
static int leave(void *unused)
{
	(void)unused;
	return 0;
}

static int clone_with(int flags)
{
	static char stack[4096] __attribute__((aligned(8)));
	int status;
	pid_t pid = clone(leave, stack + sizeof(stack), flags | CLONE_VM | SIGCHLD, NULL, text(),
			  NULL, text());

	return pid < 0 || waitpid(pid, &status, 0) != pid ? -1 : 0;
}

static int child_number(void) { return clone_with(CLONE_PARENT_SETTID); }
static int child_number_in_child(void) { return clone_with(CLONE_CHILD_SETTID); }
static int child_end(void) { return clone_with(CLONE_CHILD_CLEARTID); }

/* The kernel walks the list of a thread that died and marks what it held. */
static int die_with_robust_list(void *unused)
{
	static struct robust_list_head head;

	(void)unused;
	head.list.next = (struct robust_list *)text();
	head.list_op_pending = (struct robust_list *)text();
	syscall(SYS_set_robust_list, &head, sizeof(head));
	return 0;
}

static int robust_death(void)
{
	static char stack[4096] __attribute__((aligned(8)));
	int status;
	pid_t pid = clone(die_with_robust_list, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

	return pid < 0 || waitpid(pid, &status, 0) != pid ? -1 : 0;
}

static void handle(int number)
{
	(void)number;
}

/* The frame of a signal on a stack in text; who does this ends with SIGSEGV. */
static int take_signal_on_text(void)
{
	const stack_t stack = { .ss_sp = text(), .ss_size = 8192 };
	const struct sigaction action = { .sa_handler = handle, .sa_flags = SA_ONSTACK };

	if (sigaltstack(&stack, NULL) < 0 || sigaction(SIGUSR1, &action, NULL) < 0)
		return -1;
	return raise(SIGUSR1);
}

static int signal_frame(void) { return attempt_in_child(take_signal_on_text); }

#define RESULT(what, function) { "AS-05", "into text: " what, function, EFAULT }

static const struct attempt attempts[] = {
	RESULT("a file", read_file),
	RESULT("a file at an offset", read_at),
	RESULT("a file by a vector", read_vector),
	RESULT("a device", read_device),
	RESULT("a pipe", read_pipe),
	RESULT("a file of /proc", read_proc),
	RESULT("a datagram", receive),
	RESULT("the name of a socket", socket_name),
	RESULT("an option of a socket", socket_option),
	RESULT("the length of an option", socket_length),
	RESULT("random bytes", random_bytes),
	RESULT("the working folder", working_folder),
	RESULT("the name of the system", system_name),
	RESULT("the state of the system", system_state),
	RESULT("a clock", clock_value),
	RESULT("a clock of 64 bits", long_clock_value),
	RESULT("times", process_times),
	RESULT("a timer", timer_value),
	RESULT("a limit", limits),
	RESULT("usage", usage),
	RESULT("user ids", user_ids),
	RESULT("the ends of a pipe", pipe_ends),
	RESULT("the ends of a socket pair", socket_ends),
	RESULT("the status of a file", file_status),
	RESULT("the status of a filesystem", filesystem_status),
	RESULT("the target of a link", link_target),
	RESULT("the entries of a folder", folder_entries),
	RESULT("a signal mask", signal_mask),
	RESULT("a signal action", signal_action),
	RESULT("pending signals", signal_pending),
	RESULT("the status of a child", child_status),
	RESULT("information about a child", child_information),
	RESULT("an event", events),
	RESULT("what poll() found", poll_events),
	RESULT("what select() found", select_result),
	RESULT("the operation of a futex", futex_operation),
	RESULT("the lock of a futex", futex_lock),
	RESULT("the robust list", robust_list),
	RESULT("scheduling", scheduling),
	RESULT("affinity", affinity),
	RESULT("the signal of its parent's death", death_signal),
	RESULT("its name", task_name),
	RESULT("its identity", identity),
	{ "AS-05", "a child's number into text", child_number, 0 },
	{ "AS-05", "a child's number into its text", child_number_in_child, 0 },
	{ "AS-05", "the end of a child into text", child_end, 0 },
	{ "AS-05", "a robust list in text at the death of its owner", robust_death, 0 },
	{ "AS-05", "the frame of a signal into text", signal_frame, EINTR },
};

void tracer_try_kernel(void)
{
	checked_all(attempts, ARRAY_SIZE(attempts));
}
