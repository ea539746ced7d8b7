// SPDX-License-Identifier: Apache-2.0
/*
 * An app that makes every system call there is a number for, each in a process of its own, and says
 * which are absent, refused or reachable; tests/device/test_syscalls.py compares that with
 * tests/attacks/syscalls.txt.
 *
 *	syscalls: map 0 RRRRRRR.RRRR...		of numbers 0, 1, 2, ...
 *
 * R reachable, x refused (EPERM), . absent (ENOSYS, or SIGILL for numbers of the architecture).
 */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <applibs/log.h>

#include "arguments.h"
#include "attempt.h"

/* The table has 463 numbers now; what a later kernel adds is seen before anybody has looked. */
#define NUMBERS		512
#define PER_LINE	64
static_assert(NUMBERS % PER_LINE == 0, "whole lines");

/* Linux, arch/arm/include/uapi/asm/unistd.h: the calls of this architecture alone. */
#define PRIVATE_FIRST	0x0f0001
#define PRIVATE_COUNT	15

#define LIMIT_S		5

enum { REACHABLE, REFUSED, ABSENT };
static const char letters[] = { [REACHABLE] = 'R', [REFUSED] = 'x', [ABSENT] = '.' };

/*
 * Inline, so that the child of vfork() does not return over its parent's frame.  The stack is four
 * bytes off meanwhile, which the kernel minds in sigreturn() only: that call then fails for sure
 * instead of jumping to wherever our frame seems to say.
 */
static inline __attribute__((always_inline)) long make_call(unsigned int number, const long *a)
{
	register long r7 __asm__("r7") = (long)number;
	register long r0 __asm__("r0") = a[0];
	register long r1 __asm__("r1") = a[1];
	register long r2 __asm__("r2") = a[2];
	register long r3 __asm__("r3") = a[3];
	register long r4 __asm__("r4") = a[4];
	register long r5 __asm__("r5") = a[5];

	__asm__ volatile("sub sp, sp, #4\n\tsvc 0\n\tadd sp, sp, #4"
			 : "+r"(r0)
			 : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory", "cc");
	return r0;
}

static void wake_up(int signal)
{
	(void)signal;
}

/* pause() and its like wait for a signal: one comes every few milliseconds. */
static void start_timer(void)
{
	const struct sigaction action = { .sa_handler = wake_up };
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } };
	sigset_t none;

	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* Nothing of libc after the call: it may have changed what libc stands on. */
static _Noreturn __attribute__((noinline)) void child(unsigned int number)
{
	const long *arguments = arguments_of(number);
	long status[6] = { 0 };
	long result;

	start_timer();
	result = make_call(number, arguments);
	if (result == -ENOSYS)
		status[0] = ABSENT;
	else if (result == -EPERM)
		status[0] = REFUSED;
	for (;;)
		make_call(__NR_exit_group, status);
}

/*
 * A call that ended, stopped or kept the caller was reached, whatever it did; but SIGILL is what
 * the kernel has for private numbers that it does not know.
 */
static int classify(unsigned int number)
{
	const struct timespec limit = { .tv_sec = LIMIT_S };
	sigset_t ended;
	pid_t pid;
	int status = 0;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, NULL);
	pid = fork();
	if (pid == 0)
		child(number);
	if (pid < 0)
		return REACHABLE;
	if (sigtimedwait(&ended, NULL, &limit) < 0)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGILL)
		return ABSENT;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > ABSENT)
		return REACHABLE;
	return WEXITSTATUS(status);
}

static void print_map(unsigned int first, unsigned int count)
{
	char map[PER_LINE + 1];

	for (unsigned int i = 0; i < count; i++)
		map[i] = letters[classify(first + i)];
	map[count] = '\0';
	Log_Debug("syscalls: map %u %s\n", first, map);
}

static int call_without_arguments(unsigned int number)
{
	static const long none[6];
	long result = make_call(number, none);

	if (result >= 0)
		return 0;
	errno = (int)-result;
	return -1;
}

static unsigned int wanted;
static int call_wanted(void) { return call_without_arguments(wanted); }
static int in_child_with(unsigned int number)
{
	wanted = number;
	return attempt_in_child(call_wanted);
}

static int known(void) { return call_without_arguments(__NR_getppid); }
static int unused(void) { return call_without_arguments(17); }
static int behind_last(void) { return call_without_arguments(NUMBERS); }
static int far_behind_last(void) { return call_without_arguments(PRIVATE_FIRST - 2); }
static int last_private(void) { return call_without_arguments(0x0f07ff); }

/* The kernel would kill for these; the filter comes before it. */
static int behind_private(void) { return in_child_with(0x0f0800); }
static int compare_and_exchange(void) { return in_child_with(0x0ffff0); }
static int old_number(void) { return in_child_with(0x900000 + __NR_getppid); }
static int negative(void) { return in_child_with(~0u); }

/* The old ABI had the number in the instruction; the kernel must look at r7 alone. */
static __attribute__((target("arm"), noinline)) long call_by_old_instruction(long number)
{
	register long r7 __asm__("r7") = number;
	register long r0 __asm__("r0") = 0;

	__asm__ volatile("svc #0x900040" : "+r"(r0) : "r"(r7) : "memory", "cc");
	return r0;
}

static int arm_instruction(void)
{
	return call_by_old_instruction(__NR_getppid) == getppid() ? 0 : -1;
}

static int old_instruction(void)
{
	long result = call_by_old_instruction(17);

	errno = (int)-result;
	return result < 0 ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "H-56", "a call that exists", known, 0 },
	{ "H-56", "the same by an ARM instruction", arm_instruction, 0 },
	{ "H-56", "a number that is not used", unused, ENOSYS },
	{ "H-56", "the same by an instruction of the old ABI", old_instruction, ENOSYS },
	{ "H-56", "a number behind the last", behind_last, ENOSYS },
	{ "H-56", "a number far behind the last", far_behind_last, ENOSYS },
	{ "H-56", "the last of the private numbers", last_private, ENOSYS },
	{ "H-56", "a number behind the private ones", behind_private, ENOSYS },
	{ "H-56", "the old compare-and-exchange", compare_and_exchange, ENOSYS },
	{ "H-56", "a number of the old ABI", old_number, ENOSYS },
	{ "H-56", "a negative number", negative, ENOSYS },
};

int main(void)
{
	arguments_prepare();
	for (unsigned int first = 0; first < NUMBERS; first += PER_LINE)
		print_map(first, PER_LINE);
	print_map(PRIVATE_FIRST, PRIVATE_COUNT);
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_end("syscalls");
}
