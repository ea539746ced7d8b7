/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that apps can make: one filter for all of them, built from the table syscalls.h
 * when application-manager starts.
 *
 * The kernel keeps equal filters once (CONFIG_SECCOMP_SHARE_FILTERS), and answers for a call that is
 * always allowed with one bit, not by running the filter.
 */
#ifndef APPMAN_SECCOMP_H
#define APPMAN_SECCOMP_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

enum seccomp_answer {
	SECCOMP_ABSENT,		/* ENOSYS: as if the kernel had no such call */
	SECCOMP_REFUSED,	/* EPERM */
	SECCOMP_ALLOWED,
	SECCOMP_ANSWER_COUNT,
};

/* Calls with numbers that follow each other; answers[0] is that of the call @first. */
struct seccomp_block {
	uint32_t first;
	const uint8_t *answers;		/* enum seccomp_answer */
	size_t count;
};

/*
 * Writes the filter for @blocks into @program: what is in none of them is ABSENT.  @blocks: in the order
 * of their numbers, the first from 0 on, no two that touch, none empty.  Pure.  Returns its length, or
 * -ERANGE when there is no room.
 */
int seccomp_build(const struct seccomp_block *blocks, size_t count, uint32_t architecture,
		  struct sock_filter *program, size_t room);

/* Builds the filter of the table.  Returns 0 or -errno. */
int seccomp_prepare(void);

/* Takes the calling process under it, for ever.  Returns 0, or -1 with errno. */
int seccomp_enter(void);

#endif
