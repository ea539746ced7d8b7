// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of a pair, and what follows from a pair that had to move.
 *
 * Two know where a pair is: the entry of the directory that begins in it, and
 * the pair before it in the list. They are told one after the other, the entry
 * first; in between the state says that the list may be wrong.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "commit.h"
#include "compact.h"
#include "gstate.h"
#include "index.h"
#include "node.h"
#include "pair.h"
#include "quota.h"
#include "table.h"
#include "traverse.h"

/* What a change takes in a log. */
static int measure(struct lfs_fs *fs, const struct lfs_change *change,
		   u32 *bytes)
{
	u32 i;

	*bytes = 0;
	for (i = 0; i < lfs_change_count(change); i++) {
		const struct lfs_piece *piece = lfs_change_piece(change, i);
		struct lfs_attr_walk walk;
		struct lfs_attr attr;
		int more;

		if (!piece->attrs) {
			*bytes += LFS_TAG_BYTES +
				  lfs_tag_data_bytes(piece->tag);
			continue;
		}
		walk = *piece->attrs;
		while ((more = lfs_attr_next(fs, &walk, &attr)) == 1)
			*bytes += LFS_TAG_BYTES + attr.bytes;
		if (more)
			return more;
	}
	return 0;
}

static int put_delta(struct lfs_log *log, const struct lfs_change *change)
{
	struct lfs_fs *fs = log->fs;
	u8 stored[LFS_GSTATE_BYTES];
	u32 delta[3];
	struct lfs_piece piece = {
		.tag = lfs_tag(LFS_TYPE_GSTATE, LFS_ID_NONE, sizeof(stored)),
		.data = stored,
	};

	memcpy(delta, fs->table.pair.delta, sizeof(delta));
	lfs_gstate_add(delta, change->stolen);
	lfs_gstate_add(delta, fs->gstate);
	lfs_gstate_add(delta, fs->gstate_stored);
	if (!memcmp(delta, fs->table.pair.delta, sizeof(delta)))
		return 0;
	lfs_gstate_encode(delta, stored);
	return lfs_log_put(log, &piece);
}

/*
 * A block that failed may have the whole commit all the same. Then the change
 * is made, and must not be made twice; if there is a place, the pair goes there.
 */
static int take_failed(struct lfs_fs *fs, const struct lfs_change *change)
{
	static const struct lfs_change nothing;
	struct lfs_pair old = fs->table.pair;
	int err;

	lfs_table_forget(fs);
	err = lfs_table_load(fs, old.blocks);
	if (err)
		return err;
	if (fs->table.pair.revision == old.revision &&
	    fs->table.pair.end == old.end)
		return -ENOSPC;
	err = fs->device->ops->sync(fs->device);
	if (err)
		return err;
	memcpy(fs->gstate_stored, fs->gstate, sizeof(fs->gstate));
	lfs_nodes_apply(fs, old.blocks, change);
	err = lfs_compact(fs, old.blocks, &nothing);
	if (lfs_is_full(err) && !fs->is_broken)
		return 0;
	fs->is_broken = fs->is_broken || err;
	return err;
}

/* Returns -ENOSPC when the pair has to be compacted. */
static int append(struct lfs_fs *fs, const struct lfs_change *change, u32 limit)
{
	struct lfs_pair pair = fs->table.pair;
	struct lfs_log log = lfs_log_append(fs, &pair);
	u32 bytes, i, blank_end;
	int err = measure(fs, change, &bytes);
	int is_open;

	if (err)
		return err;
	/* What ended there was compacted, and could not be split. */
	if (pair.end > limit)
		limit = fs->device->block_bytes;
	if (lfs_view_count(fs, change) >= LFS_PAIR_ENTRIES_MAX ||
	    pair.end + bytes + LFS_LOG_RESERVE_BYTES > limit)
		return -ENOSPC;
	is_open = lfs_log_is_open(fs, bytes + LFS_TAG_BYTES + LFS_GSTATE_BYTES);
	if (is_open <= 0)
		return is_open ? is_open : -ENOSPC;
	blank_end = fs->table.blank_end;
	fs->table.blank_end = 0;
	for (i = 0; !err && i < lfs_change_count(change); i++)
		err = lfs_log_put(&log, lfs_change_piece(change, i));
	if (!err)
		err = put_delta(&log, change);
	if (!err)
		err = lfs_log_finish(&log, &pair);
	if (err)
		return err == -EIO ? take_failed(fs, change) : err;
	lfs_table_follow(fs);
	if (fs->table.is_loaded)
		fs->table.blank_end = blank_end;
	memcpy(fs->gstate_stored, fs->gstate, sizeof(fs->gstate));
	lfs_nodes_apply(fs, pair.blocks, change);
	return 0;
}

