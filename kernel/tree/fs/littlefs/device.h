/* SPDX-License-Identifier: GPL-2.0-only */
/* What a filesystem is on: flash, or an image of it. */
#ifndef _LITTLEFS_DEVICE_H
#define _LITTLEFS_DEVICE_H

#include <linux/types.h>

struct lfs_device;

/**
 * struct lfs_device_ops - what a device can do
 * @read: bytes of one block
 * @program: erased bytes of one block; @at and @bytes are multiples of the
 *	program unit
 * @erase: a whole block, to bytes of 0xff
 * @sync: what was programmed and erased before is durable before what follows
 *
 * The core calls with numbers inside the device only. Each returns 0 or
 * -errno, -EIO for a block that fails.
 */
struct lfs_device_ops {
	int (*read)(struct lfs_device *device, u32 block, u32 at, void *buffer,
		    u32 bytes);
	int (*program)(struct lfs_device *device, u32 block, u32 at,
		       const void *buffer, u32 bytes);
	int (*erase)(struct lfs_device *device, u32 block);
	int (*sync)(struct lfs_device *device);
};

/**
 * struct lfs_device - embedded in what the owner knows of the device
 * @ops: what it can do; only @read is needed for mounts that do not write
 * @block_bytes: what is erased at once
 * @block_count: how many of those
 * @program_bytes: what is programmed at once, a divisor of @block_bytes
 */
struct lfs_device {
	const struct lfs_device_ops *ops;
	u32 block_bytes;
	u32 block_count;
	u32 program_bytes;
};

#endif
