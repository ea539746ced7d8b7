// SPDX-License-Identifier: Apache-2.0
/*
 * Other processes: everything by which one can signal, change or ask another is tried on every
 * process number from 1 on that is not its own, and on its own child as the positive control.
 */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define LAST_PID	300

/* system/appman/limits.h. */
#define FIRST_USER	10000
#define USERS		16

/* Time enough for a signal to kill and for the dead to be reaped. */
static const struct timespec moment = { .tv_nsec = 50000000 };
#define MOMENTS_MAX	100

static int by_kill(pid_t pid) { return kill(pid, 0); }
static int by_continue(pid_t pid) { return kill(pid, SIGCONT); }
/* -1 would be everybody. */
static int by_group(pid_t pid) { return kill(pid == 1 ? -2 : -pid, SIGCONT); }
static int by_tkill(pid_t pid) { return (int)syscall(__NR_tkill, pid, 0); }
static int by_tgkill(pid_t pid) { return (int)syscall(__NR_tgkill, pid, pid, 0); }

static void fill(siginfo_t *info)
{
	memset(info, 0, sizeof(*info));
	info->si_signo = SIGCONT;
	info->si_code = SI_QUEUE;
	info->si_pid = getpid();
	info->si_uid = getuid();
}

static int by_queue(pid_t pid)
{
	siginfo_t info;

	fill(&info);
	return (int)syscall(__NR_rt_sigqueueinfo, pid, SIGCONT, &info);
}

static int by_thread_queue(pid_t pid)
{
	siginfo_t info;

	fill(&info);
	return (int)syscall(__NR_rt_tgsigqueueinfo, pid, pid, SIGCONT, &info);
}

/* A forged origin: as if the kernel had sent it. */
static int by_forged_queue(pid_t pid)
{
	siginfo_t info;

	fill(&info);
	info.si_code = SI_KERNEL;
	return (int)syscall(__NR_rt_sigqueueinfo, pid, SIGCONT, &info);
}

static int with_descriptor(pid_t pid, int (*act)(int fd))
{
	int fd = (int)syscall(__NR_pidfd_open, pid, 0);
	int result = fd < 0 ? -1 : act(fd);

	attempt_close(fd);
	return result;
}

static int signal_descriptor(int fd)
{
	return (int)syscall(__NR_pidfd_send_signal, fd, SIGCONT, NULL, 0);
}
static int signal_group_of_descriptor(int fd)
{
	/* PIDFD_SIGNAL_PROCESS_GROUP */
	return (int)syscall(__NR_pidfd_send_signal, fd, SIGCONT, NULL, 4);
}
static int take_file(int fd) { return (int)syscall(__NR_pidfd_getfd, fd, 0, 0); }
static int advise(int fd)
{
	static char page[8192];
	const struct iovec part = { page, sizeof(page) };

	/* MADV_PAGEOUT */
	return (int)syscall(__NR_process_madvise, fd, &part, 1, 21, 0);
}

static int by_descriptor(pid_t pid) { return with_descriptor(pid, signal_descriptor); }
static int by_group_descriptor(pid_t pid)
{
	return with_descriptor(pid, signal_group_of_descriptor);
}
static int by_taking_a_file(pid_t pid) { return with_descriptor(pid, take_file); }
static int by_advice(pid_t pid) { return with_descriptor(pid, advise); }

static int by_nice(pid_t pid) { return setpriority(PRIO_PROCESS, pid, 5); }
static int by_group_nice(pid_t pid) { return setpriority(PRIO_PGRP, pid, 5); }
static int by_policy(pid_t pid)
{
	const struct sched_param parameters = { 0 };

	return (int)syscall(__NR_sched_setscheduler, pid, SCHED_BATCH, &parameters);
}
static int by_parameters(pid_t pid)
{
	const struct sched_param parameters = { 0 };

	return (int)syscall(__NR_sched_setparam, pid, &parameters);
}
static int by_attributes(pid_t pid)
{
	static const uint32_t attributes[12] = { sizeof(attributes) };

	return (int)syscall(__NR_sched_setattr, pid, attributes, 0);
}
static int by_affinity(pid_t pid)
{
	static const unsigned long first = 1;

	return (int)syscall(__NR_sched_setaffinity, pid, sizeof(first), &first);
}
static int by_limit(pid_t pid)
{
	const struct rlimit limit = { 32, 32 };

	return prlimit(pid, RLIMIT_NOFILE, &limit, NULL);
}
static int by_group_change(pid_t pid) { return setpgid(pid, pid); }

