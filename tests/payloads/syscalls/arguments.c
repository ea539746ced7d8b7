// SPDX-License-Identifier: Apache-2.0
/*
 * Arguments with which a system call tells whether it is there and open, and harms nobody.
 *
 * Most calls tell with -1 everywhere: no such file, address, process or flag.  Here are the others:
 * those that check rights only after their arguments, that end or stop the caller, that answer
 * ENOSYS to an operation that they do not know, or that would reach somebody else with -1.  A call
 * of which a part is open, such as unshare() without namespaces, is asked for that part.
 */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/lsm.h>
#include <linux/mount.h>
#include <linux/spherule.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "attempt.h"

#define ADDRESS(object)	((long)(object))

/* Linux, kernel/printk/printk.c: SYSLOG_ACTION_READ_ALL. */
#define SYSLOG_READ_ALL	3

/* What the kernel copies at most for these: struct timex, struct mount_attr, a signal set. */
static long zeroes[64];

static char syslog_buffer[16];
static int32_t now[2];
static int64_t now_long[2];
static uint32_t futex_word;
static const char another[] = "CID: 48A22E96-D078-4E34-9D7A-91B3404031DA\n"
			      "TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74\n"
			      "CAPS: 00000001\n";
static union {
	struct lsm_ctx context;
	char bytes[sizeof(struct lsm_ctx) + SPHERULE_IDENTITY_BYTES];
} identity;

static const long unlikely[ARGUMENT_COUNT] = { -1, -1, -1, -1, -1, -1 };

static struct special {
	unsigned int number;
	long arguments[ARGUMENT_COUNT];
} specials[] = {
	{ __NR_exit, { 0 } },
	{ __NR_exit_group, { 0 } },
	{ __NR_fork, { 0 } },
	{ __NR_vfork, { 0 } },
	{ __NR_clone, { SIGCHLD } },
	/* Misplaced stacks make these two fail: see make_call(). */
	{ __NR_sigreturn, { 0 } },
	{ __NR_rt_sigreturn, { 0 } },
	/* A timer ends these. */
	{ __NR_pause, { 0 } },
	{ __NR_sigsuspend, { 0 } },
	{ __NR_rt_sigsuspend, { ADDRESS(zeroes), 8 } },
	{ __NR_futex, { ADDRESS(&futex_word), FUTEX_WAKE, 1 } },
	{ __NR_futex_time64, { ADDRESS(&futex_word), FUTEX_WAKE, 1 } },
	{ __NR_nice, { 0 } },
	{ __NR_ptrace, { 0 } },
	{ __NR_setpgid, { 0 } },
	{ __NR_kill, { 0 } },
	{ __NR_set_tid_address, { 0 } },
	{ __NR_syslog, { SYSLOG_READ_ALL, ADDRESS(syslog_buffer), sizeof(syslog_buffer) } },
	{ __NR_setgroups, { 0 } },
	{ __NR_setgroups32, { 0 } },
	{ __NR_chroot, { ADDRESS("/") } },
	{ __NR_pivot_root, { ADDRESS("/"), ADDRESS("/") } },
	{ __NR_mount, { ADDRESS("none"), ADDRESS("/"), ADDRESS("no-such-type"), 0, 0 } },
	{ __NR_umount2, { ADDRESS("/bin"), 0 } },
	{ __NR_move_mount, { AT_FDCWD, ADDRESS("/"), AT_FDCWD, ADDRESS("/"), 0 } },
	{ __NR_fsopen, { ADDRESS("no-such-type"), 0 } },
	{ __NR_fsmount, { -1, 0, 0 } },
	{ __NR_fspick, { AT_FDCWD, ADDRESS("/bin"), 0 } },
	{ __NR_mount_setattr, { AT_FDCWD, ADDRESS("/bin"), 0, ADDRESS(zeroes),
				sizeof(struct mount_attr) } },
	{ __NR_mknod, { ADDRESS("/dev/made"), S_IFCHR | 0600, 0x103 } },
	{ __NR_mknodat, { AT_FDCWD, ADDRESS("/dev/made"), S_IFCHR | 0600, 0x103 } },
	{ __NR_sethostname, { ADDRESS("x"), 1 } },
	{ __NR_setdomainname, { ADDRESS("x"), 1 } },
	{ __NR_settimeofday, { ADDRESS(now), 0 } },
	{ __NR_clock_settime, { CLOCK_REALTIME, ADDRESS(now) } },
	{ __NR_clock_settime64, { CLOCK_REALTIME, ADDRESS(now_long) } },
	{ __NR_adjtimex, { ADDRESS(zeroes) } },
	{ __NR_clock_adjtime, { CLOCK_REALTIME, ADDRESS(zeroes) } },
	{ __NR_clock_adjtime64, { CLOCK_REALTIME, ADDRESS(zeroes) } },
	{ __NR_acct, { 0 } },
	{ __NR_lsm_set_self_attr, { LSM_ATTR_EXEC, ADDRESS(&identity), sizeof(identity), 0 } },
	{ __NR_unshare, { 0 } },
	{ __NR_open_tree, { AT_FDCWD, ADDRESS("/"), 0 } },
	{ __NR_setns, { -1, CLONE_NEWNS } },
	{ __NR_pidfd_getfd, { -1, STDIN_FILENO, 0 } },
};

static struct special *special(unsigned int number)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(specials); i++)
		if (specials[i].number == number)
			return &specials[i];
	return NULL;
}

void arguments_prepare(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_REALTIME, &time);
	now_long[0] = time.tv_sec;
	now[0] = (int32_t)time.tv_sec;
	identity.context.id = LSM_ID_SPHERULE;
	identity.context.len = sizeof(identity);
	identity.context.ctx_len = SPHERULE_IDENTITY_BYTES;
	memcpy(identity.context.ctx, another, SPHERULE_IDENTITY_BYTES);
	special(__NR_setns)->arguments[0] = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	special(__NR_pidfd_getfd)->arguments[0] = syscall(__NR_pidfd_open, getpid(), 0);
}

const long *arguments_of(unsigned int number)
{
	const struct special *found = special(number);

	return found ? found->arguments : unlikely;
}
