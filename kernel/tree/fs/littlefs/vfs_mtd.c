// SPDX-License-Identifier: GPL-2.0-only
/* The device of the core: a partition of flash. */

#include <linux/mtd/mtd.h>

#include "vfs.h"

static struct mtd_info *mtd_of(struct lfs_device *device)
{
	return container_of(device, struct littlefs_mount, device)->mtd;
}

static loff_t place(const struct lfs_device *device, u32 block, u32 at)
{
	return (loff_t)block * device->block_bytes + at;
}

/* All that the core has to know of a block is that it fails. */
static int take_result(int err, size_t done, u32 bytes)
{
	if (err == -ENOMEM || err == -EROFS)
		return err;
	return err || done != bytes ? -EIO : 0;
}

static int read_block(struct lfs_device *device, u32 block, u32 at,
		      void *buffer, u32 bytes)
{
	size_t done = 0;
	int err = mtd_read(mtd_of(device), place(device, block, at), bytes,
			   &done, buffer);

	return take_result(mtd_is_bitflip(err) ? 0 : err, done, bytes);
}

static int program_block(struct lfs_device *device, u32 block, u32 at,
			 const void *buffer, u32 bytes)
{
	size_t done = 0;
	int err = mtd_write(mtd_of(device), place(device, block, at), bytes,
			    &done, buffer);

	return take_result(err, done, bytes);
}

static int erase_block(struct lfs_device *device, u32 block)
{
	struct erase_info erase = {
		.addr = place(device, block, 0),
		.len = device->block_bytes,
	};

	return take_result(mtd_erase(mtd_of(device), &erase), erase.len,
			   device->block_bytes);
}

static int sync_device(struct lfs_device *device)
{
	mtd_sync(mtd_of(device));
	return 0;
}

static const struct lfs_device_ops mtd_ops = {
	.read = read_block,
	.program = program_block,
	.erase = erase_block,
	.sync = sync_device,
};

void littlefs_mtd_init(struct littlefs_mount *mount, struct mtd_info *mtd)
{
	mount->mtd = mtd;
	mount->name = mtd->name;
	mount->device = (struct lfs_device){
		.ops = &mtd_ops,
		.block_bytes = mtd->erasesize,
		.block_count = mtd_div_by_eb(mtd->size, mtd),
		.program_bytes = mtd->writesize,
	};
}
