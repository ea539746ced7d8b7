/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When the contents of a file changed: an attribute of it, in seconds since
 * 1970, little-endian. It is written with the contents, in one commit.
 */
#ifndef _LITTLEFS_MTIME_H
#define _LITTLEFS_MTIME_H

#include "fs.h"

/*
 * seen: 't' of the littlefs of ESP-IDF, whose time_t had four bytes and has
 * eight; ours has eight
 */
#define LFS_ATTR_MTIME		0x74
#define LFS_MTIME_BYTES		8

void lfs_mtime_encode(s64 seconds, u8 stored[LFS_MTIME_BYTES]);

/**
 * lfs_mtime_load - read when a file changed
 * @seconds: out; 0 for one that does not say it
 *
 * Return: 0 or as lfs_attr_read().
 */
int lfs_mtime_load(struct lfs_fs *fs, const u32 pair[2], u32 id, s64 *seconds);

/* Sets it alone. Returns as lfs_attr_set(). */
int lfs_mtime_set(struct lfs_fs *fs, const u32 pair[2], u32 id, s64 seconds);

#endif
