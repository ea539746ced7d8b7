// SPDX-License-Identifier: GPL-2.0-only
/* Where names belong in a directory, and new ones. */

#include <linux/errno.h>
#include <linux/string.h>

#include "commit.h"
#include "compact.h"
#include "index.h"
#include "name.h"
#include "pair.h"
#include "quota.h"
#include "recover.h"
#include "table.h"

/* In the pair in fs->table; the first name that is greater makes a spot. */
static int search_pair(struct lfs_fs *fs, const struct lfs_name_ref *name,
		       struct lfs_spot *spot, bool *has_spot)
{
	const struct lfs_table *table = &fs->table;
	u32 id;

	for (id = 0; id < table->count && !spot->exists; id++) {
		const struct lfs_slot *slot = &table->slots[id];
		int order, err;

		if (!lfs_slot_is_name(slot))
			continue;
		err = lfs_name_order(fs, slot, name->text, name->bytes, &order);
		if (err)
			return err;
		spot->exists = !order;
		if (order < 0 || (*has_spot && order))
			continue;
		memcpy(spot->node.pair, table->pair.blocks,
		       sizeof(spot->node.pair));
		spot->node.id = id;
		*has_spot = true;
	}
	return 0;
}

static int find_spot_in(struct lfs_fs *fs, struct lfs_range range,
			const struct lfs_name_ref *name, struct lfs_spot *spot)
{
	u32 pairs_left = fs->block_count;
	bool has_spot = false;
	int err;

	memset(spot, 0, sizeof(*spot));
	memset(spot->node.head, 0xff, sizeof(spot->node.head));
	do {
		err = pairs_left-- ? lfs_table_load(fs, range.next) : -EUCLEAN;
		if (!err)
			err = search_pair(fs, name, spot, &has_spot);
		if (err)
			return err;
	} while (!spot->exists && lfs_range_next(fs, &range));
	if (has_spot)
		return 0;
	memcpy(spot->node.pair, fs->table.pair.blocks, sizeof(spot->node.pair));
	spot->node.id = fs->table.count;
	return 0;
}

int lfs_find_spot(struct lfs_fs *fs, const struct lfs_name_ref *name,
		  struct lfs_spot *spot)
{
	struct lfs_range range;
	int err = lfs_index_seek(fs, name->dir, name->text, name->bytes,
				 &range);
	int is_sorted;

	if (!err)
		err = find_spot_in(fs, range, name, spot);
	if (err || range.is_final || spot->exists)
		return err;
	is_sorted = lfs_index_check(fs, name->dir);
	if (is_sorted < 0)
		return is_sorted;
	/* What was found by an order that was not yet known to be right. */
	range = lfs_range_all(name->dir);
	if (is_sorted)
		err = lfs_index_seek(fs, name->dir, name->text, name->bytes,
				     &range);
	return err ? err : find_spot_in(fs, range, name, spot);
}

/* The last pair of a directory, and what is behind that. */
static int find_last(struct lfs_fs *fs, const u32 head[2], struct lfs_pair *last)
{
	struct lfs_range range = lfs_range_all(head);
	u32 pairs_left = fs->block_count;
	int err;

	do {
		err = pairs_left-- ? lfs_table_load(fs, range.next) : -EUCLEAN;
		if (err)
			return err;
	} while (lfs_range_next(fs, &range));
	*last = fs->table.pair;
	return 0;
}

static int find_new_spot(struct lfs_fs *fs, const struct lfs_name_ref *name,
			 struct lfs_spot *spot)
{
	int err = lfs_start_change(fs);

	if (!err && (!name->bytes || name->bytes > fs->name_max))
		err = -ENAMETOOLONG;
	if (!err)
		err = lfs_find_spot(fs, name, spot);
	if (!err && spot->exists)
		err = -EEXIST;
	return err;
}

/**
 * struct new_entry - the commit that makes an entry
 * @type: of its name
 * @pair: of a directory: where it begins
 * @edits, @count: the commit
 * @owner: as it is stored
 */
struct new_entry {
	u32 type;
	u8 pair[LFS_PAIR_BYTES];
	struct lfs_piece edits[5];
	u32 count;
	u8 owner[LFS_OWNER_BYTES];
};

