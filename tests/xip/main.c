// SPDX-License-Identifier: Apache-2.0
/*
 * Execution in place: pid 1 of a root filesystem for tests.  Goes through its parts, which print
 * figures, and switches off.  /etc/xip says which parts: "all" or "reuse", how many images there are
 * in the partition "apps", and bytes from one to the next.
 */

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "attempt.h"
#include "nodes.h"
#include "xip.h"

#define PLAN	"/etc/xip"

static struct xip_images images;

static void print_mounts(void) { mounts_print(&images); }
static void print_users(void) { users_print(&images); }
static void print_reuse(void) { reuse_print(&images); }

/* What is measured first finds the caches as the boot left them. */
static const struct {
	const char *plan;
	void (*print)(void);
} parts[] = {
	{ "all", copies_print },	{ "all", places_print }, { "all", places_compare },
	{ "all", reads_print },		{ "all", print_mounts }, { "all", print_users },
	{ "reuse", print_reuse },
};

int main(void)
{
	char plan[16] = "";
	FILE *file;

	nodes_make_world();
	mount("tmpfs", "/mnt/apps", "tmpfs", 0, NULL);
	file = fopen(PLAN, "re");
	if (!file || fscanf(file, "%15s %u %lu", plan, &images.count, &images.stride) != 3)
		trouble("%s", PLAN);
	if (file)
		fclose(file);
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(parts[i].plan, plan))
			parts[i].print();
	dprintf(1, "xip: done\n");
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
