/* SPDX-License-Identifier: Apache-2.0 */
/* What devices do to their storage, and what each does to the flash. */
#ifndef PEERS_CHORES_H
#define PEERS_CHORES_H

#include <stddef.h>

/* Files with which the part is so full that little room is left. */
struct chores_crowd {
	unsigned int files;
	size_t bytes;		/* of each */
	unsigned int changes;	/* how often one of them is changed */
};

/*
 * Does all chores in @folder, an empty filesystem on part 0, and prints of each
 * "writer: NAME KEY NUMBER" for every figure.  0, or -1 with errno.
 */
int chores_do(const char *folder, const struct chores_crowd *crowd);

#endif
