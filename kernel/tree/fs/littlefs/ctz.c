// SPDX-License-Identifier: GPL-2.0-only
/* The contents of files: skip lists of blocks. */

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/unaligned.h>

#include "ctz.h"

/*
 * DESIGN.md, "CTZ skip-lists": n blocks have 2n - popcount(n) pointers but for
 * the ones that popcount corrects. The estimate of the first line is at most
 * one too high, which the second line mends.
 */
u32 lfs_ctz_index(u32 block_bytes, u32 position, u32 *at)
{
	u32 payload = block_bytes - 2 * LFS_POINTER_BYTES;
	u32 index = position / payload;

	if (index)
		index = (position - LFS_POINTER_BYTES *
			 (hweight32(index - 1) + 2)) / payload;
	*at = position - payload * index - LFS_POINTER_BYTES * hweight32(index);
	return index;
}

u32 lfs_ctz_blocks(const struct lfs_fs *fs, u32 size)
{
	u32 at;

	return size ? lfs_ctz_index(fs->device->block_bytes, size - 1, &at) + 1 :
		      0;
}

bool lfs_ctz_is_sound(const struct lfs_fs *fs, const struct lfs_ctz *ctz)
{
	u32 at;

	if (ctz->size > fs->file_max)
		return false;
	if (!ctz->size)
		return true;
	return ctz->head < fs->block_count &&
	       lfs_ctz_index(fs->device->block_bytes, ctz->size - 1, &at) <
		       fs->block_count;
}

int lfs_ctz_find(const struct lfs_fs *fs, const struct lfs_ctz *ctz,
		 u32 position, u32 *block, u32 *at)
{
	u32 block_bytes = fs->device->block_bytes, here = ctz->head, unused;
	u32 index = lfs_ctz_index(block_bytes, ctz->size - 1, &unused);
	u32 target = lfs_ctz_index(block_bytes, position, at);

	while (index > target) {
		u32 skip = min_t(u32, ilog2(index - target), __ffs(index));
		u8 stored[LFS_POINTER_BYTES];
		int err = lfs_read(fs, here, LFS_POINTER_BYTES * skip, stored,
				   sizeof(stored));

		if (err)
			return err;
		here = get_unaligned_le32(stored);
		index -= 1u << skip;
	}
	*block = here;
	return 0;
}

static int find_near(const struct lfs_fs *fs, const struct lfs_ctz *ctz,
		     struct lfs_ctz_near *near, u32 position, u32 *at)
{
	u32 index = lfs_ctz_index(fs->device->block_bytes, position, at);
	int err;

	if (near->is_known && near->index == index)
		return 0;
	err = lfs_ctz_find(fs, ctz, position, &near->block, at);
	near->index = index;
	near->is_known = !err;
	return err;
}

int lfs_ctz_read(const struct lfs_fs *fs, const struct lfs_ctz *ctz,
		 struct lfs_ctz_near *near, u32 position, void *buffer,
		 u32 bytes)
{
	u8 *out = buffer;

	while (bytes) {
		u32 at, part;
		int err = find_near(fs, ctz, near, position, &at);

		if (err)
			return err;
		part = min(bytes, fs->device->block_bytes - at);
		err = lfs_read(fs, near->block, at, out, part);
		if (err)
			return err;
		position += part;
		out += part;
		bytes -= part;
	}
	return 0;
}