static void add_edit(struct new_entry *new, u32 tag, const void *data)
{
	new->edits[new->count++] = (struct lfs_piece){
		.tag = tag,
		.data = data,
	};
}

static void make_edits(struct new_entry *new, const struct lfs_name_ref *name,
		       u32 id)
{
	bool is_dir = new->type == LFS_TYPE_DIR;

	add_edit(new, lfs_tag(LFS_TYPE_CREATE, id, 0), NULL);
	add_edit(new, lfs_tag(new->type, id, name->bytes), name->text);
	add_edit(new, lfs_tag(is_dir ? LFS_TYPE_DIR_STRUCT : LFS_TYPE_INLINE, id,
			      is_dir ? sizeof(new->pair) : 0), new->pair);
	if (!name->owner)
		return;
	lfs_owner_encode(name->owner, new->owner);
	add_edit(new, lfs_tag(LFS_TYPE_ATTR | LFS_ATTR_OWNER, id,
			      sizeof(new->owner)), new->owner);
}

int lfs_create(struct lfs_fs *fs, const struct lfs_name_ref *name)
{
	struct new_entry new = { .type = LFS_TYPE_FILE };
	struct lfs_spot spot;
	int err = find_new_spot(fs, name, &spot);

	if (err)
		return err;
	make_edits(&new, name, spot.node.id);
	return lfs_commit(fs, spot.node.pair, new.edits, new.count);
}

/* The new directory is in the list before it has a name: an orphan. */
static int link_first(struct lfs_fs *fs, struct lfs_spot *spot,
		      const u32 last[2], const struct lfs_piece *tail)
{
	int err;

	fs->orphans++;
	lfs_update_orphans(fs);
	lfs_node_hold(fs, &spot->node);
	err = lfs_commit(fs, last, tail, 1);
	lfs_node_drop(fs, &spot->node);
	fs->orphans--;
	lfs_update_orphans(fs);
	return err;
}

static int unlink_again(struct lfs_fs *fs, const u32 child[2])
{
	u32 before[2];
	int err = lfs_find_before(fs, child, before);

	return err ? err : lfs_drop_pair(fs, before, child);
}

/* Gives a directory, whose pair is written, a name. */
static int link_dir(struct lfs_fs *fs, const struct lfs_name_ref *name,
		    struct lfs_spot *spot, const struct lfs_pair *last,
		    const struct lfs_pair *child)
{
	struct new_entry new = { .type = LFS_TYPE_DIR };
	struct lfs_piece tail = {
		.tag = lfs_tag(LFS_TYPE_SOFT_TAIL, LFS_ID_NONE,
			       sizeof(new.pair)),
		.data = new.pair,
	};
	bool is_linked = !lfs_pair_is_same(spot->node.pair, last->blocks);
	int err = 0;

	lfs_pair_encode(child->blocks, new.pair);
	if (is_linked)
		err = link_first(fs, spot, last->blocks, &tail);
	if (err)
		return err;
	make_edits(&new, name, spot->node.id);
	if (!is_linked)
		add_edit(&new, tail.tag, tail.data);
	err = lfs_commit(fs, spot->node.pair, new.edits, new.count);
	if (err && is_linked && !fs->is_broken &&
	    unlink_again(fs, child->blocks))
		fs->is_broken = true;
	return err;
}

int lfs_mkdir(struct lfs_fs *fs, const struct lfs_name_ref *name)
{
	u32 owner = name->owner ? name->owner->uid :
		    fs->quota ? fs->quota->missing_owner : 0;
	struct lfs_spot spot;
	struct lfs_pair child, last;
	int err = find_new_spot(fs, name, &spot);

	if (!err)
		err = find_last(fs, name->dir, &last);
	if (!err)
		err = lfs_quota_charge(fs, owner, 2);
	if (err)
		return err;
	err = lfs_create_pair(fs, last.tail, &child);
	if (!err)
		err = link_dir(fs, name, &spot, &last, &child);
	if (err)
		lfs_quota_release(fs, owner, 2);
	return err;
}
