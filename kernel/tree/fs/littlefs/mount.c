// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounting: the superblock, and the state of the whole.
 *
 * The list of pairs begins with those that have the superblock, {0, 1} first;
 * the last of these is the root directory.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "gstate.h"
#include "index.h"
#include "mount.h"
#include "pair.h"
#include "table.h"
#include "traverse.h"

static bool has_superblock(const struct lfs_table *table)
{
	return table->count && table->slots[0].name == LFS_NAME_SUPER;
}

/* 0 stands for the largest that there is. */
static int take_limit(const u8 *super, u32 offset, u32 max, u32 *limit)
{
	u32 value = get_unaligned_le32(super + offset);

	if (value > max)
		return -EINVAL;
	*limit = value ? value : max;
	return 0;
}

static int take_geometry(struct lfs_fs *fs, const u8 *super,
			 u32 *block_count)
{
	u32 version = get_unaligned_le32(super + LFS_SUPER_VERSION);
	u32 count = get_unaligned_le32(super + LFS_SUPER_BLOCK_COUNT);

	if (version != LFS_VERSION_2_0 && version != LFS_VERSION_2_1)
		return -EINVAL;
	if (get_unaligned_le32(super + LFS_SUPER_BLOCK_BYTES) !=
	    fs->device->block_bytes)
		return -EINVAL;
	if (count < 2 || count > fs->device->block_count)
		return -EINVAL;
	fs->version = version;
	*block_count = count;
	return 0;
}

/* Of the pair in fs->table. */
static int take_superblock(struct lfs_fs *fs, u32 *block_count)
{
	const struct lfs_slot *slot = &fs->table.slots[0];
	u32 block = fs->table.pair.blocks[0];
	u8 magic[LFS_MAGIC_BYTES], super[LFS_SUPER_BYTES];
	int err;

	if (slot->name_bytes != sizeof(magic) ||
	    slot->data != LFS_STRUCT_INLINE || slot->data_bytes < sizeof(super))
		return -EINVAL;
	err = lfs_read(fs, block, slot->name_at, magic, sizeof(magic));
	if (!err)
		err = lfs_read(fs, block, slot->data_at, super, sizeof(super));
	if (err)
		return err;
	if (memcmp(magic, LFS_MAGIC, sizeof(magic)))
		return -EINVAL;
	err = take_geometry(fs, super, block_count);
	if (!err)
		err = take_limit(super, LFS_SUPER_NAME_MAX, LFS_NAME_MAX_BYTES,
				 &fs->name_max);
	if (!err)
		err = take_limit(super, LFS_SUPER_FILE_MAX,
				 LFS_FILE_LIMIT_BYTES, &fs->file_max);
	if (!err)
		err = take_limit(super, LFS_SUPER_ATTR_MAX,
				 LFS_ATTR_LIMIT_BYTES, &fs->attr_max);
	return err;
}

/* Leaves the number of blocks to the end: older superblocks may have less. */
static int find_root(struct lfs_fs *fs, u32 *block_count)
{
	u32 pair[2] = { 0, 1 }, pairs_left = fs->block_count / 2;
	bool is_first = true;

	while (pairs_left--) {
		int err = lfs_table_load(fs, pair);

		if (err)
			return err;
		if (!has_superblock(&fs->table))
			return is_first ? -EINVAL : 0;
		is_first = false;
		err = take_superblock(fs, block_count);
		if (err)
			return err;
		memcpy(fs->root, pair, sizeof(pair));
		memcpy(pair, fs->table.pair.tail, sizeof(pair));
		if (!fs->table.pair.is_split || lfs_pair_is_null(pair))
			return 0;
	}
	return -EUCLEAN;
}

static int sum_gstate(struct lfs_fs *fs)
{
	struct lfs_list list = lfs_list_make(fs);
	bool begins = true;
	int more;

	while ((more = lfs_list_next(fs, &list)) == 1) {
		fs->has_empty |= !begins && !fs->table.count;
		lfs_index_add(fs, begins || lfs_pair_is_same(
						    fs->table.pair.blocks,
						    fs->root));
		begins = !fs->table.pair.is_split;
		lfs_gstate_add(fs->gstate, fs->table.pair.delta);
		/* Where allocation starts: elsewhere after each change. */
		fs->seed = fs->seed * 31 + fs->table.pair.revision +
			   fs->table.pair.end;
	}
	if (more)
		return more;
	lfs_index_end(fs);
	/* The list may have other names for pairs than the tree. */
	if (lfs_gstate_has_orphans(fs))
		lfs_index_clear(fs);
	memcpy(fs->gstate_stored, fs->gstate, sizeof(fs->gstate));
	return lfs_gstate_is_sound(fs) ? 0 : -EUCLEAN;
}

int lfs_check_device(const struct lfs_device *device)
{
	return device->block_bytes < LFS_BLOCK_MIN_BYTES ||
			       device->block_bytes > LFS_BLOCK_MAX_BYTES ||
			       device->block_bytes % 4 ||
			       device->block_count < 2 ?
		       -EINVAL :
		       0;
}

int lfs_mount(struct lfs_fs *fs, struct lfs_device *device)
{
	u32 block_count = 0;
	int err = lfs_check_device(device);

	if (err)
		return err;
	memset(fs, 0, sizeof(*fs));
	lfs_index_clear(fs);
	fs->device = device;
	fs->block_count = device->block_count;
	err = find_root(fs, &block_count);
	if (err)
		return err;
	fs->block_count = block_count;
	return sum_gstate(fs);
}
