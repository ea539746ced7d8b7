// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files that a cgroup has with CONFIG_CGROUP_FEW_FILES: those that
 * application-manager writes when it makes one, and those that it reads when
 * something happened.
 */

#include <linux/string.h>

#include "cgroup-internal.h"
#include "few_files.h"

/* Where the cgroups of apps of OEMs are: none has children. */
#define LEAVES_LEVEL	2

static const struct {
	const char *controller;		/* "": of every cgroup */
	const char *file;
	bool is_for_parents;
} wanted[] = {
	{ "", "cgroup.procs" },
	{ "", "cgroup.subtree_control", true },
	{ "", "cgroup.kill" },
	{ "cpu", "weight" },
	{ "cpu", "max" },
	{ "memory", "current" },
	{ "memory", "peak" },
	{ "memory", "high" },
	{ "memory", "max" },
	{ "memory", "events" },
	{ "memory", "oom.group" },
	{ "memory", "stat" },
	{ "pids", "max" },
};

/* Names of files without a controller are whole, others come behind a dot. */
bool cgroup_file_wanted(const struct cgroup *cgrp, const struct cftype *cft)
{
	const char *controller = cft->ss ? cft->ss->name : "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		if (!strcmp(wanted[i].controller, controller) &&
		    !strcmp(wanted[i].file, cft->name))
			return !wanted[i].is_for_parents ||
			       cgrp->level < LEAVES_LEVEL;
	return false;
}
