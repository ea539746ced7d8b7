// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pair as it will be.
 *
 * A change is a piece of log. Read backwards, it says for each id at its end
 * what was changed, and which id it had in the table before, if any.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "attr.h"
#include "table.h"
#include "view.h"

/**
 * struct entry_walk - one entry, from the end of a change backwards
 * @id: what its id is, before the edits that were walked over
 * @final_id: what its id will be
 * @kind: of the tags that are looked for
 * @attr_type: of those, if they are attributes
 * @is_done: there are no older ones that count
 * @take, @context: the caller's
 */
struct entry_walk {
	u32 id;
	u32 final_id;
	u32 kind;
	u32 attr_type;
	bool is_done;
	int (*take)(void *context, const struct lfs_piece *piece);
	void *context;
};

u32 lfs_change_count(const struct lfs_change *change)
{
	return change->count + (change->finishes_move ? 1 : 0);
}

const struct lfs_piece *lfs_change_piece(const struct lfs_change *change,
					 u32 index)
{
	return index < change->count ? &change->edits[index] : &change->finish;
}

u32 lfs_view_count(const struct lfs_fs *fs, const struct lfs_change *change)
{
	u32 count = fs->table.count, i;

	for (i = 0; i < lfs_change_count(change); i++) {
		u32 type = lfs_tag_type(lfs_change_piece(change, i)->tag);

		if (type == LFS_TYPE_CREATE)
			count++;
		else if (type == LFS_TYPE_DELETE)
			count--;
	}
	return count;
}

static int take_as(struct entry_walk *walk, const struct lfs_piece *piece,
		   u32 type, u32 size)
{
	struct lfs_piece own = *piece;

	own.tag = lfs_tag(type, walk->final_id, size);
	return walk->take(walk->context, &own);
}

/* Of the attributes that a walk finds, the one that is looked for. */
static int take_attr_walk(struct lfs_fs *fs, struct entry_walk *walk,
			  struct lfs_attr_walk attrs)
{
	struct lfs_attr attr;
	int more;

	while ((more = lfs_attr_next(fs, &attrs, &attr)) == 1) {
		struct lfs_piece piece = {
			.block = attr.block,
			.at = attr.at,
		};

		if (attr.type != walk->attr_type)
			continue;
		walk->is_done = true;
		return take_as(walk, &piece, LFS_TYPE_ATTR | attr.type,
			       attr.bytes);
	}
	return more;
}

static int take_attr_edit(struct lfs_fs *fs, struct entry_walk *walk,
			  const struct lfs_piece *piece)
{
	if (piece->attrs)
		return take_attr_walk(fs, walk, *piece->attrs);
	if (lfs_tag_chunk(piece->tag) != walk->attr_type)
		return 0;
	walk->is_done = true;
	if (lfs_tag_size(piece->tag) == LFS_SIZE_DELETED)
		return 0;
	return take_as(walk, piece, lfs_tag_type(piece->tag),
		       lfs_tag_size(piece->tag));
}

static int take_edit(struct lfs_fs *fs, struct entry_walk *walk,
		     const struct lfs_piece *piece)
{
	u32 id = lfs_tag_id(piece->tag);

	if (lfs_tag_type(piece->tag) == LFS_TYPE_DELETE && id <= walk->id)
		walk->id++;
	else if (lfs_tag_type(piece->tag) == LFS_TYPE_CREATE && id == walk->id)
		walk->is_done = true;
	else if (lfs_tag_type(piece->tag) == LFS_TYPE_CREATE && id < walk->id)
		walk->id--;
	if (id != walk->id || lfs_tag_kind(piece->tag) != walk->kind)
		return 0;
	if (walk->kind == LFS_KIND_ATTR)
		return take_attr_edit(fs, walk, piece);
	walk->is_done = true;
	return take_as(walk, piece, lfs_tag_type(piece->tag),
		       lfs_tag_size(piece->tag));
}

static const u32 name_types[] = {
	[LFS_NAME_FILE] = LFS_TYPE_FILE,
	[LFS_NAME_DIR] = LFS_TYPE_DIR,
	[LFS_NAME_SUPER] = LFS_TYPE_SUPER,
};

static const u32 struct_types[] = {
	[LFS_STRUCT_DIR] = LFS_TYPE_DIR_STRUCT,
	[LFS_STRUCT_INLINE] = LFS_TYPE_INLINE,
	[LFS_STRUCT_CTZ] = LFS_TYPE_CTZ,
};

