// SPDX-License-Identifier: Apache-2.0
/*
 * The littlefs of the partition "storage": pid 1 of a root filesystem for tests.  Follows the plan
 * that /etc/storage names and switches off.  The plan "all" tries one side of the filesystem after the
 * other and mounts it anew in between.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "nodes.h"
#include "storage.h"

#define SOURCE	"mtd:storage"
#define PLAN	"/etc/storage"

static void mount_with(unsigned long flags, const char *options)
{
	if (mount(SOURCE, FOLDER, "littlefs", flags, options))
		trouble("mount: %m");
}

static void unmount(void)
{
	if (umount(FOLDER))
		trouble("umount: %m");
}

void mount_again(const char *options)
{
	unmount();
	mount_with(0, options);
}

static void mount_anew(void)
{
	mount_again(NULL);
}

static void mount_read_only(void)
{
	unmount();
	mount_with(MS_RDONLY, NULL);
	kept_check();
	refusal_expect("mkdir on a read-only mount", mkdir(FOLDER "/dir", 0755), EROFS);
	if (mount(NULL, FOLDER, NULL, MS_REMOUNT, NULL))
		trouble("remount for writing: %m");
	if (mkdir(FOLDER "/dir", 0755) || rmdir(FOLDER "/dir"))
		trouble("mkdir after the remount: %m");
	if (mount(NULL, FOLDER, NULL, MS_REMOUNT | MS_RDONLY, NULL))
		trouble("remount for reading: %m");
	mount_anew();
}

static void try_options(void)
{
	unmount();
	refusal_expect("mode with more than permissions",
		       mount(SOURCE, FOLDER, "littlefs", 0, "mode=04755"), EINVAL);
	refusal_expect("an option that is none",
		       mount(SOURCE, FOLDER, "littlefs", 0, "colour=red"), EINVAL);
	refusal_expect("a partition that is no littlefs",
		       mount("mtd:apps", FOLDER, "littlefs", MS_RDONLY, NULL), EUCLEAN);
	mount_with(0, NULL);
}

static const struct {
	const char *name;
	void (*try)(void);
} parts[] = {
	{ "contents", contents_try },	{ "names", names_try },
	{ "listing", listing_try },	{ "maps", maps_try },
	{ "space", space_try },		{ "together", together_try },
	{ "owners", owners_try },	{ "xattrs", xattrs_try },
	{ "times", times_try },		{ "quota", quota_try },
	{ "remains", remains_try },	{ "mounted again", mount_anew },
	{ "kept, made", kept_make },
	{ "mounted anew", mount_anew },	{ "kept, there", kept_check },
	{ "read-only", mount_read_only }, { "options", try_options },
	{ "kept, still there", kept_check },
};

static void try_all(void)
{
	mount_with(0, NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++) {
		parts[i].try();
		dprintf(1, "storage: %s\n", parts[i].name);
	}
	unmount();
}

static const struct {
	const char *name;
	void (*follow)(void);
} plans[] = {
	{ "all", try_all },		{ "orders", orders_obey },
	{ "hostile", hostile_try },	{ "faults", faults_try },
};

static void follow_plan(void)
{
	char name[16] = "";
	FILE *file = fopen(PLAN, "re");

	if (!file || fscanf(file, "%15s", name) != 1)
		trouble("%s: %m", PLAN);
	if (file)
		fclose(file);
	for (unsigned int i = 0; i < ARRAY_SIZE(plans); i++)
		if (!strcmp(plans[i].name, name))
			plans[i].follow();
}

int main(void)
{
	nodes_make_world();
	follow_plan();
	dprintf(1, "storage: done\n");
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
