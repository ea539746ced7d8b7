/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which files a cgroup has with CONFIG_CGROUP_FEW_FILES.
 */
#ifndef KERNEL_CGROUP_FEW_FILES_H
#define KERNEL_CGROUP_FEW_FILES_H

#include <linux/types.h>

struct cftype;
struct cgroup;

/* Whether @cgrp gets the file @cft, by the table in few_files.c. */
bool cgroup_file_wanted(const struct cgroup *cgrp, const struct cftype *cft);

#endif
