// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entries of one metadata pair.
 *
 * Ids are positions and move with each create and delete, so that a log has to
 * be read from its start to know what an id means at its end. That is done
 * once, in one pass; all that is asked of a pair is answered from the table.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "attr.h"
#include "index.h"
#include "pair.h"
#include "table.h"

static int grow(struct lfs_table *table, u32 count)
{
	if (count > LFS_ENTRIES_MAX)
		return -EUCLEAN;
	memset(&table->slots[table->count], 0,
	       (count - table->count) * sizeof(table->slots[0]));
	table->count = count;
	return 0;
}

static int take_create(struct lfs_table *table, u32 id)
{
	struct lfs_slot *slot;
	int err;

	if (id > table->count)
		return -EUCLEAN;
	err = grow(table, table->count + 1);
	if (err)
		return err;
	slot = &table->slots[id];
	memmove(slot + 1, slot, (table->count - 1 - id) * sizeof(*slot));
	memset(slot, 0, sizeof(*slot));
	return 0;
}

static int take_delete(struct lfs_table *table, u32 id)
{
	struct lfs_slot *slot;

	if (id >= table->count)
		return -EUCLEAN;
	slot = &table->slots[id];
	table->count--;
	memmove(slot, slot + 1, (table->count - id) * sizeof(*slot));
	return 0;
}

static int take_splice(struct lfs_table *table, u32 tag, u32 data_at)
{
	if (lfs_tag_type(tag) == LFS_TYPE_CREATE)
		return take_create(table, lfs_tag_id(tag));
	if (lfs_tag_type(tag) == LFS_TYPE_DELETE)
		return take_delete(table, lfs_tag_id(tag));
	return 0;
}

static const struct {
	u32 type;
	enum lfs_name name;
} name_types[] = {
	{ LFS_TYPE_FILE, LFS_NAME_FILE },
	{ LFS_TYPE_DIR, LFS_NAME_DIR },
	{ LFS_TYPE_SUPER, LFS_NAME_SUPER },
};

/* Names make their entries in what a compaction wrote. */
static int take_name(struct lfs_table *table, u32 tag, u32 data_at)
{
	u32 id = lfs_tag_id(tag);
	struct lfs_slot *slot;
	int err = 0;
	size_t i;

	if (id >= table->count)
		err = grow(table, id + 1);
	if (err)
		return err;
	slot = &table->slots[id];
	slot->name_at = data_at;
	slot->name_bytes = lfs_tag_data_bytes(tag);
	slot->name = LFS_NAME_NONE;
	for (i = 0; i < ARRAY_SIZE(name_types); i++)
		if (name_types[i].type == lfs_tag_type(tag))
			slot->name = name_types[i].name;
	return 0;
}

static const struct {
	u32 type;
	u32 min_bytes;
	enum lfs_struct data;
} struct_types[] = {
	{ LFS_TYPE_DIR_STRUCT, LFS_PAIR_BYTES, LFS_STRUCT_DIR },
	{ LFS_TYPE_INLINE, 0, LFS_STRUCT_INLINE },
	{ LFS_TYPE_CTZ, LFS_CTZ_BYTES, LFS_STRUCT_CTZ },
};

static int take_struct(struct lfs_table *table, u32 tag, u32 data_at)
{
	u32 id = lfs_tag_id(tag), bytes = lfs_tag_data_bytes(tag);
	struct lfs_slot *slot;
	size_t i;

	if (id >= table->count || table->part != LFS_PART_STRUCTS)
		return 0;
	slot = &table->slots[id];
	slot->data_at = data_at;
	slot->data_bytes = bytes;
	slot->data = LFS_STRUCT_NONE;
	for (i = 0; i < ARRAY_SIZE(struct_types); i++)
		if (struct_types[i].type == lfs_tag_type(tag) &&
		    bytes >= struct_types[i].min_bytes)
			slot->data = struct_types[i].data;
	return 0;
}

