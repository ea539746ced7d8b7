// SPDX-License-Identifier: Apache-2.0
/* Where the memory of running programs is: by their mappings, and by what is free. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "mappings.h"
#include "xip.h"

/* After this, a program that only sleeps sleeps. */
#define SETTLE_US	300000
#define COPIES		8
#define TRIES	3

static const char *const programs[] = { "/bin/sleeper", "/bin/dynamic", "/bin/hello" };

static int print_mapping(const struct mapping *mapping, void *program)
{
	if (mapping->name[0] == '/')
		dprintf(1, "xip: map %s %c%c%c %lu %lu %s\n", (const char *)program,
			mapping->readable ? 'r' : '-', mapping->writable ? 'w' : '-',
			mapping->executable ? 'x' : '-',
			(mapping->end - mapping->start) / 1024, mapping->rss_kib, mapping->name);
	return 0;
}

static void print_program(pid_t pid, const char *path)
{
	char name[32];

	snprintf(name, sizeof(name), "%s", strrchr(path, '/') + 1);
	if (mappings_visit(pid, print_mapping, name))
		trouble("no mappings of %s", path);
}

void places_print(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		char *const arguments[] = { (char *)programs[i], NULL };
		pid_t pid = launch(programs[i], arguments);

		usleep(SETTLE_US);
		print_program(pid, programs[i]);
		launch_end(pid);
	}
	print_program(MAPPINGS_SELF, "/bin/xip");
}

/* What @COPIES processes take, of one program or of as many: "/bin/same0", "/bin/same1", ... */
static long take_programs(bool is_different)
{
	struct memory_usage before;
	pid_t pids[COPIES];
	long used_kib;

	memory_measure(&before);
	for (int i = 0; i < COPIES; i++) {
		char path[16];
		char *const arguments[] = { path, NULL };

		snprintf(path, sizeof(path), "/bin/same%d", is_different ? i : 0);
		pids[i] = launch(path, arguments);
	}
	usleep(SETTLE_US);
	used_kib = used_since(&before);
	for (int i = 0; i < COPIES; i++)
		launch_end(pids[i]);
	return used_kib;
}

/* What else the kernel may take meanwhile, for a worker that it wakes up, is not in all of them. */
static long take_least(bool is_different)
{
	long least_kib = take_programs(is_different);

	for (int i = 1; i < TRIES; i++) {
		long used_kib = take_programs(is_different);

		least_kib = used_kib < least_kib ? used_kib : least_kib;
	}
	return least_kib;
}

void places_compare(void)
{
	take_programs(true);	/* slab pages and names stay: paid before */
	dprintf(1, "xip: copies_of_one_kib %ld\n", take_least(false));
	dprintf(1, "xip: different_kib %ld\n", take_least(true));
}