/* A commit to the pair from which an entry was moved away ends the move. */
static void finish_move(struct lfs_fs *fs, struct lfs_change *change)
{
	u32 id = lfs_tag_id(fs->gstate[0]), i;

	if (!lfs_gstate_has_move(fs) ||
	    !lfs_pair_shares(fs->gstate + 1, fs->table.pair.blocks))
		return;
	lfs_gstate_clear_move(fs);
	if (id >= fs->table.count)
		return;
	for (i = 0; i < change->count; i++) {
		u32 type = lfs_tag_type(change->edits[i].tag);
		u32 at = lfs_tag_id(change->edits[i].tag);

		if (type == LFS_TYPE_CREATE && at <= id)
			id++;
		else if (type == LFS_TYPE_DELETE && at < id)
			id--;
	}
	change->finishes_move = true;
	change->finish.tag = lfs_tag(LFS_TYPE_DELETE, id, 0);
}

/* Of a pair that has no block to go to: the rest of the log has to do. */
static int append_rest(struct lfs_fs *fs, const struct lfs_pair *old,
		       const struct lfs_change *change)
{
	int err = lfs_table_load(fs, old->blocks);

	return err ? err : append(fs, change, fs->device->block_bytes);
}

static int append_or_compact(struct lfs_fs *fs, const struct lfs_change *change)
{
	struct lfs_pair old = fs->table.pair;
	int err = append(fs, change, lfs_metadata_max(fs));

	if (err == -ENOSPC)
		err = lfs_compact(fs, old.blocks, change);
	return err == -ENOSPC && !fs->is_broken ?
		       append_rest(fs, &old, change) :
		       err;
}

static int commit_one(struct lfs_fs *fs, const u32 blocks[2],
		      struct lfs_change *change)
{
	u32 before[3];
	int err = lfs_table_load(fs, blocks);

	if (err)
		return err;
	if (!lfs_view_is_sound(fs))
		return -EUCLEAN;
	memcpy(before, fs->gstate, sizeof(before));
	finish_move(fs, change);
	err = append_or_compact(fs, change);
	if (err)
		memcpy(fs->gstate, before, sizeof(before));
	return err;
}

int lfs_find_before(struct lfs_fs *fs, const u32 blocks[2], u32 before[2])
{
	struct lfs_list list = lfs_list_make(fs);
	int more;

	while ((more = lfs_list_next(fs, &list)) == 1) {
		if (lfs_pair_is_null(list.next) ||
		    !lfs_pair_shares(list.next, blocks))
			continue;
		memcpy(before, fs->table.pair.blocks, 2 * sizeof(before[0]));
		return 0;
	}
	return more ? more : -ENOENT;
}

int lfs_find_parent(struct lfs_fs *fs, const u32 blocks[2],
		    struct lfs_node *node)
{
	struct lfs_list list = lfs_list_make(fs);
	u32 id;
	int more, err;

	while ((more = lfs_list_next(fs, &list)) == 1) {
		for (id = 0; id < fs->table.count; id++) {
			err = lfs_table_child(fs, id, node->head);
			if (err && err != -ENOENT)
				return err;
			if (err || !lfs_pair_shares(node->head, blocks))
				continue;
			memcpy(node->pair, fs->table.pair.blocks,
			       sizeof(node->pair));
			node->id = id;
			return 0;
		}
	}
	return more ? more : -ENOENT;
}

void lfs_update_orphans(struct lfs_fs *fs)
{
	lfs_gstate_set_orphans(fs, fs->has_orphans || fs->orphans ||
					   fs->relocation_count);
}

