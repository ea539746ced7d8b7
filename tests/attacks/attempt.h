/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attempts and how they have to end; shared by the attack apps.
 *
 * Each attempt runs in a process of its own with a time limit, so that one that crashes, hangs or
 * changes its own state is one failure and disturbs no other.  A line of the log says of each how it
 * ended:
 *
 *	attempt AS-04 refused: personality READ_IMPLIES_EXEC
 *	attempt AS-04 works: map RW
 *	attempt AS-04 FAILED: map RWX: it worked, expected Permission denied
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stdbool.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Seconds after which an attempt has failed. */
#define ATTEMPT_LIMIT_S 20

struct attempt {
	const char *row;	/* the row of tests/attacks/README.md */
	const char *what;
	int (*try)(void);	/* 0, or -1 with errno */
	int expected;		/* errno of the refusal; 0: must work, a positive control */
};

/* Makes the attempts one by one and adds them up. */
void attempt_all(const struct attempt *attempts, unsigned int count);

/* Prints "NAME: N passed, N failed" and sleeps for ever. */
_Noreturn void attempt_end(const char *name);

/* The same without sleeping; returns the number of failures. */
int attempt_sum(const char *name);

/* close() that keeps errno. */
void attempt_close(int fd);

/* 0 when a file can be opened with these flags. */
int attempt_open(const char *path, int flags);

/* What a child that ran @task returned: 0, or -1 with the errno that the child saw. */
int attempt_in_child(int (*task)(void));

#endif
