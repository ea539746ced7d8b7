// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing a pair anew.
 *
 * The log goes to the other block of the pair, where nothing is valid before
 * its checksum is: until then the pair is what it was.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "alloc.h"
#include "compact.h"
#include "gstate.h"
#include "index.h"
#include "node.h"
#include "pair.h"
#include "quota.h"
#include "table.h"

/* Of a new pair that a bad block spoils, how many others are tried. */
#define TRIES_MAX	16

/**
 * struct compaction - a pair that is being written anew
 * @fs: the filesystem
 * @change: of the pair
 * @old: the pair as it was
 * @new: the lower part of what it becomes
 * @count: the entries of @new, from 0 on
 */
struct compaction {
	struct lfs_fs *fs;
	const struct lfs_change *change;
	struct lfs_pair old;
	struct lfs_pair new;
	u32 count;
};

/**
 * struct range_write - entries that are being written
 * @log: to where
 * @first: the entry whose id becomes 0
 */
struct range_write {
	struct lfs_log log;
	u32 first;
};

static int put_renumbered(void *context, const struct lfs_piece *piece)
{
	struct range_write *write = context;
	struct lfs_piece own = *piece;

	own.tag = lfs_tag(lfs_tag_type(piece->tag),
			  lfs_tag_id(piece->tag) - write->first,
			  lfs_tag_size(piece->tag));
	return lfs_log_put(&write->log, &own);
}

static int put_tail(struct lfs_log *log, const struct lfs_pair *pair)
{
	u8 stored[LFS_PAIR_BYTES];
	struct lfs_piece piece = {
		.tag = lfs_tag(pair->is_split ? LFS_TYPE_HARD_TAIL :
						LFS_TYPE_SOFT_TAIL,
			       LFS_ID_NONE, sizeof(stored)),
		.data = stored,
	};

	if (lfs_pair_is_null(pair->tail))
		return 0;
	lfs_pair_encode(pair->tail, stored);
	return lfs_log_put(log, &piece);
}

static int put_delta(struct lfs_log *log, const u32 delta[3])
{
	u8 stored[LFS_GSTATE_BYTES];
	struct lfs_piece piece = {
		.tag = lfs_tag(LFS_TYPE_GSTATE, LFS_ID_NONE, sizeof(stored)),
		.data = stored,
	};

	if (!(delta[0] | delta[1] | delta[2]))
		return 0;
	lfs_gstate_encode(delta, stored);
	return lfs_log_put(log, &piece);
}

int lfs_write_pair(struct lfs_fs *fs, const struct lfs_change *change,
		   u32 first, u32 end, struct lfs_pair *pair)
{
	struct range_write write = { .first = first };
	int err = lfs_log_create(fs, pair->blocks[0], pair->revision,
				 &write.log);

	if (!err)
		err = lfs_view_each(fs, change, first, end, put_renumbered,
				    &write);
	if (!err)
		err = put_tail(&write.log, pair);
	if (!err)
		err = put_delta(&write.log, pair->delta);
	if (!err)
		err = lfs_log_finish(&write.log, pair);
	/* What the table has of this block was before. */
	if (lfs_pair_has(fs->table.pair.blocks, pair->blocks[0]))
		lfs_table_forget(fs);
	return err;
}

/*
 * The block that is not written may hold metadata of former times, which must
 * be older than what is.
 */
static int new_pair(struct lfs_fs *fs, struct lfs_pair *pair)
{
	u8 stored[LFS_LOG_START];
	int err = lfs_alloc(fs, &pair->blocks[0]);
	u32 tries;

	if (err)
		return err;
	err = -EIO;
	for (tries = 0; err == -EIO && tries < TRIES_MAX; tries++) {
		err = lfs_alloc(fs, &pair->blocks[1]);
		if (!err)
			err = lfs_read(fs, pair->blocks[1], 0, stored,
				       sizeof(stored));
	}
	pair->revision = err ? 0 : get_unaligned_le32(stored) + 1;
	return err;
}

int lfs_create_pair(struct lfs_fs *fs, const u32 tail[2],
		    struct lfs_pair *pair)
{
	static const struct lfs_change nothing;
	u32 tries;
	int err = -EIO;

	for (tries = 0; err == -EIO && tries < TRIES_MAX; tries++) {
		*pair = (struct lfs_pair){ .tail = { tail[0], tail[1] } };
		err = new_pair(fs, pair);
		if (!err)
			err = lfs_write_pair(fs, &nothing, 0, 0, pair);
	}
	return err == -EIO ? -ENOSPC : err;
}

