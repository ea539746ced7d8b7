/* SPDX-License-Identifier: GPL-2.0-only */
/* The types of files, which the build machine has elsewhere. */
#ifndef FAKE_LINUX_STAT_H
#define FAKE_LINUX_STAT_H

#include_next <linux/stat.h>
#include <sys/stat.h>

#endif
