// SPDX-License-Identifier: GPL-2.0-only
/* Making a filesystem: the superblock, in both blocks of the first pair. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "compact.h"
#include "make.h"
#include "mount.h"

static bool are_limits_sound(const struct lfs_device *device,
			     const struct lfs_limits *limits)
{
	return (limits->version == LFS_VERSION_2_0 ||
		limits->version == LFS_VERSION_2_1) &&
	       limits->block_count >= 2 &&
	       limits->block_count <= device->block_count &&
	       limits->name_max && limits->name_max <= LFS_NAME_MAX_BYTES &&
	       limits->file_max && limits->file_max <= LFS_FILE_LIMIT_BYTES &&
	       limits->attr_max && limits->attr_max <= LFS_ATTR_LIMIT_BYTES;
}

static void encode(const struct lfs_device *device,
		   const struct lfs_limits *limits, u8 *super)
{
	put_unaligned_le32(limits->version, super + LFS_SUPER_VERSION);
	put_unaligned_le32(device->block_bytes, super + LFS_SUPER_BLOCK_BYTES);
	put_unaligned_le32(limits->block_count, super + LFS_SUPER_BLOCK_COUNT);
	put_unaligned_le32(limits->name_max, super + LFS_SUPER_NAME_MAX);
	put_unaligned_le32(limits->file_max, super + LFS_SUPER_FILE_MAX);
	put_unaligned_le32(limits->attr_max, super + LFS_SUPER_ATTR_MAX);
}

static int write_superblocks(struct lfs_fs *fs, const u8 *super)
{
	const struct lfs_piece edits[] = {
		{ .tag = lfs_tag(LFS_TYPE_CREATE, 0, 0) },
		{
			.tag = lfs_tag(LFS_TYPE_SUPER, 0, LFS_MAGIC_BYTES),
			.data = LFS_MAGIC,
		},
		{
			.tag = lfs_tag(LFS_TYPE_INLINE, 0, LFS_SUPER_BYTES),
			.data = super,
		},
	};
	const struct lfs_change change = { .edits = edits, .count = 3 };
	u32 block;
	int err = 0;

	for (block = 0; !err && block < 2; block++) {
		struct lfs_pair pair = {
			.blocks = { block, 1 - block },
			.revision = block + 1,
			.tail = { LFS_BLOCK_NULL, LFS_BLOCK_NULL },
		};

		err = lfs_write_pair(fs, &change, 0, 1, &pair);
	}
	return err;
}

int lfs_make(struct lfs_fs *fs, struct lfs_device *device,
	     const struct lfs_limits *limits, void *buffer, u32 buffer_bytes)
{
	u8 super[LFS_SUPER_BYTES];
	int err = lfs_check_device(device);

	if (err)
		return err;
	if (!are_limits_sound(device, limits) || !device->program_bytes ||
	    device->block_bytes % device->program_bytes || !buffer_bytes ||
	    buffer_bytes % device->program_bytes)
		return -EINVAL;
	memset(fs, 0, sizeof(*fs));
	fs->device = device;
	fs->block_count = limits->block_count;
	fs->version = limits->version;
	fs->buffer = buffer;
	fs->buffer_bytes = buffer_bytes;
	encode(device, limits, super);
	/* The old superblock, if any, could be newer than the first new one. */
	err = device->ops->erase(device, 1);
	return err ? err : write_superblocks(fs, super);
}
