// SPDX-License-Identifier: GPL-2.0-only
/* Directories: their entries, one after the other or by name. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dir.h"
#include "gstate.h"
#include "index.h"
#include "pair.h"
#include "table.h"

#define CHUNK_BYTES	64

struct lfs_dir lfs_dir_make(const struct lfs_fs *fs, const u32 pair[2])
{
	return (struct lfs_dir){
		.pair = { pair[0], pair[1] },
		.pairs_left = fs->block_count,
	};
}

/* Names that a path can have: others are there only to do harm. */
static int check_name(const struct lfs_fs *fs, const struct lfs_slot *slot)
{
	u32 block = fs->table.pair.blocks[0], bytes = slot->name_bytes;
	u8 chunk[CHUNK_BYTES];
	u32 done;

	if (!bytes || bytes > fs->name_max)
		return -EUCLEAN;
	for (done = 0; done < bytes; done += sizeof(chunk)) {
		u32 part = min_t(u32, bytes - done, sizeof(chunk));
		int err = lfs_read(fs, block, slot->name_at + done, chunk,
				   part);

		if (err)
			return err;
		if (memchr(chunk, '/', part) || memchr(chunk, 0, part) ||
		    (bytes <= 2 && !memcmp(chunk, "..", bytes)))
			return -EUCLEAN;
	}
	return 0;
}

/* Of an entry of the pair in fs->table. */
static bool can_be_seen(const struct lfs_fs *fs, const u32 pair[2], u32 id)
{
	const struct lfs_slot *slot = &fs->table.slots[id];

	return lfs_slot_is_name(slot) && !lfs_gstate_has_moved(fs, pair, id) &&
	       !check_name(fs, slot);
}

/*
 * Returns 1 with the next entry in fs->table whose name can be one, 0, -errno.
 */
static int next_slot(struct lfs_fs *fs, struct lfs_dir *dir, u32 *id)
{
	struct lfs_table *table = &fs->table;

	while (dir->pairs_left) {
		int err = lfs_table_load(fs, dir->pair);

		if (err)
			dir->pairs_left = 0;
		if (err)
			return err;
		while (dir->id < table->count) {
			*id = dir->id++;
			if (can_be_seen(fs, dir->pair, *id))
				return 1;
		}
		if (!table->pair.is_split ||
		    lfs_pair_is_null(table->pair.tail))
			return dir->pairs_left = 0;
		memcpy(dir->pair, table->pair.tail, sizeof(dir->pair));
		dir->id = 0;
		if (!--dir->pairs_left)
			return -EUCLEAN;
	}
	return 0;
}

static int take_dir(const struct lfs_fs *fs, const struct lfs_slot *slot,
		    const u8 *data, struct lfs_entry *entry)
{
	if (slot->data != LFS_STRUCT_DIR)
		return -EUCLEAN;
	lfs_pair_decode(data, entry->child);
	return lfs_pair_is_sound(fs, entry->child) ? 0 : -EUCLEAN;
}

static int take_file(const struct lfs_fs *fs, const struct lfs_slot *slot,
		     const u8 *data, struct lfs_entry *entry)
{
	entry->is_inline = slot->data == LFS_STRUCT_INLINE;
	entry->inline_at = slot->data_at;
	entry->ctz.size = slot->data_bytes;
	if (entry->is_inline)
		return 0;
	if (slot->data != LFS_STRUCT_CTZ)
		return -EUCLEAN;
	entry->ctz.head = get_unaligned_le32(data);
	entry->ctz.size = get_unaligned_le32(data + 4);
	return lfs_ctz_is_sound(fs, &entry->ctz) ? 0 : -EUCLEAN;
}

