/* SPDX-License-Identifier: GPL-2.0-only */
/* User attributes of entries: a type of eight bits, and some bytes. */
#ifndef _LITTLEFS_ATTR_H
#define _LITTLEFS_ATTR_H

#include "fs.h"
#include "pair.h"

/* Sets of types, a bit for each. */
#define LFS_TYPE_WORDS		8

static inline bool lfs_types_have(const u32 types[LFS_TYPE_WORDS], u32 type)
{
	return types[type / 32] >> type % 32 & 1;
}

static inline void lfs_types_add(u32 types[LFS_TYPE_WORDS], u32 type)
{
	types[type / 32] |= 1u << type % 32;
}

/**
 * struct lfs_attr_walk - the attributes of an entry, newest first
 * @cursor: where in the log; the next change ends the walk
 * @id: of the entry there
 * @seen: the types that were found
 */
struct lfs_attr_walk {
	struct lfs_cursor cursor;
	u32 id;
	u32 seen[LFS_TYPE_WORDS];
};

/**
 * struct lfs_attr - an attribute
 * @type: 0 to 255
 * @block, @at: where its value is
 * @bytes: of its value
 */
struct lfs_attr {
	u32 type;
	u32 block;
	u32 at;
	u32 bytes;
};

/**
 * lfs_attr_start - begin with the attributes of an entry
 *
 * Return: 0 or as lfs_table_load().
 */
int lfs_attr_start(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   struct lfs_attr_walk *walk);

/**
 * lfs_attr_next - the next attribute
 *
 * Return: 1; 0 when there is none; -errno.
 */
int lfs_attr_next(const struct lfs_fs *fs, struct lfs_attr_walk *walk,
		  struct lfs_attr *attr);

/**
 * lfs_attr_read - read an attribute of an entry
 * @bytes: of @value, of which no more are used
 *
 * Return: the length of the attribute, which may be more than @bytes; -ENODATA
 * when there is none; or as lfs_attr_start().
 */
int lfs_attr_read(struct lfs_fs *fs, const u32 pair[2], u32 id, u32 type,
		  void *value, u32 bytes);

/**
 * lfs_attr_set - give an entry an attribute, or take it away
 * @value: NULL to take it away
 *
 * Return: 0; -E2BIG; -EROFS; -ENOSPC; -EUCLEAN; -EIO.
 */
int lfs_attr_set(struct lfs_fs *fs, const u32 pair[2], u32 id, u32 type,
		 const void *value, u32 bytes);

#endif