/*
 * Bytes of entries, and where the upper half of them begins, or less when that
 * is more than the half of a block.
 */
static int measure(struct compaction *c, u32 *bytes, u32 *split)
{
	u32 half = lfs_metadata_max(c->fs) / 2, first = 0, upper;
	int err = lfs_view_bytes(c->fs, c->change, 0, c->count, bytes);

	*split = c->count;
	if (*bytes <= half && c->count < LFS_PAIR_ENTRIES_MAX)
		return err;
	while (!err && c->count - first > 1) {
		first += (c->count - first) / 2;
		err = lfs_view_bytes(c->fs, c->change, first, c->count, &upper);
		if (upper <= half)
			break;
	}
	if (first)
		*split = first;
	return err;
}

/* Writes entries from @first on to a pair of their own, before the tail. */
static int write_upper(struct compaction *c, u32 first, struct lfs_pair *upper)
{
	u32 tries, owner;
	int err = lfs_quota_pair_owner(c->fs, c->old.blocks, &owner);

	if (!err)
		err = lfs_quota_charge(c->fs, owner, 2);
	if (err)
		return err;
	err = -EIO;
	for (tries = 0; err == -EIO && tries < TRIES_MAX; tries++) {
		*upper = c->new;
		memset(upper->delta, 0, sizeof(upper->delta));
		err = new_pair(c->fs, upper);
		if (!err)
			err = lfs_table_load(c->fs, c->old.blocks);
		if (err)
			break;
		err = lfs_write_pair(c->fs, c->change, first, c->count, upper);
	}
	if (err)
		lfs_quota_release(c->fs, owner, 2);
	return err == -EIO ? -ENOSPC : err;
}

static void put_before(struct compaction *c, const struct lfs_pair *upper)
{
	memcpy(c->new.tail, upper->blocks, sizeof(c->new.tail));
	c->new.is_split = true;
}

/*
 * Splits until the rest is half full. Without free blocks a pair may get full:
 * only what does not fit at all is an error.
 */
static int split(struct compaction *c, bool *has_split)
{
	u32 limit = min(lfs_metadata_max(c->fs) / 2, lfs_compact_room(c->fs));
	struct lfs_pair upper;
	u32 bytes, first;
	int err;

	for (;;) {
		err = measure(c, &bytes, &first);
		if (err)
			return err;
		if ((bytes <= limit && c->count < LFS_PAIR_ENTRIES_MAX) ||
		    first == c->count)
			return bytes <= lfs_compact_room(c->fs) ? 0 : -ENOSPC;
		err = write_upper(c, first, &upper);
		if (lfs_is_full(err) && bytes <= lfs_compact_room(c->fs) &&
		    c->count < LFS_PAIR_ENTRIES_MAX)
			return lfs_table_load(c->fs, c->old.blocks);
		if (err)
			return err;
		if (!*has_split)
			lfs_nodes_apply(c->fs, c->old.blocks, c->change);
		*has_split = true;
		lfs_nodes_split(c->fs, c->old.blocks, first, upper.blocks);
		lfs_index_split(c->fs, c->old.blocks, upper.blocks);
		put_before(c, &upper);
		c->count = first;
	}
}

static bool is_first_pair(const u32 blocks[2])
{
	return blocks[0] + blocks[1] == 1;
}

static bool is_worn(const struct compaction *c)
{
	const struct lfs_fs *fs = c->fs;

	return fs->wear_cycles && !fs->is_settling && fs->is_recovered &&
	       c->new.revision % (fs->wear_cycles | 1) == 0;
}

/*
 * The first pair cannot move. What wears it out is the root directory, which
 * moves out of it when there is room.
 */
static int expand(struct compaction *c, bool *has_split)
{
	struct lfs_fs *fs = c->fs;
	struct lfs_pair upper;
	int err;

	if (lfs_alloc_count_free(fs) < fs->block_count / 8)
		return 0;
	err = write_upper(c, 0, &upper);
	if (lfs_is_full(err))
		return lfs_table_load(c->fs, c->old.blocks);
	if (err)
		return err;
	if (!*has_split)
		lfs_nodes_apply(fs, c->old.blocks, c->change);
	*has_split = true;
	lfs_nodes_split(fs, c->old.blocks, 0, upper.blocks);
	lfs_nodes_move_heads(fs, fs->root, upper.blocks);
	lfs_index_clear(fs);
	memcpy(fs->root, upper.blocks, sizeof(fs->root));
	put_before(c, &upper);
	c->count = 1;
	return 0;
}

