/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes of a pair, each of which is made as a whole or not at all. */
#ifndef _LITTLEFS_COMMIT_H
#define _LITTLEFS_COMMIT_H

#include "view.h"

/**
 * lfs_commit - change a pair, the global state, and all that has to follow
 * @blocks: the pair
 * @edits, @count: what changes, in the order of a log
 *
 * A move away from the pair that is pending ends with it. fs->gstate is stored
 * with it.
 *
 * Return: 0; -errno, and the pair and fs->gstate are as before, or
 * fs->is_broken is set.
 */
int lfs_commit(struct lfs_fs *fs, const u32 blocks[2],
	       const struct lfs_piece *edits, u32 count);

/* Sets the flag of fs->gstate by what is known of the list. */
void lfs_update_orphans(struct lfs_fs *fs);

/**
 * lfs_set_tail - correct what a pair says is behind it, not of which kind
 *
 * Return: as lfs_commit().
 */
int lfs_set_tail(struct lfs_fs *fs, const u32 before[2], const u32 tail[2]);

/**
 * lfs_drop_if_empty - take a pair out of a directory that begins before it
 *
 * Does nothing for others. Return: as lfs_commit().
 */
int lfs_drop_if_empty(struct lfs_fs *fs, const u32 blocks[2]);

/**
 * lfs_drop_pair - take a pair out of the list
 * @before: the pair before it
 * @blocks: the pair
 *
 * Its share in the global state goes to @before. Return: as lfs_commit().
 */
int lfs_drop_pair(struct lfs_fs *fs, const u32 before[2], const u32 blocks[2]);

/**
 * lfs_find_before - find the pair before another one in the list
 * @before: out
 *
 * On return fs->table has it. Return: 0, -ENOENT, -EUCLEAN, -EIO.
 */
int lfs_find_before(struct lfs_fs *fs, const u32 blocks[2], u32 before[2]);

/**
 * lfs_find_parent - find the entry of a directory
 * @blocks: the pair that the directory begins in
 * @node: out: pair and id of the entry, and as head what that has for @blocks,
 *	which may only share a block with it
 *
 * Return: as lfs_find_before().
 */
int lfs_find_parent(struct lfs_fs *fs, const u32 blocks[2],
		    struct lfs_node *node);

#endif
