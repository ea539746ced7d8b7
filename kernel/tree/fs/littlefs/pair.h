/* SPDX-License-Identifier: GPL-2.0-only */
/* Metadata pairs: the current block, the end of its log, its tags backwards. */
#ifndef _LITTLEFS_PAIR_H
#define _LITTLEFS_PAIR_H

#include "fs.h"

/**
 * struct lfs_cursor - a place in a log that is read backwards
 * @block: of the log
 * @at: of the tag, in bytes
 * @tag: the tag there
 * @before: the tag before
 */
struct lfs_cursor {
	u32 block;
	u32 at;
	u32 tag;
	u32 before;
};

static inline bool lfs_pair_is_null(const u32 blocks[2])
{
	return blocks[0] == LFS_BLOCK_NULL && blocks[1] == LFS_BLOCK_NULL;
}

static inline bool lfs_pair_has(const u32 blocks[2], u32 block)
{
	return blocks[0] == block || blocks[1] == block;
}

/* Pairs are sets; after a cut in a relocation, two names share one block. */
static inline bool lfs_pair_shares(const u32 a[2], const u32 b[2])
{
	return lfs_pair_has(a, b[0]) || lfs_pair_has(a, b[1]);
}

/* Whether both blocks can be what a pair is made of. */
bool lfs_pair_is_sound(const struct lfs_fs *fs, const u32 blocks[2]);

/* The eight bytes of a pair. */
void lfs_pair_decode(const void *bytes, u32 blocks[2]);
void lfs_pair_encode(const u32 blocks[2], void *bytes);

static inline bool lfs_pair_is_same(const u32 a[2], const u32 b[2])
{
	return (a[0] == b[0] && a[1] == b[1]) || (a[0] == b[1] && a[1] == b[0]);
}

/**
 * struct lfs_feed - who gets the tags of a log while its checksums are checked
 * @take: a tag whose data are at @at, 0 or -errno
 * @table: for @take; without entries where a log begins
 * @has_failed: @take has failed, and is not called until another log begins
 * @is_exact: @take has got all tags of good commits and no others
 */
struct lfs_feed {
	int (*take)(struct lfs_table *table, u32 tag, u32 at);
	struct lfs_table *table;
	bool has_failed;
	bool is_exact;
};

/**
 * lfs_pair_fetch - find the current block of a pair, and the end of its log
 * @blocks: the pair, in any order; may be inside of @pair
 * @feed: gets the tags
 *
 * Return: 0; -EUCLEAN when neither block has a sound commit, or the current one
 * has tags that cannot be; -EIO when neither can be read.
 */
int lfs_pair_fetch(const struct lfs_fs *fs, const u32 blocks[2],
		   struct lfs_pair *pair, struct lfs_feed *feed);

/**
 * lfs_pair_follow - read what was appended to a log
 * @pair: in: as it was before; out: as lfs_pair_fetch() would find it
 * @feed: gets the tags that are new
 *
 * Return: as lfs_pair_fetch().
 */
int lfs_pair_follow(const struct lfs_fs *fs, struct lfs_pair *pair,
		    struct lfs_feed *feed);

/* A cursor behind the last tag of the log of @pair. */
struct lfs_cursor lfs_cursor_make(const struct lfs_pair *pair);

/**
 * lfs_cursor_back - go to the tag before
 *
 * Return: 1; 0 when there is none; -errno.
 */
int lfs_cursor_back(const struct lfs_fs *fs, struct lfs_cursor *cursor);

#endif
