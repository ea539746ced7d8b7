/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing a pair anew: what is live of its log, and a change. */
#ifndef _LITTLEFS_COMPACT_H
#define _LITTLEFS_COMPACT_H

#include "view.h"

/* Bytes that the entries of a pair can have. */
static inline u32 lfs_compact_room(const struct lfs_fs *fs)
{
	return fs->device->block_bytes - LFS_LOG_START - LFS_LOG_RESERVE_BYTES;
}

/* How full blocks of metadata get before they are compacted. */
static inline u32 lfs_metadata_max(const struct lfs_fs *fs)
{
	return fs->metadata_max ? fs->metadata_max : fs->device->block_bytes;
}

/**
 * lfs_write_pair - write entries as the only commit of a block
 * @change: of the pair in fs->table
 * @first, @end: the entries, as they will be
 * @pair: in: blocks, the first of which is erased and written, revision, tail
 *	and share in the global state; out: end of the log
 *
 * Return: 0, -ENOSPC, -EIO, -EUCLEAN.
 */
int lfs_write_pair(struct lfs_fs *fs, const struct lfs_change *change,
		   u32 first, u32 end, struct lfs_pair *pair);

/**
 * lfs_create_pair - write a pair without entries
 * @tail: what will be behind it, in another directory
 * @pair: out
 *
 * fs->table is lost. Return: 0 or as lfs_alloc().
 */
int lfs_create_pair(struct lfs_fs *fs, const u32 tail[2],
		    struct lfs_pair *pair);

/**
 * lfs_compact - write a pair anew
 * @blocks: the pair
 *
 * Splits it when it is too full, and moves it to another block when the one
 * that is due is bad or worn; then fs->relocations has one more.
 *
 * Return: 0; -ENOSPC, and nothing has changed; -errno.
 */
int lfs_compact(struct lfs_fs *fs, const u32 blocks[2],
		const struct lfs_change *change);

#endif
