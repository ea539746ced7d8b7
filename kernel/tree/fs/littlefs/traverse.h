/* SPDX-License-Identifier: GPL-2.0-only */
/* All metadata pairs, one after the other, and all blocks that are in use. */
#ifndef _LITTLEFS_TRAVERSE_H
#define _LITTLEFS_TRAVERSE_H

#include "fs.h"

/**
 * struct lfs_list - the list of all pairs that is being read
 * @next: the next pair, or the null pair
 * @pairs_left: how many more there can be
 */
struct lfs_list {
	u32 next[2];
	u32 pairs_left;
};

/* The list from its start. */
struct lfs_list lfs_list_make(const struct lfs_fs *fs);

/**
 * lfs_list_next - load the next pair into fs->table
 *
 * Return: 1; 0 at the end; -EUCLEAN, also for a list that goes in a circle;
 * -EIO.
 */
int lfs_list_next(struct lfs_fs *fs, struct lfs_list *list);

/**
 * lfs_traverse - visit each block that the medium says is in use
 * @visit: returns 0, or -errno which ends the walk; may be called more than
 *	once for blocks of metadata
 *
 * Return: 0, -errno of @visit, -EUCLEAN when files have more blocks than there
 * are, -EIO.
 */
int lfs_traverse(struct lfs_fs *fs, int (*visit)(void *context, u32 block),
		 void *context);

#endif
