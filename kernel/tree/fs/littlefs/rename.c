// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names that change.
 *
 * In one pair that is one commit. Between two, the commit that makes the new
 * name says in the global state that the old one is to be seen no more; then
 * the old one is removed.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "attr.h"
#include "commit.h"
#include "file.h"
#include "gstate.h"
#include "name.h"
#include "pair.h"
#include "quota.h"
#include "recover.h"
#include "table.h"

/**
 * struct renaming - an entry that gets another name
 * @from: the entry
 * @to: its new name
 * @spot: where that goes
 * @target: what is there
 * @holding: what that holds
 * @edits, @count: the commit that makes the new name
 * @attrs: those of the entry
 */
struct renaming {
	struct lfs_entry from;
	const struct lfs_name_ref *to;
	struct lfs_spot spot;
	struct lfs_entry target;
	struct lfs_holding holding;
	struct lfs_piece edits[6];
	u32 count;
	struct lfs_attr_walk attrs;
};

static int check_target(struct lfs_fs *fs, struct renaming *r)
{
	int is_empty;
	int err = lfs_entry_load(fs, r->spot.node.pair, r->spot.node.id,
				 &r->target);

	if (err)
		return err;
	if (r->from.is_dir != r->target.is_dir)
		return r->from.is_dir ? -ENOTDIR : -EISDIR;
	if (!r->target.is_dir)
		return lfs_files_detach(fs, r->target.pair, r->target.id);
	is_empty = lfs_dir_is_empty(fs, r->target.child);
	if (is_empty <= 0)
		return is_empty ? is_empty : -ENOTEMPTY;
	return 0;
}

static void add_edit(struct renaming *r, struct lfs_piece edit)
{
	r->edits[r->count++] = edit;
}

/* In front of the tags for a new entry, the removal of one with its name. */
static int make_edits(struct lfs_fs *fs, struct renaming *r)
{
	int err = lfs_table_load(fs, r->from.pair);
	u32 id = r->spot.node.id;
	const struct lfs_slot *slot = &fs->table.slots[r->from.id];
	u32 types[] = {
		[LFS_STRUCT_DIR] = LFS_TYPE_DIR_STRUCT,
		[LFS_STRUCT_INLINE] = LFS_TYPE_INLINE,
		[LFS_STRUCT_CTZ] = LFS_TYPE_CTZ,
	};

	if (!err)
		err = lfs_attr_start(fs, r->from.pair, r->from.id, &r->attrs);
	if (err)
		return err;
	if (r->spot.exists)
		add_edit(r, (struct lfs_piece){
			.tag = lfs_tag(LFS_TYPE_DELETE, id, 0) });
	add_edit(r, (struct lfs_piece){
		.tag = lfs_tag(LFS_TYPE_CREATE, id, 0) });
	add_edit(r, (struct lfs_piece){
		.tag = lfs_tag(r->from.is_dir ? LFS_TYPE_DIR : LFS_TYPE_FILE,
			       id, r->to->bytes),
		.data = r->to->text });
	add_edit(r, (struct lfs_piece){
		.tag = lfs_tag(types[slot->data], id, slot->data_bytes),
		.block = fs->table.pair.blocks[0],
		.at = slot->data_at });
	add_edit(r, (struct lfs_piece){
		.tag = lfs_tag(LFS_TYPE_ATTR, id, 0),
		.attrs = &r->attrs });
	return 0;
}

/* Open files of the entry arrive where it will be, or stay. */
static void redirect(struct lfs_fs *fs, const u32 from[2], u32 from_id,
		     const u32 to[2], u32 to_id, bool is_arriving)
{
	struct lfs_node *node;

	for (node = fs->nodes; node; node = node->next) {
		if (node->id != from_id || node->is_arriving == is_arriving ||
		    !lfs_pair_shares(node->pair, from))
			continue;
		memcpy(node->pair, to, sizeof(node->pair));
		node->id = to_id;
		node->is_arriving = is_arriving;
	}
}

static int rename_in_pair(struct lfs_fs *fs, struct renaming *r)
{
	u32 id = r->spot.node.id, own = r->from.id;

	if (r->spot.exists && own > id)
		own--;
	if (own >= id)
		own++;
	add_edit(r, (struct lfs_piece){
		.tag = lfs_tag(LFS_TYPE_DELETE, own, 0) });
	return lfs_commit(fs, r->spot.node.pair, r->edits, r->count);
}

static int rename_across(struct lfs_fs *fs, struct renaming *r)
{
	u32 pair[2];
	int err;

	lfs_gstate_set_move(fs, r->from.pair, r->from.id);
	err = lfs_commit(fs, r->spot.node.pair, r->edits, r->count);
	if (err) {
		lfs_gstate_clear_move(fs);
		return err;
	}
	/* Unless a commit that had to be made there has finished it. */
	if (!lfs_gstate_has_move(fs))
		return 0;
	memcpy(pair, fs->gstate + 1, sizeof(pair));
	err = lfs_commit(fs, pair, NULL, 0);
	/* The new name is there, and the old one is not seen: it can wait. */
	if (lfs_is_full(err)) {
		fs->is_recovered = false;
		err = 0;
	}
	if (err)
		fs->is_broken = true;
	return err;
}

static int rename_entry(struct lfs_fs *fs, struct renaming *r)
{
	bool drops_dir = r->spot.exists && r->target.is_dir;
	const u32 *pair = r->spot.node.pair;
	u32 id = r->spot.node.id;
	int err = make_edits(fs, r);

	if (err)
		return err;
	if (drops_dir)
		fs->orphans++;
	lfs_update_orphans(fs);
	redirect(fs, r->from.pair, r->from.id, pair, id, true);
	if (lfs_pair_is_same(r->from.pair, pair))
		err = rename_in_pair(fs, r);
	else
		err = rename_across(fs, r);
	if (!err && r->spot.exists)
		lfs_quota_leave(fs, &r->holding);
	if (err)
		redirect(fs, pair, id, r->from.pair, r->from.id, false);
	if (err && drops_dir)
		fs->orphans--;
	if (err)
		lfs_update_orphans(fs);
	if (!err && drops_dir)
		err = lfs_drop_dir(fs, r->target.child);
	return err;
}

int lfs_rename(struct lfs_fs *fs, const struct lfs_name_ref *from,
	       const struct lfs_name_ref *to)
{
	/* Follows the pair that the entry leaves. */
	struct lfs_node place = { .id = LFS_ID_NONE };
	struct renaming r = { .to = to };
	int err = lfs_start_change(fs);

	if (!err && (!to->bytes || to->bytes > fs->name_max))
		err = -ENAMETOOLONG;
	if (!err)
		err = lfs_dir_find(fs, from->dir, from->text, from->bytes,
				   &r.from);
	if (!err)
		err = lfs_find_spot(fs, to, &r.spot);
	if (err)
		return err;
	if (r.spot.exists && r.spot.node.id == r.from.id &&
	    lfs_pair_is_same(r.spot.node.pair, r.from.pair))
		return 0;
	if (r.spot.exists)
		err = check_target(fs, &r);
	if (!err && r.spot.exists)
		err = lfs_quota_find(fs, &r.target, &r.holding);
	if (err)
		return err;
	memcpy(place.head, r.from.pair, sizeof(place.head));
	lfs_node_hold(fs, &place);
	err = rename_entry(fs, &r);
	if (!err)
		err = lfs_drop_if_empty(fs, place.head);
	lfs_node_drop(fs, &place);
	return err;
}
