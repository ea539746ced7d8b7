// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before the first change: finishing what a power cut has left.
 *
 * In this order: the move of an entry; pairs of which the list has an older
 * name than the tree; pairs that are in the list but not in the tree; pairs
 * without entries that their directories do not need.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "alloc.h"
#include "commit.h"
#include "compact.h"
#include "gstate.h"
#include "node.h"
#include "pair.h"
#include "quota.h"
#include "recover.h"
#include "table.h"
#include "traverse.h"

/* A superblock, a name, and a struct of 24 bytes: what always has to fit. */
#define METADATA_MIN_BYTES	LFS_BLOCK_MIN_BYTES

/* seen: upstream's limit for what is inline */
#define INLINE_PART		8

int lfs_start_writing(struct lfs_fs *fs, const struct lfs_config *config)
{
	const struct lfs_device *device = fs->device;
	u32 unit = device->program_bytes;

	if (!unit || device->block_bytes % unit || !config->buffer_bytes ||
	    config->buffer_bytes % unit ||
	    (config->metadata_max &&
	     config->metadata_max < METADATA_MIN_BYTES) ||
	    config->metadata_max > device->block_bytes)
		return -EINVAL;
	fs->buffer = config->buffer;
	fs->buffer_bytes = config->buffer_bytes;
	fs->metadata_max = config->metadata_max;
	fs->inline_max = min_t(u32, config->inline_max,
			       lfs_metadata_max(fs) / INLINE_PART);
	fs->inline_max = min(fs->inline_max, fs->attr_max);
	fs->wear_cycles = config->wear_cycles;
	fs->has_orphans = lfs_gstate_has_orphans(fs);
	fs->gstate[0] &= ~LFS_GSTATE_RESERVED;
	fs->is_writable = true;
	return 0;
}

/* Whether the list has another name for the directory that begins in @child. */
static int mend_name(struct lfs_fs *fs, const u32 child[2], bool *has_mended)
{
	u32 before[2];
	int err = lfs_find_before(fs, child, before);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (lfs_pair_is_same(fs->table.pair.tail, child))
		return 0;
	*has_mended = true;
	return lfs_set_tail(fs, before, child);
}

/* Stops at the first name that was wrong: the list is another one then. */
static int mend_names_in(struct lfs_fs *fs, const u32 pair[2], bool *has_mended)
{
	int err = lfs_table_load(fs, pair);
	u32 count = fs->table.count, id, child[2];

	for (id = 0; !err && !*has_mended && id < count; id++) {
		err = lfs_table_load(fs, pair);
		if (!err)
			err = lfs_table_child(fs, id, child);
		if (!err)
			err = mend_name(fs, child, has_mended);
		else if (err == -ENOENT)
			err = 0;
	}
	return err;
}

static int mend_first_name(struct lfs_fs *fs, bool *has_mended)
{
	struct lfs_list list = lfs_list_make(fs);
	u32 pair[2];
	int more, err;

	*has_mended = false;
	while ((more = lfs_list_next(fs, &list)) == 1 && !*has_mended) {
		memcpy(pair, fs->table.pair.blocks, sizeof(pair));
		err = mend_names_in(fs, pair, has_mended);
		if (err)
			return err;
	}
	return more < 0 ? more : 0;
}

/* A directory in the list that no entry leads to. */
static int drop_first_orphan(struct lfs_fs *fs, bool *has_dropped)
{
	struct lfs_list list = lfs_list_make(fs);
	struct lfs_node parent;
	u32 before[2];
	int more, err;

	*has_dropped = false;
	while ((more = lfs_list_next(fs, &list)) == 1) {
		if (fs->table.pair.is_split || lfs_pair_is_null(list.next))
			continue;
		memcpy(before, fs->table.pair.blocks, sizeof(before));
		err = lfs_find_parent(fs, list.next, &parent);
		if (!err)
			continue;
		if (err != -ENOENT)
			return err;
		*has_dropped = true;
		return lfs_drop_pair(fs, before, list.next);
	}
	return more;
}

/* A pair in the middle of a directory that was to go when it became empty. */
static int drop_first_empty(struct lfs_fs *fs, bool *has_dropped)
{
	struct lfs_list list = lfs_list_make(fs);
	bool is_inner = false;
	u32 before[2], own[2];
	int more, err;

	*has_dropped = false;
	while ((more = lfs_list_next(fs, &list)) == 1) {
		memcpy(own, fs->table.pair.blocks, sizeof(own));
		if (is_inner && !fs->table.count) {
			err = lfs_drop_pair(fs, before, own);
			*has_dropped = !err;
			/* It is only in the way. */
			return lfs_is_full(err) && !fs->is_broken ? 0 : err;
		}
		memcpy(before, own, sizeof(before));
		is_inner = fs->table.pair.is_split;
	}
	return more;
}

/* Each step mends one pair, so that there cannot be more than pairs. */
static int repeat(struct lfs_fs *fs,
		  int (*step)(struct lfs_fs *fs, bool *has_changed))
{
	u32 steps_left = fs->block_count;
	bool has_changed = true;
	int err = 0;

	while (!err && has_changed)
		err = steps_left-- ? step(fs, &has_changed) : -EUCLEAN;
	return err;
}

static int finish_move(struct lfs_fs *fs)
{
	u32 pair[2] = { fs->gstate[1], fs->gstate[2] };
	int err = lfs_commit(fs, pair, NULL, 0);

	return err ? err : lfs_drop_if_empty(fs, pair);
}

static int recover(struct lfs_fs *fs)
{
	int err = 0;

	lfs_quota_forget(fs);
	if (lfs_gstate_has_move(fs))
		err = finish_move(fs);
	if (!err && fs->has_orphans)
		err = repeat(fs, mend_first_name);
	if (!err && fs->has_orphans)
		err = repeat(fs, drop_first_orphan);
	if (!err && fs->has_empty)
		err = repeat(fs, drop_first_empty);
	if (err)
		return err;
	fs->has_orphans = false;
	fs->has_empty = false;
	lfs_update_orphans(fs);
	if (!memcmp(fs->gstate, fs->gstate_stored, sizeof(fs->gstate)))
		return 0;
	return lfs_commit(fs, fs->root, NULL, 0);
}

int lfs_start_change(struct lfs_fs *fs)
{
	int err = 0;

	if (!fs->is_writable || fs->is_broken)
		return -EROFS;
	lfs_alloc_start(fs);
	if (!fs->is_recovered || fs->has_orphans)
		err = recover(fs);
	if (err)
		return err;
	fs->is_recovered = true;
	return lfs_quota_count(fs);
}

int lfs_start_change_at(struct lfs_fs *fs, struct lfs_node *place)
{
	int err;

	memset(place->head, 0xff, sizeof(place->head));
	lfs_node_hold(fs, place);
	err = lfs_start_change(fs);
	lfs_node_drop(fs, place);
	return !err && lfs_node_is_gone(place) ? -ENOENT : err;
}
