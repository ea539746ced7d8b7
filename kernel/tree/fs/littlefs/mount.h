/* SPDX-License-Identifier: GPL-2.0-only */
/* Mounting: the superblock, and the state of the whole. */
#ifndef _LITTLEFS_MOUNT_H
#define _LITTLEFS_MOUNT_H

#include "fs.h"

/* Whether there can be a filesystem on a device: 0 or -EINVAL. */
int lfs_check_device(const struct lfs_device *device);

/**
 * lfs_mount - make a filesystem of what is on a device
 * @device: lives at least as long as @fs; its block size must be the medium's
 *
 * Reads the list of all pairs once, writes nothing. There is nothing to undo.
 *
 * Return: 0; -EINVAL for no superblock, another block size, more blocks than
 * the device has, limits that Linux cannot serve, or a version that is not 2.0 or
 * 2.1; -EUCLEAN, also where there is no pair that could be read; -EIO.
 */
int lfs_mount(struct lfs_fs *fs, struct lfs_device *device);

#endif
