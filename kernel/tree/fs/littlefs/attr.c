// SPDX-License-Identifier: GPL-2.0-only
/* User attributes of entries. */

#include <linux/errno.h>
#include <linux/kernel.h>

#include "attr.h"
#include "commit.h"
#include "recover.h"
#include "table.h"

int lfs_attr_start(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   struct lfs_attr_walk *walk)
{
	const struct lfs_table *table = &fs->table;
	int err = lfs_table_load(fs, pair);

	if (err)
		return err;
	*walk = (struct lfs_attr_walk){
		.cursor = lfs_cursor_make(&table->pair),
		.id = id,
	};
	/* Most entries have none; their logs need not be read. */
	if (id >= table->count || !table->slots[id].has_attrs)
		walk->cursor.at = 0;
	return 0;
}

/* Returns false at the tag that made the entry. */
static bool step_over_splice(struct lfs_attr_walk *walk)
{
	u32 tag = walk->cursor.tag, id = lfs_tag_id(tag);

	switch (lfs_tag_type(tag)) {
	case LFS_TYPE_CREATE:
		if (id == walk->id)
			return false;
		if (id < walk->id)
			walk->id--;
		break;
	case LFS_TYPE_DELETE:
		if (id <= walk->id)
			walk->id++;
		break;
	}
	return true;
}

static bool is_newest(struct lfs_attr_walk *walk)
{
	u32 tag = walk->cursor.tag, type = lfs_tag_chunk(tag);

	if (lfs_tag_kind(tag) != LFS_KIND_ATTR ||
	    lfs_tag_id(tag) != walk->id || lfs_types_have(walk->seen, type))
		return false;
	lfs_types_add(walk->seen, type);
	return lfs_tag_size(tag) != LFS_SIZE_DELETED;
}

int lfs_attr_next(const struct lfs_fs *fs, struct lfs_attr_walk *walk,
		  struct lfs_attr *attr)
{
	int more;

	while ((more = lfs_cursor_back(fs, &walk->cursor)) == 1) {
		u32 tag = walk->cursor.tag;

		if (!step_over_splice(walk))
			return 0;
		if (!is_newest(walk))
			continue;
		*attr = (struct lfs_attr){
			.type = lfs_tag_chunk(tag),
			.block = walk->cursor.block,
			.at = walk->cursor.at + LFS_TAG_BYTES,
			.bytes = lfs_tag_data_bytes(tag),
		};
		return 1;
	}
	return more;
}

int lfs_attr_read(struct lfs_fs *fs, const u32 pair[2], u32 id, u32 type,
		  void *value, u32 bytes)
{
	struct lfs_attr_walk walk;
	struct lfs_attr attr;
	int more = lfs_attr_start(fs, pair, id, &walk);

	if (more)
		return more;
	while ((more = lfs_attr_next(fs, &walk, &attr)) == 1) {
		if (attr.type != type)
			continue;
		more = lfs_read(fs, attr.block, attr.at, value,
				min(bytes, attr.bytes));
		return more ? more : (int)attr.bytes;
	}
	return more ? more : -ENODATA;
}

int lfs_attr_set(struct lfs_fs *fs, const u32 pair[2], u32 id, u32 type,
		 const void *value, u32 bytes)
{
	struct lfs_node place = { .pair = { pair[0], pair[1] }, .id = id };
	struct lfs_piece edit = { .data = value };
	int err = lfs_start_change_at(fs, &place);

	if (!err && value && bytes > fs->attr_max)
		err = -E2BIG;
	edit.tag = lfs_tag(LFS_TYPE_ATTR | (type & 0xff), place.id,
			   value ? bytes : LFS_SIZE_DELETED);
	return err ? err : lfs_commit(fs, place.pair, &edit, 1);
}