static int ask_limit(pid_t pid)
{
	struct rlimit limit;

	return prlimit(pid, RLIMIT_NOFILE, NULL, &limit);
}
static int ask_policy(pid_t pid) { return (int)syscall(__NR_sched_getscheduler, pid); }
static int ask_parameters(pid_t pid)
{
	struct sched_param parameters;

	return (int)syscall(__NR_sched_getparam, pid, &parameters);
}
static int ask_attributes(pid_t pid)
{
	static uint32_t attributes[14];

	return (int)syscall(__NR_sched_getattr, pid, attributes, sizeof(attributes), 0);
}
static int ask_affinity(pid_t pid)
{
	unsigned long mask;

	return (int)syscall(__NR_sched_getaffinity, pid, sizeof(mask), &mask);
}
static int ask_interval(pid_t pid)
{
	int64_t interval[2];

	return (int)syscall(__NR_sched_rr_get_interval_time64, pid, interval);
}
static int ask_group(pid_t pid) { return getpgid(pid) < 0 ? -1 : 0; }
static int ask_session(pid_t pid) { return getsid(pid) < 0 ? -1 : 0; }
static int ask_robust_list(pid_t pid)
{
	void *head;
	size_t length;

	return (int)syscall(__NR_get_robust_list, pid, &head, &length);
}

static const struct route {
	const char *row;
	const char *what;
	int (*reach)(pid_t pid);
	int others;	/* errno */
	int own;	/* errno, 0: works */
} routes[] = {
	{ "AS-15", "kill", by_kill, EPERM, 0 },
	{ "AS-15", "kill: continue", by_continue, EPERM, 0 },
	{ "AS-15", "tkill", by_tkill, EPERM, 0 },
	{ "AS-15", "tgkill", by_tgkill, EPERM, 0 },
	{ "AS-15", "sigqueue", by_queue, EPERM, 0 },
	{ "AS-15", "sigqueue to a thread", by_thread_queue, EPERM, 0 },
	{ "AS-15", "sigqueue in the name of the kernel", by_forged_queue, EPERM, EPERM },
	{ "AS-15", "pidfd_send_signal", by_descriptor, EPERM, 0 },
	{ "AS-15", "pidfd_send_signal to its group", by_group_descriptor, EPERM, ESRCH },
	{ "AS-15", "kill its group", by_group, EPERM, ESRCH },
	{ "AS-15", "pidfd_getfd", by_taking_a_file, EPERM, EPERM },
	{ "AS-15", "setpriority", by_nice, EPERM, 0 },
	{ "AS-15", "setpriority of its group", by_group_nice, EPERM, ESRCH },
	{ "AS-15", "sched_setscheduler", by_policy, EPERM, 0 },
	{ "AS-15", "sched_setparam", by_parameters, EPERM, 0 },
	{ "AS-15", "sched_setattr", by_attributes, EPERM, EPERM },
	{ "AS-15", "sched_setaffinity", by_affinity, EPERM, 0 },
	{ "AS-15", "prlimit", by_limit, EPERM, 0 },
	{ "AS-15", "prlimit, reading", ask_limit, EPERM, 0 },
	{ "AS-15", "setpgid", by_group_change, ESRCH, EPERM },
	{ "AS-15", "getpgid", ask_group, EPERM, 0 },
	{ "AS-15", "getsid", ask_session, EPERM, 0 },
	{ "AS-15", "sched_getscheduler", ask_policy, EPERM, 0 },
	{ "AS-15", "sched_getparam", ask_parameters, EPERM, 0 },
	{ "AS-15", "sched_getattr", ask_attributes, EPERM, 0 },
	{ "AS-15", "sched_getaffinity", ask_affinity, EPERM, 0 },
	{ "AS-15", "sched_rr_get_interval", ask_interval, EPERM, 0 },
	{ "AS-15", "get_robust_list", ask_robust_list, EPERM, 0 },
};

static const struct route *route;

static int is_own(pid_t pid) { return pid == getpid() || pid == getppid(); }

/*
 * None lets it in, and some say EPERM.  Numbers of nobody say ESRCH, and some threads of the kernel
 * EINVAL: what was asked for is nothing for them, before rights are looked at.
 */
static int reach_others(void)
{
	unsigned int refusals = 0;

	for (pid_t pid = 1; pid <= LAST_PID; pid++) {
		if (is_own(pid))
			continue;
		if (route->reach(pid) >= 0)
			return calls_report(route->what, pid);
		if (errno == EPERM)
			refusals++;
		else if (errno != ESRCH && errno != EINVAL)
			return -1;
	}
	errno = refusals ? EPERM : ESRCH;
	return -1;
}

static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void end_child(pid_t pid)
{
	int error = errno;

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
}

static int reach_own(void)
{
	pid_t child = start_child();
	int result = route->reach(child);

	end_child(child);
	return result;
}

static void try_routes(void)
{
	char what[64];

	for (route = routes; route < routes + ARRAY_SIZE(routes); route++) {
		const struct attempt attempts[] = {
			{ route->row, what, reach_others, route->others },
			{ route->row, what, reach_own, route->own },
		};

		snprintf(what, sizeof(what), "others by %s", route->what);
		attempt_all(&attempts[0], 1);
		snprintf(what, sizeof(what), "its child by %s", route->what);
		attempt_all(&attempts[1], 1);
	}
}

/*
 * Signals that the kernel sends for a file, to the owner that the file was given.  Giving it one is
 * free; what counts is who is dead afterwards.
 */