static int tell_parent(struct lfs_fs *fs, struct lfs_relocation *one)
{
	u8 stored[LFS_PAIR_BYTES];
	struct lfs_piece edit = { .data = stored };
	struct lfs_change change = { .edits = &edit, .count = 1 };
	struct lfs_node parent;
	int err = lfs_find_parent(fs, one->from, &parent);

	one->is_in_tree = true;
	if (err)
		return err == -ENOENT ? 0 : err;
	one->has_parent = true;
	lfs_pair_encode(one->to, stored);
	edit.tag = lfs_tag(LFS_TYPE_DIR_STRUCT, parent.id, sizeof(stored));
	lfs_update_orphans(fs);
	return commit_one(fs, parent.pair, &change);
}

/* The tail of a pair, with the kind that it has. */
static int set_tail(struct lfs_fs *fs, const u32 blocks[2],
		    const u32 tail[2], bool is_split, const u32 stolen[3])
{
	u8 stored[LFS_PAIR_BYTES];
	struct lfs_piece edit = {
		.tag = lfs_tag(is_split ? LFS_TYPE_HARD_TAIL :
					  LFS_TYPE_SOFT_TAIL,
			       LFS_ID_NONE, sizeof(stored)),
		.data = stored,
	};
	struct lfs_change change = { .edits = &edit, .count = 1 };

	lfs_pair_encode(tail, stored);
	if (stolen)
		memcpy(change.stolen, stolen, sizeof(change.stolen));
	return commit_one(fs, blocks, &change);
}

static int tell_list(struct lfs_fs *fs)
{
	struct lfs_relocation one = fs->relocations[--fs->relocation_count];
	u32 before[2];
	int err = lfs_find_before(fs, one.from, before);

	lfs_update_orphans(fs);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = set_tail(fs, before, one.to, fs->table.pair.is_split, NULL);
	/* What is in the tree is done; the next change tries the list again. */
	if (lfs_is_full(err) && one.has_parent) {
		fs->has_orphans = true;
		lfs_update_orphans(fs);
		err = 0;
	}
	return err;
}

/* What moves while this is done is settled first: the newest is on top. */
static int settle(struct lfs_fs *fs, int err)
{
	bool has_changed = fs->relocation_count;

	fs->is_settling = true;
	while (!err && fs->relocation_count) {
		struct lfs_relocation *top =
			&fs->relocations[fs->relocation_count - 1];

		err = top->is_in_tree ? tell_list(fs) : tell_parent(fs, top);
	}
	fs->is_settling = false;
	if (err && has_changed) {
		fs->is_broken = true;
		lfs_index_clear(fs);
	}
	return err;
}

int lfs_commit(struct lfs_fs *fs, const u32 blocks[2],
	       const struct lfs_piece *edits, u32 count)
{
	struct lfs_change change = { .edits = edits, .count = count };

	return settle(fs, commit_one(fs, blocks, &change));
}

int lfs_drop_pair(struct lfs_fs *fs, const u32 before[2], const u32 blocks[2])
{
	struct lfs_pair dropped;
	int err = lfs_table_load(fs, blocks);

	if (err)
		return err;
	dropped = fs->table.pair;
	err = lfs_table_load(fs, before);
	if (err)
		return err;
	/* The first pair of a directory may leave before those behind it. */
	err = set_tail(fs, before, dropped.tail,
		       fs->table.pair.is_split && dropped.is_split,
		       dropped.delta);
	if (!err)
		lfs_index_drop(fs, dropped.blocks);
	return settle(fs, err);
}

int lfs_set_tail(struct lfs_fs *fs, const u32 before[2], const u32 tail[2])
{
	int err = lfs_table_load(fs, before);

	if (err)
		return err;
	err = set_tail(fs, before, tail, fs->table.pair.is_split, NULL);
	return settle(fs, err);
}

int lfs_drop_if_empty(struct lfs_fs *fs, const u32 blocks[2])
{
	u32 pair[2] = { blocks[0], blocks[1] }, before[2], owner;
	int err = lfs_table_load(fs, pair);

	if (err || fs->table.count)
		return err;
	err = lfs_find_before(fs, pair, before);
	if (err || !fs->table.pair.is_split)
		return err == -ENOENT ? 0 : err;
	err = lfs_quota_pair_owner(fs, pair, &owner);
	if (!err)
		err = lfs_drop_pair(fs, before, pair);
	if (!err)
		lfs_quota_release(fs, owner, 2);
	/* It is only in the way. */
	return lfs_is_full(err) && !fs->is_broken ? 0 : err;
}