static bool has_moved(const struct compaction *c)
{
	return c->new.blocks[0] != c->old.blocks[1];
}

/*
 * A pair that has moved is in the tree before it is in the list: its share of
 * the state must be what the list still counts. The state then changes in the
 * commit that makes the move known.
 */
static void choose_delta(struct compaction *c)
{
	memcpy(c->new.delta, c->old.delta, sizeof(c->new.delta));
	lfs_gstate_add(c->new.delta, c->change->stolen);
	if (has_moved(c))
		return;
	lfs_gstate_add(c->new.delta, c->fs->gstate);
	lfs_gstate_add(c->new.delta, c->fs->gstate_stored);
}

/*
 * A block that failed may have the whole commit all the same. It would be taken
 * for the pair, so that it is the pair, until the next compaction leaves it.
 */
static bool has_commit(struct compaction *c)
{
	struct lfs_fs *fs = c->fs;

	return !lfs_table_load(fs, c->old.blocks) &&
	       fs->table.pair.revision != c->old.revision;
}

/* To the other block of the pair, or when that is not to be, to a free one. */
static int write_lower(struct compaction *c)
{
	struct lfs_fs *fs = c->fs;
	bool can_move = !is_first_pair(c->old.blocks) &&
			fs->relocation_count < LFS_RELOCATIONS_MAX;
	bool is_moving = can_move && is_worn(c);
	int err = -EIO;
	u32 tries;

	c->new.blocks[0] = c->old.blocks[1];
	c->new.blocks[1] = c->old.blocks[0];
	for (tries = 0; err == -EIO && tries < TRIES_MAX; tries++) {
		err = is_moving ? lfs_alloc(fs, &c->new.blocks[0]) : 0;
		if (err == -ENOSPC && !tries)
			err = 0;	/* a pair that is only worn can stay */
		if (!err)
			err = lfs_table_load(fs, c->old.blocks);
		if (err)
			return err;
		choose_delta(c);
		err = lfs_write_pair(fs, c->change, 0, c->count, &c->new);
		if (err == -EIO && has_commit(c))
			return fs->device->ops->sync(fs->device);
		is_moving = true;
		if (!can_move)
			break;
	}
	return err == -EIO ? -ENOSPC : err;
}

static void note_relocation(struct compaction *c)
{
	struct lfs_fs *fs = c->fs;
	struct lfs_relocation *one = &fs->relocations[fs->relocation_count++];

	*one = (struct lfs_relocation){
		.from = { c->old.blocks[0], c->old.blocks[1] },
		.to = { c->new.blocks[0], c->new.blocks[1] },
	};
	lfs_nodes_move(fs, one->from, one->to);
	if (lfs_pair_shares(fs->root, one->from))
		memcpy(fs->root, one->to, sizeof(fs->root));
}

/* The tail that the change gives the pair, if it does. */
static void take_tail(struct compaction *c)
{
	u32 i;

	for (i = 0; i < c->change->count; i++) {
		const struct lfs_piece *piece = &c->change->edits[i];

		if (lfs_tag_kind(piece->tag) != LFS_KIND_TAIL)
			continue;
		lfs_pair_decode(piece->data, c->new.tail);
		c->new.is_split =
			lfs_tag_type(piece->tag) == LFS_TYPE_HARD_TAIL;
	}
}

int lfs_compact(struct lfs_fs *fs, const u32 blocks[2],
		const struct lfs_change *change)
{
	struct compaction c = { .fs = fs, .change = change };
	bool has_split = false;
	int err = lfs_table_load(fs, blocks);

	if (err)
		return err;
	c.old = fs->table.pair;
	c.new = c.old;
	c.new.revision++;
	c.count = lfs_view_count(fs, change);
	take_tail(&c);
	err = split(&c, &has_split);
	if (!err && is_first_pair(c.old.blocks) && is_first_pair(fs->root) &&
	    c.count > 1 && is_worn(&c))
		err = expand(&c, &has_split);
	if (!err)
		err = write_lower(&c);
	lfs_table_forget(fs);
	if (err) {
		fs->is_broken = fs->is_broken || has_split;
		if (fs->is_broken)
			lfs_index_clear(fs);
		return err;
	}
	lfs_index_move(fs, c.old.blocks, c.new.blocks);
	if (!has_split)
		lfs_nodes_apply(fs, c.old.blocks, change);
	if (has_moved(&c))
		note_relocation(&c);
	else
		memcpy(fs->gstate_stored, fs->gstate, sizeof(fs->gstate));
	return 0;
}