static int own_by_fcntl(int fd, pid_t pid) { return fcntl(fd, F_SETOWN, pid); }
static int own_by_group(int fd, pid_t pid) { return fcntl(fd, F_SETOWN, -pid); }
static int own_by_thread(int fd, pid_t pid)
{
	const struct f_owner_ex owner = { F_OWNER_TID, pid };

	return fcntl(fd, F_SETOWN_EX, &owner);
}
static int own_by_ioctl(int fd, pid_t pid) { return ioctl(fd, SIOCSPGRP, &pid); }
static int own_by_file_ioctl(int fd, pid_t pid) { return ioctl(fd, FIOSETOWN, &pid); }

static int (*own)(int fd, pid_t pid);

static int send_by_file(pid_t pid)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	if (own(ends[0], pid) == 0 && fcntl(ends[0], F_SETSIG, SIGKILL) == 0 &&
	    fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) == 0)
		(void)!write(ends[1], "x", 1);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static int is_there(pid_t pid) { return kill(pid, 0) == 0 || errno == EPERM; }

static int kill_others_by_file(void)
{
	static unsigned char there[LAST_PID + 1];

	for (pid_t pid = 1; pid <= LAST_PID; pid++) {
		if (is_own(pid) || !is_there(pid))
			continue;
		there[pid] = 1;
		if (send_by_file(pid) < 0)
			return -1;
	}
	nanosleep(&moment, NULL);
	for (pid_t pid = 1; pid <= LAST_PID; pid++)
		if (there[pid] && !is_there(pid))
			return calls_report("a signal by a file", pid);
	errno = there[1] ? EPERM : ESRCH;
	return -1;
}

static int kill_child_by_file(void)
{
	pid_t child = start_child();
	int status = 0;

	if (send_by_file(child) < 0) {
		end_child(child);
		return -1;
	}
	for (int i = 0; i < MOMENTS_MAX; i++) {
		nanosleep(&moment, NULL);
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? 0 : -1;
	}
	end_child(child);
	errno = 0;
	return -1;
}

static int others_by_owner(void) { own = own_by_fcntl; return kill_others_by_file(); }
static int others_by_group_owner(void) { own = own_by_group; return kill_others_by_file(); }
static int others_by_thread_owner(void) { own = own_by_thread; return kill_others_by_file(); }
static int others_by_socket_owner(void) { own = own_by_ioctl; return kill_others_by_file(); }
static int others_by_file_owner(void) { own = own_by_file_ioctl; return kill_others_by_file(); }
static int child_by_owner(void) { own = own_by_fcntl; return kill_child_by_file(); }
static int child_by_thread_owner(void) { own = own_by_thread; return kill_child_by_file(); }
static int child_by_socket_owner(void) { own = own_by_ioctl; return kill_child_by_file(); }
static int child_by_file_owner(void) { own = own_by_file_ioctl; return kill_child_by_file(); }

static int timer_to(pid_t pid)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGCONT };

	event.sigev_notify_thread_id = pid;
	return (int)syscall(__NR_timer_create, CLOCK_MONOTONIC, &event, &timer);
}

static int timer_to_first(void) { return timer_to(1); }
static int timer_to_parent(void) { return timer_to(getppid()); }
static int timer_to_self(void) { return timer_to(getpid()); }

static int advise_first(void) { return by_advice(1); }

/* The users of the other apps, of which there must be one. */
static int nicer_users(void)
{
	unsigned int refusals = 0;

	for (uid_t uid = FIRST_USER; uid < FIRST_USER + USERS; uid++) {
		if (uid == getuid())
			continue;
		if (setpriority(PRIO_USER, uid, 5) == 0)
			return calls_report("setpriority of a user", (long)uid);
		refusals += errno == EPERM;
	}
	errno = refusals ? EPERM : ESRCH;
	return -1;
}

static int open_own_child(void)
{
	pid_t child = start_child();
	int fd = (int)syscall(__NR_pidfd_open, child, 0);

	end_child(child);
	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-15", "its child by the owner of a file", child_by_owner, 0 },
	{ "AS-15", "its child by the owning thread of a file", child_by_thread_owner, 0 },
	{ "AS-15", "its child by SIOCSPGRP", child_by_socket_owner, 0 },
	{ "AS-15", "its child by FIOSETOWN", child_by_file_owner, 0 },
	{ "AS-15", "others by the owner of a file", others_by_owner, EPERM },
	{ "AS-15", "others by the owning group of a file", others_by_group_owner, EPERM },
	{ "AS-15", "others by the owning thread of a file", others_by_thread_owner, EPERM },
	{ "AS-15", "others by SIOCSPGRP", others_by_socket_owner, EPERM },
	{ "AS-15", "others by FIOSETOWN", others_by_file_owner, EPERM },
	{ "AS-15", "a timer that signals itself", timer_to_self, 0 },
	{ "AS-15", "a timer that signals pid 1", timer_to_first, EINVAL },
	{ "AS-15", "a timer that signals its parent", timer_to_parent, EINVAL },
	{ "AS-15", "a descriptor of its child", open_own_child, 0 },
	{ "AS-15", "page out the memory of pid 1", advise_first, ENOSYS },
	{ "AS-15", "the priority of the processes of other users", nicer_users, EPERM },
};

void try_others(void)
{
	try_routes();
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