static int take_attr(struct lfs_table *table, u32 tag, u32 data_at)
{
	u32 id = lfs_tag_id(tag), type = lfs_tag_chunk(tag);
	struct lfs_slot *slot;

	if (id >= table->count)
		return 0;
	slot = &table->slots[id];
	slot->has_attrs = 1;
	lfs_types_add(table->attr_types, type);
	if (table->part != type)
		return 0;
	slot->data_at = data_at;
	slot->data_bytes = lfs_tag_data_bytes(tag);
	slot->data = lfs_tag_size(tag) == LFS_SIZE_DELETED ?
			     LFS_STRUCT_NONE :
			     LFS_STRUCT_INLINE;
	return 0;
}

static int (*const take_kind[8])(struct lfs_table *table, u32 tag,
				 u32 data_at) = {
	[LFS_KIND_NAME] = take_name,
	[LFS_KIND_STRUCT] = take_struct,
	[LFS_KIND_ATTR] = take_attr,
	[LFS_KIND_SPLICE] = take_splice,
};

static int take_tag(struct lfs_table *table, u32 tag, u32 data_at)
{
	return take_kind[lfs_tag_kind(tag)] ?
		       take_kind[lfs_tag_kind(tag)](table, tag, data_at) :
		       0;
}

/* For a log that ends in a commit that is not good, and for its errors. */
static int parse_log(struct lfs_fs *fs)
{
	struct lfs_table *table = &fs->table;
	u32 at = LFS_LOG_START, tag = LFS_TAG_NULL;
	int err = 0;

	table->count = 0;
	/* lfs_pair_fetch() has found the data of each tag before the end. */
	while (!err && at < table->pair.end) {
		u8 stored[LFS_TAG_BYTES];

		err = lfs_read(fs, table->pair.blocks[0], at, stored,
			       sizeof(stored));
		if (err)
			break;
		tag ^= get_unaligned_be32(stored);
		at += LFS_TAG_BYTES;
		err = take_tag(table, tag, at);
		at += lfs_tag_data_bytes(tag);
		if (lfs_tag_ends_commit(tag) && lfs_tag_chunk(tag) & 1)
			tag ^= LFS_TAG_INVALID;
	}
	return err;
}

int lfs_table_load(struct lfs_fs *fs, const u32 blocks[2])
{
	struct lfs_table *table = &fs->table;
	struct lfs_feed feed = { .take = take_tag, .table = table };
	int err;

	if (table->is_loaded && lfs_pair_is_same(table->pair.blocks, blocks))
		return 0;
	lfs_table_forget(fs);
	table->part = LFS_PART_STRUCTS;
	memset(table->attr_types, 0, sizeof(table->attr_types));
	err = lfs_pair_fetch(fs, blocks, &table->pair, &feed);
	if (!err && !feed.is_exact)
		err = parse_log(fs);
	table->is_loaded = !err;
	if (!err)
		lfs_index_refresh(fs);
	return err;
}

int lfs_table_parse(struct lfs_fs *fs, u32 part)
{
	struct lfs_table *table = &fs->table;
	int err;

	table->is_loaded = false;
	table->part = part;
	err = parse_log(fs);
	table->is_loaded = !err && part == LFS_PART_STRUCTS;
	return err;
}

void lfs_table_follow(struct lfs_fs *fs)
{
	struct lfs_table *table = &fs->table;
	struct lfs_feed feed = { .take = take_tag, .table = table };
	int err = lfs_pair_follow(fs, &table->pair, &feed);

	if (!err && feed.is_exact) {
		lfs_index_refresh(fs);
		return;
	}
	lfs_table_forget(fs);
	lfs_index_move(fs, table->pair.blocks, table->pair.blocks);
}

void lfs_table_forget(struct lfs_fs *fs)
{
	fs->table.is_loaded = false;
	fs->table.blank_end = 0;
}

int lfs_table_child(const struct lfs_fs *fs, u32 id, u32 child[2])
{
	const struct lfs_slot *slot = &fs->table.slots[id];
	u8 stored[LFS_PAIR_BYTES];
	int err;

	if (id >= fs->table.count || slot->data != LFS_STRUCT_DIR)
		return -ENOENT;
	err = lfs_read(fs, fs->table.pair.blocks[0], slot->data_at, stored,
		       sizeof(stored));
	if (!err)
		lfs_pair_decode(stored, child);
	return err;
}
