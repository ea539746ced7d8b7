/* SPDX-License-Identifier: GPL-2.0-only */
/* Before the first change: finishing what a power cut has left. */
#ifndef _LITTLEFS_RECOVER_H
#define _LITTLEFS_RECOVER_H

#include "fs.h"

/**
 * lfs_start_writing - let a mounted filesystem be changed
 * @config: copied; its buffer stays the caller's
 *
 * Writes nothing yet. Return: 0; -EINVAL for numbers that do not fit the
 * device.
 */
int lfs_start_writing(struct lfs_fs *fs, const struct lfs_config *config);

/**
 * lfs_start_change - each change begins with this
 *
 * Return: 0; -EROFS when nothing may be written; -errno when what was left
 * cannot be finished.
 */
int lfs_start_change(struct lfs_fs *fs);

/**
 * lfs_start_change_at - the same, for an entry that was found before
 * @place: its pair and id, which are others when that finishes something there
 *
 * Return: as lfs_start_change(); -ENOENT when the entry has gone.
 */
int lfs_start_change_at(struct lfs_fs *fs, struct lfs_node *place);

#endif
