// SPDX-License-Identifier: Apache-2.0
/* What memory there is and who has it, as /proc says. */

#include <stdio.h>
#include <string.h>

#include "attempt.h"
#include "gauge.h"

#define PAGE_KIB	4

static const char *const paths[] = { "/proc/zoneinfo", "/proc/meminfo" };

static const struct {
	const char *name;
	const char *path;
	const char *key;
	int unit_kib;
} lines[GAUGE_COUNT] = {
	[GAUGE_FREE] = { "free_kib", "/proc/zoneinfo", "nr_free_pages", PAGE_KIB },
	[GAUGE_PER_CPU] = { "per_cpu_kib", "/proc/zoneinfo", "count:", PAGE_KIB },
	[GAUGE_FILE_PAGES] = { "file_pages_kib", "/proc/zoneinfo", "nr_file_pages", PAGE_KIB },
	[GAUGE_SHMEM] = { "shmem_kib", "/proc/zoneinfo", "nr_shmem", PAGE_KIB },
	[GAUGE_MEM_FREE] = { "mem_free_kib", "/proc/meminfo", "MemFree:", 1 },
	[GAUGE_BUFFERS] = { "buffers_kib", "/proc/meminfo", "Buffers:", 1 },
	[GAUGE_CACHED] = { "cached_kib", "/proc/meminfo", "Cached:", 1 },
	[GAUGE_ANON] = { "anon_kib", "/proc/meminfo", "AnonPages:", 1 },
	[GAUGE_SLAB] = { "slab_kib", "/proc/meminfo", "Slab:", 1 },
	[GAUGE_STACKS] = { "stacks_kib", "/proc/meminfo", "KernelStack:", 1 },
	[GAUGE_PAGE_TABLES] = { "page_tables_kib", "/proc/meminfo", "PageTables:", 1 },
};

static void read_lines(const char *path, struct gauge_memory *memory)
{
	char line[128], key[32];
	long value;
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %31s %ld", key, &value) != 2)
			continue;
		for (unsigned int i = 0; i < GAUGE_COUNT; i++)
			if (!strcmp(path, lines[i].path) && !strcmp(key, lines[i].key))
				memory->kib[i] += value * lines[i].unit_kib;
	}
	if (file)
		fclose(file);
}

void gauge_read_memory(struct gauge_memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	for (unsigned int i = 0; i < ARRAY_SIZE(paths); i++)
		read_lines(paths[i], memory);
}

void gauge_print_memory(const char *when, const struct gauge_memory *memory)
{
	for (unsigned int i = 0; i < GAUGE_COUNT; i++)
		dprintf(1, "peer: %s %s %ld\n", when, lines[i].name, memory->kib[i]);
}

/* What the lines behind the head of a mapping in /proc/PID/smaps are added to. */
enum { EXEC, READ_ONLY, DATA, NO_FILE, KIND_COUNT };

static int kind_of_mapping(const char *permissions, const char *path)
{
	if (path[0] != '/')
		return NO_FILE;
	if (permissions[1] == 'w')
		return DATA;
	return permissions[2] == 'x' ? EXEC : READ_ONLY;
}

void gauge_print_process(const char *name, pid_t pid)
{
	long resident[KIND_COUNT] = { 0 }, dirty = 0, value;
	char line[256], permissions[8], path[128], key[32];
	int kind = NO_FILE;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		path[0] = '\0';
		if (sscanf(line, "%*x-%*x %7s %*x %*x:%*x %*u %127s", permissions, path) >= 1)
			kind = kind_of_mapping(permissions, path);
		else if (sscanf(line, "%31s %ld kB", key, &value) != 2)
			continue;
		else if (!strcmp(key, "Rss:"))
			resident[kind] += value;
		else if (!strcmp(key, "Private_Dirty:"))
			dirty += value;
	}
	if (file)
		fclose(file);
	dprintf(1, "peer: %s exec_kib %ld\n", name, resident[EXEC]);
	dprintf(1, "peer: %s read_only_kib %ld\n", name, resident[READ_ONLY]);
	dprintf(1, "peer: %s data_kib %ld\n", name, resident[DATA]);
	dprintf(1, "peer: %s dirty_kib %ld\n", name, dirty);
}
