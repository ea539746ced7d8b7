// SPDX-License-Identifier: Apache-2.0
/* Job control, terminals, names of the machine, personalities. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/tiocl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

/* linux/watch_queue.h, which no libc header can be beside. */
#define O_NOTIFICATION_PIPE	O_EXCL

static int group_of_self(void) { return setpgid(0, 0); }
static int group_of_self_by_number(void) { return setpgid(getpid(), getpid()); }
static int group_of_parent(void) { return setpgid(0, getpgid(getppid())); }
static int negative_group(void) { return setpgid(0, -1); }

/* What @act does to a child that waits. */
static int with_child(int (*act)(pid_t child))
{
	pid_t pid = fork();
	int result, error;

	if (pid == 0)
		for (;;)
			pause();
	result = act(pid);
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return result;
}

static int make_leader(pid_t child) { return setpgid(child, child); }
static int put_into_own_group(pid_t child) { return setpgid(child, getpgrp()); }
static int put_into_first_group(pid_t child) { return setpgid(child, 1); }
static int group_of_child(void) { return with_child(make_leader); }
static int child_into_own_group(void) { return with_child(put_into_own_group); }
static int child_into_first_group(void) { return with_child(put_into_first_group); }

static int group_by_child(void) { return attempt_in_child(group_of_self); }
static int new_session(void) { return setsid() < 0 ? -1 : 0; }
static int session_by_child(void) { return attempt_in_child(new_session); }
static int session_of_leader(void)
{
	/* A second time: the caller is the leader by then. */
	return new_session() < 0 ? 0 : new_session();
}

/* Every standard file of an app, with the request as it is and with bits beyond its size. */
static int by_every_file(unsigned long request)
{
	static const unsigned long further[] = { 0, 0x10000, 0x80000000 };
	char character = 'x';

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		for (unsigned int i = 0; i < ARRAY_SIZE(further); i++)
			if (syscall(__NR_ioctl, fd, request | further[i], &character) >= 0 ||
			    errno != ENOTTY)
				return -1;
	errno = ENOTTY;
	return -1;
}

static int push_input(void) { return by_every_file(TIOCSTI); }
static int console_command(void) { return by_every_file(TIOCLINUX); }
static int take_terminal(void) { return by_every_file(TIOCSCTTY); }
static int set_foreground(void) { return by_every_file(TIOCSPGRP); }
static int take_console(void) { return by_every_file(TIOCCONS); }
static int set_discipline(void) { return by_every_file(TIOCSETD); }
static int be_exclusive(void) { return by_every_file(TIOCEXCL); }

static int bytes_to_read(void)
{
	int ends[2], count = 1;
	int result = pipe(ends) < 0 ? -1 : ioctl(ends[0], FIONREAD, &count);

	return result < 0 ? -1 : count;
}

static int notification_pipe(void)
{
	int ends[2];

	return (int)syscall(__NR_pipe2, ends, O_NOTIFICATION_PIPE);
}

static int notification_pipe_with_more(void)
{
	int ends[2];

	return (int)syscall(__NR_pipe2, ends, O_NOTIFICATION_PIPE | O_CLOEXEC | O_NONBLOCK);
}

static int plain_pipe(void)
{
	int ends[2];

	return (int)syscall(__NR_pipe2, ends, O_CLOEXEC);
}

static const struct attempt attempts[] = {
	{ "H-77", "a session by a child", session_by_child, 0 },
	{ "H-77", "a second session", session_of_leader, EPERM },
	{ "H-77", "a process group of its own", group_of_self, EPERM },
	{ "H-77", "the same by its number", group_of_self_by_number, EPERM },
	{ "H-77", "the group that it is in", group_of_parent, EPERM },
	{ "H-77", "a group for its child", group_of_child, EPERM },
	{ "H-77", "its own group for its child", child_into_own_group, EPERM },
	{ "H-77", "the group of pid 1 for its child", child_into_first_group, EPERM },
	{ "H-77", "a group by its child", group_by_child, EPERM },
	{ "H-77", "a negative group", negative_group, EINVAL },

	{ "H-55", "how much there is to read", bytes_to_read, 0 },
	{ "H-55", "TIOCSTI", push_input, ENOTTY },
	{ "H-55", "TIOCLINUX", console_command, ENOTTY },
	{ "H-55", "TIOCSCTTY", take_terminal, ENOTTY },
	{ "H-55", "TIOCSPGRP", set_foreground, ENOTTY },
	{ "H-55", "TIOCCONS", take_console, ENOTTY },
	{ "H-55", "TIOCSETD", set_discipline, ENOTTY },
	{ "H-55", "TIOCEXCL", be_exclusive, ENOTTY },
	{ "H-55", "a pipe", plain_pipe, 0 },
	{ "H-55", "a notification pipe", notification_pipe, ENOPKG },
	{ "H-55", "the same with more flags", notification_pipe_with_more, ENOPKG },
};

/* What the kernel gives to a program of this architecture: it keeps that, and nothing else. */
#define OWN	PER_LINUX_32BIT

#define PERSONALITY(what, flags) \
	{ "AS-04", "personality " what, EPERM, __NR_personality, { (long)(flags) } }

static const struct call calls[] = {
	{ "AS-04", "ask for its personality", EPERM, __NR_personality, { -1 } },
	{ "AS-04", "keep its personality", EPERM, __NR_personality, { OWN } },
	PERSONALITY("without its flag", PER_LINUX),
	PERSONALITY("READ_IMPLIES_EXEC", OWN | READ_IMPLIES_EXEC),
	PERSONALITY("READ_IMPLIES_EXEC alone", READ_IMPLIES_EXEC),
	PERSONALITY("ADDR_NO_RANDOMIZE", OWN | ADDR_NO_RANDOMIZE),
	PERSONALITY("MMAP_PAGE_ZERO", OWN | MMAP_PAGE_ZERO),
	PERSONALITY("ADDR_COMPAT_LAYOUT", OWN | ADDR_COMPAT_LAYOUT),
	PERSONALITY("ADDR_LIMIT_3GB", OWN | ADDR_LIMIT_3GB),
	PERSONALITY("FDPIC_FUNCPTRS", OWN | FDPIC_FUNCPTRS),
	PERSONALITY("SHORT_INODE", OWN | SHORT_INODE),
	PERSONALITY("STICKY_TIMEOUTS", OWN | STICKY_TIMEOUTS),
	PERSONALITY("UNAME26", OWN | UNAME26),
	PERSONALITY("of another system", PER_SVR4),
	PERSONALITY("all but the question", 0xfffffffe),
	{ "H-77", "sethostname", EPERM, __NR_sethostname, { ADDRESS("x"), 1 } },
	{ "H-77", "sethostname to nothing", EPERM, __NR_sethostname, { ADDRESS(""), 0 } },
	{ "H-77", "setdomainname", EPERM, __NR_setdomainname, { ADDRESS("x"), 1 } },
	{ "H-77", "vhangup", EPERM, __NR_vhangup, { 0 } },
};

static struct utsname before;

static int names_are_the_same(void)
{
	struct utsname after;

	return uname(&after) < 0 || memcmp(&before, &after, sizeof(before)) ? -1 : 0;
}

static const struct attempt checks[] = {
	{ "H-77", "the names are what they were", names_are_the_same, 0 },
};

void try_jobs(void)
{
	uname(&before);
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_calls(calls, ARRAY_SIZE(calls));
	attempt_all(checks, ARRAY_SIZE(checks));
}
