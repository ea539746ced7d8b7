// SPDX-License-Identifier: Apache-2.0
/*
 * Filesystems that are written to, beside each other: pid 1 of a root filesystem for measurements.
 * Does what its plan says with one filesystem and prints figures.
 *
 *	writer: config erases 12
 *	peer: mounted free_kib 3000
 *	writer: done
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "attempt.h"
#include "chores.h"
#include "gauge.h"
#include "mounts.h"
#include "nodes.h"
#include "part.h"

#define PLAN		"/etc/plan"
#define FOLDER		"/mnt/apps"
#define REST_US		20000000

/* type of the filesystem; task: chores, mounts, log-mounts; parts; the crowd */
static struct {
	char type[16];
	char task[16];
	unsigned int parts;
	struct chores_crowd crowd;
} plan;

static _Noreturn void end(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static _Noreturn void give_up(const char *what)
{
	dprintf(1, "writer: TROUBLE: %s: %s\n", what, strerror(errno));
	end();
}

static int read_plan(void)
{
	FILE *file = fopen(PLAN, "re");
	int words = 0;

	if (file) {
		words = fscanf(file, "%15s %15s %u %u %zu %u", plan.type, plan.task,
			       &plan.parts, &plan.crowd.files, &plan.crowd.bytes,
			       &plan.crowd.changes);
		fclose(file);
	}
	errno = EINVAL;
	return words == 6 && plan.parts <= MOUNTS_MAX ? 0 : -1;
}

static int mount_part(unsigned int number, const char *folder)
{
	char source[32];

	snprintf(source, sizeof(source), "mtd:gauge%u", number);
	return mount(source, folder, plan.type, 0, NULL);
}

/* Mounted twice, because the first mount of JFFS2 on an empty part erases all of it. */
static int do_chores(void)
{
	if (mount_part(0, FOLDER))
		return -1;
	usleep(REST_US);
	if (umount(FOLDER) || mount_part(0, FOLDER))
		return -1;
	usleep(REST_US);
	return chores_do(FOLDER, &plan.crowd);
}

static int do_task(void)
{
	if (!strcmp(plan.task, "chores"))
		return do_chores();
	return mounts_try(plan.parts, !strcmp(plan.task, "log-mounts"), mount_part);
}

int main(void)
{
	struct part_counts counts;
	struct gauge_memory memory;

	nodes_make_world();
	if (read_plan())
		give_up(PLAN);
	gauge_read_memory(&memory);
	usleep(REST_US);
	gauge_read_memory(&memory);
	gauge_print_memory("before", &memory);
	for (unsigned int number = 0; number < plan.parts; number++)
		if (part_make_empty(number) < 0)
			give_up("part");
	if (do_task())
		give_up(plan.task);
	if (part_count(0, &counts))
		give_up("counts");
	dprintf(1, "writer: part refused %u\n", counts.refused);
	dprintf(1, "writer: part worn %u\n", counts.worn);
	dprintf(1, "writer: done\n");
	end();
}
