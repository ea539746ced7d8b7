/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of this process as the kernel tells it: /proc/self/smaps, proc_pid_smaps(5). */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include <stdbool.h>

#define MAPPING_NAME_BYTES 96

struct mapping {
	unsigned long start, end;
	bool readable, writable, executable;
	char name[MAPPING_NAME_BYTES];	/* a path, "[stack]", ...; "" of anonymous memory */
	unsigned long private_dirty_kib, anonymous_kib;
};

/* Calls @visit for each mapping until it returns non-zero; returns that, or 0, or -1 with errno. */
int mappings_visit(int (*visit)(const struct mapping *mapping, void *context), void *context);

/* The first mapping of this name: 0, or -1 with ENOENT. */
int mappings_find(const char *name, struct mapping *found);

/*
 * Whether all executable memory is that of images, unchanged: nothing both writable and executable,
 * nothing executable without a file of an image but the pages that the kernel gives to everybody,
 * and no private copy of an executable page.  0, or -1 with EUCLEAN after a line in the log.
 */
int mappings_check_executable(void);

#endif
