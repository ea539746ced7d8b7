/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries of one metadata pair, by id, as its whole log left them. */
#ifndef _LITTLEFS_TABLE_H
#define _LITTLEFS_TABLE_H

#include "fs.h"

/**
 * lfs_table_load - fetch a pair and parse it into fs->table
 * @blocks: the pair, in any order
 *
 * What is loaded already is not read again. What was in the table before is
 * lost.
 *
 * Return: 0 or as lfs_pair_fetch(); -EUCLEAN for a log with ids that cannot be.
 */
int lfs_table_load(struct lfs_fs *fs, const u32 blocks[2]);

/**
 * lfs_table_parse - tell of other data of the entries of fs->table
 * @part: LFS_PART_STRUCTS or the type of an attribute; then data_at and
 *	data_bytes of slots are those of the attribute, and data is not 0 for
 *	those that have it
 *
 * Of use to who has loaded the table. While @part is an attribute nothing may
 * be loaded.
 *
 * Return: 0, -EUCLEAN, -EIO.
 */
int lfs_table_parse(struct lfs_fs *fs, u32 part);

/**
 * lfs_table_follow - read what was appended to the log of the pair in fs->table
 *
 * When that is not possible nothing is loaded.
 */
void lfs_table_follow(struct lfs_fs *fs);

/* Forgets what is in fs->table: its pair is written to. */
void lfs_table_forget(struct lfs_fs *fs);

/* Whether a path can have it: no superblock, nothing unknown. */
static inline bool lfs_slot_is_name(const struct lfs_slot *slot)
{
	return slot->name == LFS_NAME_FILE || slot->name == LFS_NAME_DIR;
}

/**
 * lfs_table_child - the pair that a directory of fs->table begins in
 *
 * Return: 0, -ENOENT for what is no directory, -EIO.
 */
int lfs_table_child(const struct lfs_fs *fs, u32 id, u32 child[2]);

#endif
