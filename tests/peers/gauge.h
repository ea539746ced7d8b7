/* SPDX-License-Identifier: Apache-2.0 */
/* What memory there is and who has it, as /proc says. */
#ifndef PEERS_GAUGE_H
#define PEERS_GAUGE_H

#include <sys/types.h>

enum {
	/* /proc/zoneinfo: sums over all zones. */
	GAUGE_FREE, GAUGE_PER_CPU, GAUGE_FILE_PAGES, GAUGE_SHMEM,
	/* /proc/meminfo */
	GAUGE_MEM_FREE, GAUGE_BUFFERS, GAUGE_CACHED, GAUGE_ANON, GAUGE_SLAB, GAUGE_STACKS,
	GAUGE_PAGE_TABLES,
	GAUGE_COUNT
};

struct gauge_memory {
	long kib[GAUGE_COUNT];
};

/* Memory of the whole machine. */
void gauge_read_memory(struct gauge_memory *memory);

/* Prints every line of @memory as "peer: WHEN NAME_kib NUMBER". */
void gauge_print_memory(const char *when, const struct gauge_memory *memory);

/*
 * Prints what a process has in RAM, by mapping: "peer: NAME exec_kib NUMBER" and the like.  Pages
 * that are mapped where they are in flash have no struct page and are in no number.
 */
void gauge_print_process(const char *name, pid_t pid);

#endif