static int take_slot(struct lfs_fs *fs, struct entry_walk *walk)
{
	const struct lfs_table *table = &fs->table;
	const struct lfs_slot *slot = &table->slots[walk->id];
	struct lfs_piece piece = { .block = table->pair.blocks[0] };

	if (walk->kind == LFS_KIND_NAME) {
		piece.at = slot->name_at;
		return take_as(walk, &piece, name_types[slot->name],
			       slot->name_bytes);
	}
	piece.at = slot->data_at;
	if (walk->kind == LFS_KIND_STRUCT)
		return take_as(walk, &piece, struct_types[slot->data],
			       slot->data_bytes);
	return slot->data ? take_as(walk, &piece,
				    LFS_TYPE_ATTR | walk->attr_type,
				    slot->data_bytes) :
			    0;
}

static int walk_entry(struct lfs_fs *fs, const struct lfs_change *change,
		      struct entry_walk walk, u32 id)
{
	u32 i = lfs_change_count(change);
	int err = 0;

	walk.id = id;
	walk.final_id = id;
	while (!err && i-- && !walk.is_done)
		err = take_edit(fs, &walk, lfs_change_piece(change, i));
	return err || walk.is_done ? err : take_slot(fs, &walk);
}

/* Names come first: a log is read forwards, and they make the entries. */
static int walk_entries(struct lfs_fs *fs, const struct lfs_change *change,
			u32 first, u32 end, struct entry_walk walk)
{
	u32 id;
	int err = 0;

	for (id = first; !err && id < end; id++) {
		walk.kind = LFS_KIND_NAME;
		err = walk_entry(fs, change, walk, id);
		walk.kind = LFS_KIND_STRUCT;
		if (!err)
			err = walk_entry(fs, change, walk, id);
	}
	return err;
}

/* The types that attributes can have, of which some may have none. */
static int find_types(struct lfs_fs *fs, const struct lfs_change *change,
		      u32 types[LFS_TYPE_WORDS])
{
	u32 i;

	memcpy(types, fs->table.attr_types, sizeof(fs->table.attr_types));
	for (i = 0; i < change->count; i++) {
		const struct lfs_piece *piece = &change->edits[i];
		struct lfs_attr_walk walk;
		struct lfs_attr attr;
		int more = 0;

		if (lfs_tag_kind(piece->tag) != LFS_KIND_ATTR)
			continue;
		if (!piece->attrs) {
			lfs_types_add(types, lfs_tag_chunk(piece->tag));
			continue;
		}
		walk = *piece->attrs;
		while ((more = lfs_attr_next(fs, &walk, &attr)) == 1)
			lfs_types_add(types, attr.type);
		if (more)
			return more;
	}
	return 0;
}

static int walk_attrs(struct lfs_fs *fs, const struct lfs_change *change,
		      u32 first, u32 end, struct entry_walk walk)
{
	u32 types[LFS_TYPE_WORDS], id;
	bool has_parsed = false;
	int err = find_types(fs, change, types);

	walk.kind = LFS_KIND_ATTR;
	for (walk.attr_type = 0; !err && walk.attr_type < LFS_PART_STRUCTS;
	     walk.attr_type++) {
		if (!lfs_types_have(types, walk.attr_type))
			continue;
		has_parsed = true;
		err = lfs_table_parse(fs, walk.attr_type);
		for (id = first; !err && id < end; id++)
			err = walk_entry(fs, change, walk, id);
	}
	if (!err && has_parsed)
		err = lfs_table_parse(fs, LFS_PART_STRUCTS);
	return err;
}

int lfs_view_each(struct lfs_fs *fs, const struct lfs_change *change,
		  u32 first, u32 end,
		  int (*take)(void *context, const struct lfs_piece *piece),
		  void *context)
{
	struct entry_walk walk = { .take = take, .context = context };
	int err;

	/* A new pair may have none, and then fs->table has another one. */
	if (first == end)
		return 0;
	err = walk_entries(fs, change, first, end, walk);
	return err ? err : walk_attrs(fs, change, first, end, walk);
}

bool lfs_view_is_sound(const struct lfs_fs *fs)
{
	u32 id;

	for (id = 0; id < fs->table.count; id++)
		if (fs->table.slots[id].name == LFS_NAME_NONE ||
		    fs->table.slots[id].data == LFS_STRUCT_NONE)
			return false;
	return true;
}

static int add_bytes(void *context, const struct lfs_piece *piece)
{
	u32 *bytes = context;

	*bytes += LFS_TAG_BYTES + lfs_tag_data_bytes(piece->tag);
	return 0;
}

int lfs_view_bytes(struct lfs_fs *fs, const struct lfs_change *change,
		   u32 first, u32 end, u32 *bytes)
{
	*bytes = 0;
	return lfs_view_each(fs, change, first, end, add_bytes, bytes);
}
