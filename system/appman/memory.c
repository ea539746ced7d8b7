// SPDX-License-Identifier: Apache-2.0
/* How much of the machine's RAM is in use. */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "scratch.h"

/*
 * Lines of mm/vmstat.c, zoneinfo_show_print(): spaces, a key, spaces, a number of pages.  The lists
 * of file pages (nr_zone_*_file) would miss those that wait in per-CPU batches, up to 31.
 */
enum { PRESENT, FREE, PER_CPU, FILE_PAGES, SHMEM, LOWEST, PER_CPU_MAX, KEY_COUNT };

static const char *const keys[KEY_COUNT] = {
	[PRESENT] = "present",
	[FREE] = "nr_free_pages",
	[PER_CPU] = "count:",
	[FILE_PAGES] = "nr_file_pages",
	[SHMEM] = "nr_shmem",
	[LOWEST] = "min",
	[PER_CPU_MAX] = "high:",
};

/* Sums over all zones.  A zone without pages prints fewer lines. */
static void add_line(const char *line, unsigned long pages[KEY_COUNT], unsigned int *seen)
{
	line += strspn(line, " ");
	for (unsigned int i = 0; i < KEY_COUNT; i++) {
		size_t length = strlen(keys[i]);

		if (strncmp(line, keys[i], length) || line[length] != ' ')
			continue;
		pages[i] += strtoul(line + length, NULL, 10);
		*seen |= 1u << i;
	}
}

int memory_parse_zoneinfo(const char *text, struct memory_usage *usage)
{
	unsigned long pages[KEY_COUNT] = { 0 };
	unsigned int seen = 0;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		add_line(text, pages, &seen);
	if (seen != (1u << KEY_COUNT) - 1 || pages[SHMEM] > pages[FILE_PAGES])
		return -EINVAL;

	usage->total_kib = pages[PRESENT] * MEMORY_PAGE_KIB;
	usage->free_kib = (pages[FREE] + pages[PER_CPU]) * MEMORY_PAGE_KIB;
	usage->cache_kib = (pages[FILE_PAGES] - pages[SHMEM]) * MEMORY_PAGE_KIB;
	if (usage->free_kib + usage->cache_kib > usage->total_kib)
		return -EINVAL;
	usage->kept_kib = (pages[LOWEST] + pages[PER_CPU_MAX]) * MEMORY_PAGE_KIB;
	usage->used_kib = usage->total_kib - usage->free_kib - usage->cache_kib;
	return 0;
}

int memory_measure(struct memory_usage *usage)
{
	const char *text = scratch_read_file("/proc/zoneinfo");

	return text ? memory_parse_zoneinfo(text, usage) : -errno;
}
