/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing commits: tags and their data, through a buffer of the filesystem. */
#ifndef _LITTLEFS_LOG_H
#define _LITTLEFS_LOG_H

#include "attr.h"
#include "fs.h"
#include "pair.h"

/* What is left of a block for tags besides entries: tail, state, checksums. */
#define LFS_LOG_RESERVE_BYTES	(LFS_TAG_BYTES + LFS_PAIR_BYTES + \
				 LFS_TAG_BYTES + LFS_GSTATE_BYTES + \
				 LFS_LOG_END_BYTES)

/* FCRC and CRC at the end of a commit. */
#define LFS_LOG_END_BYTES	(LFS_TAG_BYTES + LFS_FCRC_BYTES + \
				 LFS_TAG_BYTES + LFS_CRC_BYTES)

/**
 * struct lfs_piece - a tag that is to be written
 * @tag: type, id and size
 * @data: its data in memory, or NULL
 * @block, @at: its data on the medium, without @data
 * @attrs: in the place of all this, the attributes that this walk will find;
 *	@tag has the id that they are for
 */
struct lfs_piece {
	u32 tag;
	const void *data;
	u32 block;
	u32 at;
	const struct lfs_attr_walk *attrs;
};

/**
 * struct lfs_log - a commit that is being written
 * @fs: the filesystem, whose buffer it uses
 * @block: of the log
 * @at: behind what was written, buffered bytes included
 * @buffered: how many bytes before @at are in the buffer only
 * @tag: what the next tag is XORed with
 * @crc: of the commit
 */
struct lfs_log {
	struct lfs_fs *fs;
	u32 block;
	u32 at;
	u32 buffered;
	u32 tag;
	u32 crc;
};

/* A commit behind those that @pair has. */
struct lfs_log lfs_log_append(struct lfs_fs *fs, const struct lfs_pair *pair);

/**
 * lfs_log_create - erase a block and begin its log
 *
 * Return: 0 or -errno.
 */
int lfs_log_create(struct lfs_fs *fs, u32 block, u32 revision,
		   struct lfs_log *log);

/* Appends a tag and its data. Returns 0, -ENOSPC or -errno. */
int lfs_log_put(struct lfs_log *log, const struct lfs_piece *piece);

/**
 * lfs_log_finish - end the commit, make it durable
 * @pair: out: end, tags and FCRC of the log
 *
 * What was programmed has been read back.
 *
 * Return: 0, -ENOSPC, -EIO.
 */
int lfs_log_finish(struct lfs_log *log, struct lfs_pair *pair);

/**
 * lfs_log_is_open - whether a commit can follow those of the pair in fs->table
 * @bytes: of its tags, but for those at its end
 *
 * Return: 1, 0 or -errno.
 */
int lfs_log_is_open(struct lfs_fs *fs, u32 bytes);

/* Programs bytes of a block and reads them back. Returns 0 or -errno. */
int lfs_program(struct lfs_fs *fs, u32 block, u32 at, const void *bytes,
		u32 count);

/* Whether all bytes of a block from @at to @end are erased: 1, 0, -errno. */
int lfs_is_blank(const struct lfs_fs *fs, u32 block, u32 at, u32 end);

#endif
