/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a process as the kernel tells it: /proc/<pid>/smaps, proc_pid_smaps(5). */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include <stdbool.h>
#include <sys/types.h>

#define MAPPING_NAME_BYTES 96

struct mapping {
	unsigned long start, end;
	bool readable, writable, executable;
	char name[MAPPING_NAME_BYTES];	/* a path, "[stack]", ...; "" of anonymous memory */
	unsigned long rss_kib, private_dirty_kib, anonymous_kib;
};

/* What mappings_visit() takes for the process that calls it. */
#define MAPPINGS_SELF	0

/*
 * Calls @visit for each mapping of a process until it returns non-zero; returns that, or 0, or -1
 * with errno.
 */
int mappings_visit(pid_t pid, int (*visit)(const struct mapping *mapping, void *context),
		   void *context);

/* The first mapping of this name in this process: 0, or -1 with ENOENT. */
int mappings_find(const char *name, struct mapping *found);

/*
 * Whether all executable memory is that of images, unchanged: nothing both writable and executable,
 * nothing executable without a file of an image but the pages that the kernel gives to everybody,
 * and no private copy of an executable page.  0, or -1 with EUCLEAN after a line in the log.
 */
int mappings_check_executable(void);

#endif
