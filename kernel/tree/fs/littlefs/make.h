/* SPDX-License-Identifier: GPL-2.0-only */
/* Making a filesystem on a device. */
#ifndef _LITTLEFS_MAKE_H
#define _LITTLEFS_MAKE_H

#include "fs.h"

/**
 * struct lfs_limits - what is fixed for all times when a filesystem is made
 * @version: LFS_VERSION_*
 * @block_count: how many blocks of the device it has
 * @name_max: longest name, in bytes, up to LFS_NAME_MAX_BYTES
 * @file_max: largest file, in bytes, up to LFS_FILE_LIMIT_BYTES
 * @attr_max: largest attribute, in bytes, up to LFS_ATTR_LIMIT_BYTES
 */
struct lfs_limits {
	u32 version;
	u32 block_count;
	u32 name_max;
	u32 file_max;
	u32 attr_max;
};

/**
 * lfs_make - make an empty filesystem
 * @fs: for use while this lasts
 * @buffer, @buffer_bytes: as in struct lfs_config
 *
 * What the device had is lost from the begin on. Mount it after that.
 *
 * Return: 0; -EINVAL for limits or a device that cannot be; -EIO.
 */
int lfs_make(struct lfs_fs *fs, struct lfs_device *device,
	     const struct lfs_limits *limits, void *buffer, u32 buffer_bytes);

#endif
