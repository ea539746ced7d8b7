/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose an entry is: an attribute of it, which upstream takes for one of its
 * user's.
 */
#ifndef _LITTLEFS_OWNER_H
#define _LITTLEFS_OWNER_H

#include "fs.h"

/* ours: 'o', twelve bytes: uid, gid, permissions, each little-endian */
#define LFS_ATTR_OWNER		0x6f
#define LFS_OWNER_BYTES		12

/* Permissions, and that in a directory owners alone remove: no more is kept. */
#define LFS_MODE_MASK		01777

/**
 * struct lfs_owner - whose an entry is
 * @uid, @gid: of Linux, without a namespace
 * @mode: permissions, of 01777
 */
struct lfs_owner {
	u32 uid;
	u32 gid;
	u32 mode;
};

void lfs_owner_encode(const struct lfs_owner *owner, u8 stored[LFS_OWNER_BYTES]);

/**
 * lfs_owner_load - read whose an entry is
 * @pair, @id: the entry; of the root directory the root pair and 0
 * @owner: as it was when the entry does not say
 *
 * Return: 0 or as lfs_attr_read().
 */
int lfs_owner_load(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   struct lfs_owner *owner);

/**
 * lfs_owner_set - give an entry to an owner
 * @pair, @id: as lfs_owner_load() takes them
 *
 * Return: as lfs_attr_set(), or as lfs_quota_charge() for the new owner.
 */
int lfs_owner_set(struct lfs_fs *fs, const u32 pair[2], u32 id,
		  const struct lfs_owner *owner);

/**
 * lfs_dir_place - find the entry of a directory
 * @head: the pair that it begins in
 * @pair, @id: out: as lfs_owner_load() takes it
 *
 * Reads all directories. Return: 0, -ENOENT when it has no name any more,
 * -EUCLEAN, -EIO.
 */
int lfs_dir_place(struct lfs_fs *fs, const u32 head[2], u32 pair[2], u32 *id);

#endif
