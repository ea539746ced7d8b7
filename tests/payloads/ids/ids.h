/* SPDX-License-Identifier: Apache-2.0 */
/* Users, groups and capabilities: what each way to change them does. */
#ifndef IDS_H
#define IDS_H

#include <stdbool.h>

enum kind { USER, GROUP };

struct ids {
	unsigned int real, effective, saved, filesystem;
};

/* The four ids that /proc/self/status shows; false when they could not be read. */
bool ids_read(enum kind kind, struct ids *ids);

bool ids_are_all(enum kind kind, unsigned int id);

#define SETTER_ARGUMENTS	3

/* A system call that sets ids. */
struct setter {
	const char *name;
	long number;
	enum kind kind;
	unsigned int arguments;
	bool never_fails;	/* setfsuid(): returns what was */
};

extern const struct setter setters[];
extern const unsigned int setter_count;

int setter_call(const struct setter *setter, const unsigned int *arguments);

/*
 * Calls @visit with every combination of @count values as arguments of @setter, until it returns
 * false; returns whether it never did.
 */
bool setter_combine(const struct setter *setter, const unsigned int *values, unsigned int count,
		    bool (*visit)(const struct setter *, const unsigned int *));

/* Says which call did what it should not. */
void setter_report(const struct setter *setter, const unsigned int *arguments, int result);

/* The attempts, by topic. */
void try_own(void);
void try_privileges(void);
void try_root(void);

#endif
