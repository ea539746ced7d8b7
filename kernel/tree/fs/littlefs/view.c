// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pair as it will be.
 *
 * A change is a piece of log. Read backwards, it says for each id at its end
 * what was changed, and which id it had in the table before, if any.
 */

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "view.h"

/**
 * struct entry_walk - one entry, from the end of a change backwards
 * @id: what its id is, before the edits that were walked over
 * @final_id: what its id will be
 * @kind: of the tags that are looked for
 * @is_done: there are no older ones that count
 * @seen: types of attributes that were found
 * @take, @context: the caller's
 */
struct entry_walk {
	u32 id;
	u32 final_id;
	u32 kind;
	bool is_done;
	u32 seen[8];
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

static bool mark_attr(struct entry_walk *walk, u32 type)
{
	u32 *word = &walk->seen[type / 32], bit = BIT(type % 32);
	bool was_seen = *word & bit;

	*word |= bit;
	return !was_seen;
}

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
		int err = 0;

		if (mark_attr(walk, attr.type))
			err = take_as(walk, &piece, LFS_TYPE_ATTR | attr.type,
				      attr.bytes);
		if (err)
			return err;
	}
	return more;
}

static int take_attr_edit(struct lfs_fs *fs, struct entry_walk *walk,
			  const struct lfs_piece *piece)
{
	if (piece->attrs)
		return take_attr_walk(fs, walk, *piece->attrs);
	if (!mark_attr(walk, lfs_tag_chunk(piece->tag)) ||
	    lfs_tag_size(piece->tag) == LFS_SIZE_DELETED)
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
	struct lfs_attr_walk attrs;
	int err;

	switch (walk->kind) {
	case LFS_KIND_NAME:
		piece.at = slot->name_at;
		return take_as(walk, &piece, name_types[slot->name],
			       slot->name_bytes);
	case LFS_KIND_STRUCT:
		piece.at = slot->data_at;
		return take_as(walk, &piece, struct_types[slot->data],
			       slot->data_bytes);
	default:
		err = lfs_attr_start(fs, table->pair.blocks, walk->id, &attrs);
		return err ? err : take_attr_walk(fs, walk, attrs);
	}
}

/* Names come first: a log is read forwards, and they make the entries. */
int lfs_view_each(struct lfs_fs *fs, const struct lfs_change *change, u32 id,
		  int (*take)(void *context, const struct lfs_piece *piece),
		  void *context)
{
	static const u32 kinds[] = {
		LFS_KIND_NAME, LFS_KIND_STRUCT, LFS_KIND_ATTR,
	};
	int err = 0;
	u32 k, i;

	for (k = 0; !err && k < ARRAY_SIZE(kinds); k++) {
		struct entry_walk walk = {
			.id = id,
			.final_id = id,
			.kind = kinds[k],
			.take = take,
			.context = context,
		};

		i = lfs_change_count(change);
		while (!err && i-- && !walk.is_done)
			err = take_edit(fs, &walk, lfs_change_piece(change, i));
		if (!err && !walk.is_done)
			err = take_slot(fs, &walk);
	}
	return err;
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

int lfs_view_bytes(struct lfs_fs *fs, const struct lfs_change *change, u32 id,
		   u32 *bytes)
{
	*bytes = 0;
	return lfs_view_each(fs, change, id, add_bytes, bytes);
}
