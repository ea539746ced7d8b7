/* SPDX-License-Identifier: Apache-2.0 */
/* Attempts and how they have to end. */
#ifndef ATTEMPT_H
#define ATTEMPT_H

/* errno of a refusal; 0 means that it must work, which is the positive control. */
struct attempt {
	const char *what;
	int (*try)(void);
	int expected;
};

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Makes the attempts and adds up. */
void attempt_all(const struct attempt *attempts, unsigned int count);

void try_memory(void);

#endif
