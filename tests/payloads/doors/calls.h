/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of attempts that are one thing each with another argument: a system call, a path. */
#ifndef CALLS_H
#define CALLS_H

#define ARGUMENT_COUNT	6

/* A pointer as an argument of a system call, also in a static table. */
#define ADDRESS(object)	((long)(object))

/* One raw system call: libc would hide some behind others. */
struct call {
	const char *row;
	const char *what;
	int expected;
	long number;
	long arguments[ARGUMENT_COUNT];
};

void try_calls(const struct call *calls, unsigned int count);

/* One file, opened. */
struct opening {
	const char *row;
	const char *path;
	int flags;
	int expected;
};

void try_openings(const struct opening *openings, unsigned int count);

/* One function for many things, which says which of them let it in. */
int calls_report(const char *what, long which);

#endif