/* An entry of the pair in fs->table. */
static int take_entry(const struct lfs_fs *fs, u32 id, struct lfs_entry *entry)
{
	const struct lfs_table *table = &fs->table;
	const struct lfs_slot *slot = &table->slots[id];
	u32 block = table->pair.blocks[0];
	u8 data[LFS_CTZ_BYTES] = { 0 };
	int err;

	*entry = (struct lfs_entry){
		.pair = { block, table->pair.blocks[1] },
		.id = id,
		.name_block = block,
		.name_at = slot->name_at,
		.name_bytes = slot->name_bytes,
		.is_dir = slot->name == LFS_NAME_DIR,
	};
	err = lfs_read(fs, block, slot->data_at, data,
		       min_t(u32, slot->data_bytes, sizeof(data)));
	if (err)
		return err;
	return entry->is_dir ? take_dir(fs, slot, data, entry) :
			       take_file(fs, slot, data, entry);
}

int lfs_dir_next(struct lfs_fs *fs, struct lfs_dir *dir,
		 struct lfs_entry *entry)
{
	u32 id = 0;
	int more = next_slot(fs, dir, &id), err;

	if (more <= 0)
		return more;
	err = take_entry(fs, id, entry);
	return err ? err : 1;
}

int lfs_name_compare(const struct lfs_fs *fs, u32 block, u32 at, u32 bytes,
		     const void *name, u32 name_bytes, int *order)
{
	u32 common = min(name_bytes, bytes), done;
	u8 chunk[CHUNK_BYTES];

	for (done = 0; done < common; done += sizeof(chunk)) {
		u32 part = min_t(u32, common - done, sizeof(chunk));
		int err = lfs_read(fs, block, at + done, chunk, part);

		if (err)
			return err;
		*order = memcmp(chunk, (const u8 *)name + done, part);
		if (*order)
			return 0;
	}
	*order = (int)name_bytes - (int)bytes;
	return 0;
}

int lfs_name_order(const struct lfs_fs *fs, const struct lfs_slot *slot,
		   const void *name, u32 name_bytes, int *order)
{
	return lfs_name_compare(fs, fs->table.pair.blocks[0], slot->name_at,
				slot->name_bytes, name, name_bytes, order);
}

/* In the pair in fs->table. Returns 1 and its id, 0, -errno. */
static int find_in_pair(const struct lfs_fs *fs, const void *name,
			u32 name_bytes, u32 *id)
{
	const struct lfs_table *table = &fs->table;

	for (*id = 0; *id < table->count; ++*id) {
		const struct lfs_slot *slot = &table->slots[*id];
		int order, err;

		if (slot->name_bytes != name_bytes ||
		    !can_be_seen(fs, table->pair.blocks, *id))
			continue;
		err = lfs_name_order(fs, slot, name, name_bytes, &order);
		if (err || !order)
			return err ? err : 1;
	}
	return 0;
}

static int find_in_range(struct lfs_fs *fs, struct lfs_range range,
			 const void *name, u32 name_bytes,
			 struct lfs_entry *entry)
{
	u32 pairs_left = fs->block_count, id = 0;

	do {
		int err = pairs_left-- ? lfs_table_load(fs, range.next) :
					 -EUCLEAN;

		if (!err)
			err = find_in_pair(fs, name, name_bytes, &id);
		if (err)
			return err < 0 ? err : take_entry(fs, id, entry);
	} while (lfs_range_next(fs, &range));
	return -ENOENT;
}

int lfs_dir_find(struct lfs_fs *fs, const u32 pair[2], const void *name,
		 u32 name_bytes, struct lfs_entry *entry)
{
	struct lfs_range range;
	int err = lfs_index_seek(fs, pair, name, name_bytes, &range);
	int is_sorted;

	if (!err)
		err = find_in_range(fs, range, name, name_bytes, entry);
	if (err != -ENOENT || range.is_final)
		return err;
	is_sorted = lfs_index_check(fs, pair);
	if (is_sorted)
		return is_sorted < 0 ? is_sorted : -ENOENT;
	return find_in_range(fs, lfs_range_all(pair), name, name_bytes, entry);
}

int lfs_entry_load(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   struct lfs_entry *entry)
{
	int err = lfs_table_load(fs, pair);

	if (err)
		return err;
	if (id >= fs->table.count || !lfs_slot_is_name(&fs->table.slots[id]))
		return -ENOENT;
	return take_entry(fs, id, entry);
}
