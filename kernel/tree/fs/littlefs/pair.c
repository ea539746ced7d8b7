// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metadata pairs: which block is current, and where its log ends.
 *
 * A block counts from its first commit on whose checksum is right; a newer
 * revision without such a commit is what a power cut left of a compaction.
 */

#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "pair.h"

/* Small: it is on the stack, below the callers of a filesystem. */
#define CHUNK_BYTES	64

/**
 * struct scan - a log that is being read
 * @fs: the filesystem
 * @block: which block
 * @at: behind the last tag and its data
 * @tag: the last tag, with the valid state that the next one is XORed with
 * @crc: since the end of the last commit
 * @next: what the pair is if the commit that is being read is good
 * @is_damaged: the commit has a tag that cannot be
 * @feed: gets the tags
 */
struct scan {
	const struct lfs_fs *fs;
	struct lfs_feed *feed;
	u32 block;
	u32 at;
	u32 tag;
	u32 crc;
	struct lfs_pair next;
	bool is_damaged;
};

int lfs_read(const struct lfs_fs *fs, u32 block, u32 at, void *buffer,
	     u32 bytes)
{
	struct lfs_device *device = fs->device;

	if (block >= fs->block_count || at > device->block_bytes ||
	    bytes > device->block_bytes - at)
		return -EUCLEAN;
	return device->ops->read(device, block, at, buffer, bytes);
}

bool lfs_pair_is_sound(const struct lfs_fs *fs, const u32 blocks[2])
{
	return blocks[0] < fs->block_count && blocks[1] < fs->block_count &&
	       blocks[0] != blocks[1];
}

void lfs_pair_decode(const void *bytes, u32 blocks[2])
{
	blocks[0] = get_unaligned_le32(bytes);
	blocks[1] = get_unaligned_le32((const u8 *)bytes + 4);
}

void lfs_pair_encode(const u32 blocks[2], void *bytes)
{
	put_unaligned_le32(blocks[0], bytes);
	put_unaligned_le32(blocks[1], (u8 *)bytes + 4);
}

static int crc_data(struct scan *scan, u32 bytes)
{
	u8 chunk[CHUNK_BYTES];
	u32 done = 0;

	while (done < bytes) {
		u32 part = min_t(u32, bytes - done, sizeof(chunk));
		int err = lfs_read(scan->fs, scan->block, scan->at + done,
				   chunk, part);

		if (err)
			return err;
		scan->crc = crc32_le(scan->crc, chunk, part);
		done += part;
	}
	return 0;
}

static void take_tail(struct scan *scan, u32 tag, const u8 *data)
{
	lfs_pair_decode(data, scan->next.tail);
	scan->next.is_split = lfs_tag_type(tag) == LFS_TYPE_HARD_TAIL;
	if (!lfs_pair_is_null(scan->next.tail) &&
	    !lfs_pair_is_sound(scan->fs, scan->next.tail))
		scan->is_damaged = true;
}

static void take_gstate(struct scan *scan, u32 tag, const u8 *data)
{
	u32 i;

	for (i = 0; i < 3; i++)
		scan->next.delta[i] = get_unaligned_le32(data + 4 * i);
}

static void take_fcrc(struct scan *scan, u32 tag, const u8 *data)
{
	scan->next.fcrc_bytes = get_unaligned_le32(data);
	scan->next.fcrc = get_unaligned_le32(data + 4);
}

/* What belongs to the pair itself; entries are read later, see table.c. */
static const struct {
	u32 type;
	u32 bytes;
	void (*take)(struct scan *scan, u32 tag, const u8 *data);
} pair_tags[] = {
	{ LFS_TYPE_SOFT_TAIL, LFS_PAIR_BYTES, take_tail },
	{ LFS_TYPE_HARD_TAIL, LFS_PAIR_BYTES, take_tail },
	{ LFS_TYPE_GSTATE, LFS_GSTATE_BYTES, take_gstate },
	{ LFS_TYPE_FCRC, LFS_FCRC_BYTES, take_fcrc },
};

static int take_tag(struct scan *scan, u32 tag)
{
	u8 data[LFS_GSTATE_BYTES];
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(pair_tags); i++) {
		if (pair_tags[i].type != lfs_tag_type(tag))
			continue;
		if (lfs_tag_data_bytes(tag) < pair_tags[i].bytes) {
			scan->is_damaged = true;
			continue;
		}
		err = lfs_read(scan->fs, scan->block, scan->at, data,
			       pair_tags[i].bytes);
		if (err)
			return err;
		pair_tags[i].take(scan, tag, data);
	}
	return 0;
}

/* Returns 1 when the commit is good, 0 when it is not, -errno. */
static int end_commit(struct scan *scan, u32 tag, struct lfs_pair *pair)
{
	u8 stored[LFS_CRC_BYTES];
	int err;

	if (lfs_tag_data_bytes(tag) < LFS_CRC_BYTES)
		return 0;
	err = lfs_read(scan->fs, scan->block, scan->at, stored,
		       sizeof(stored));
	if (err)
		return err;
	if (get_unaligned_le32(stored) != scan->crc)
		return 0;
	if (scan->is_damaged)
		return -EUCLEAN;
	scan->at += lfs_tag_data_bytes(tag);
	scan->tag = tag ^ (lfs_tag_chunk(tag) & 1 ? LFS_TAG_INVALID : 0);
	scan->crc = ~0u;
	scan->next.end = scan->at;
	scan->next.last_tag = tag;
	scan->next.next_tag = scan->tag;
	*pair = scan->next;
	scan->next.fcrc_bytes = 0;
	scan->feed->is_exact = !scan->feed->has_failed;
	return 1;
}

static void feed_tag(struct scan *scan, u32 tag)
{
	struct lfs_feed *feed = scan->feed;

	feed->is_exact = false;
	if (!feed->has_failed)
		feed->has_failed = feed->take(feed->table, tag, scan->at);
}

/* Returns 1 when the log goes on behind this tag, 0 when it ends, -errno. */
static int scan_tag(struct scan *scan, struct lfs_pair *pair)
{
	u32 left = scan->fs->device->block_bytes - scan->at, tag;
	u8 stored[LFS_TAG_BYTES];
	int err;

	if (left < sizeof(stored))
		return 0;
	err = lfs_read(scan->fs, scan->block, scan->at, stored,
		       sizeof(stored));
	if (err)
		return err;
	tag = get_unaligned_be32(stored) ^ scan->tag;
	if (tag & LFS_TAG_INVALID ||
	    lfs_tag_data_bytes(tag) > left - sizeof(stored))
		return 0;
	scan->crc = crc32_le(scan->crc, stored, sizeof(stored));
	scan->at += sizeof(stored);
	if (lfs_tag_ends_commit(tag))
		return end_commit(scan, tag, pair);
	feed_tag(scan, tag);
	err = take_tag(scan, tag);
	if (!err)
		err = crc_data(scan, lfs_tag_data_bytes(tag));
	if (err)
		return err;
	scan->at += lfs_tag_data_bytes(tag);
	scan->tag = tag;
	return 1;
}

static int scan_tags(struct scan *scan, struct lfs_pair *pair)
{
	int more = 1;

	/* Each tag moves on by four bytes at least. */
	while (more == 1)
		more = scan_tag(scan, pair);
	return more;
}

/* The log of blocks[0], as far as its commits are good. */
static int scan_block(const struct lfs_fs *fs, const u32 blocks[2],
		      u32 revision, struct lfs_pair *pair,
		      struct lfs_feed *feed)
{
	struct scan scan = {
		.fs = fs,
		.feed = feed,
		.block = blocks[0],
		.at = LFS_LOG_START,
		.tag = LFS_TAG_NULL,
		.next = {
			.blocks = { blocks[0], blocks[1] },
			.revision = revision,
			.tail = { LFS_BLOCK_NULL, LFS_BLOCK_NULL },
		},
	};
	u8 stored[LFS_LOG_START];
	int err;

	put_unaligned_le32(revision, stored);
	scan.crc = crc32_le(~0u, stored, sizeof(stored));
	feed->has_failed = false;
	feed->table->count = 0;
	pair->end = 0;
	err = scan_tags(&scan, pair);
	if (err)
		return err;
	return pair->end ? 0 : -EUCLEAN;
}

int lfs_pair_follow(const struct lfs_fs *fs, struct lfs_pair *pair,
		    struct lfs_feed *feed)
{
	struct scan scan = {
		.fs = fs,
		.feed = feed,
		.block = pair->blocks[0],
		.at = pair->end,
		.tag = pair->next_tag,
		.crc = ~0u,
		.next = *pair,
	};

	scan.next.fcrc_bytes = 0;
	return scan_tags(&scan, pair);
}

int lfs_pair_fetch(const struct lfs_fs *fs, const u32 blocks[2],
		   struct lfs_pair *pair, struct lfs_feed *feed)
{
	u32 order[2] = { blocks[0], blocks[1] }, revisions[2] = { 0, 0 }, i;
	int errs[2], err;

	if (!lfs_pair_is_sound(fs, blocks))
		return -EUCLEAN;
	for (i = 0; i < 2; i++) {
		u8 stored[LFS_LOG_START];

		errs[i] = lfs_read(fs, order[i], 0, stored, sizeof(stored));
		if (!errs[i])
			revisions[i] = get_unaligned_le32(stored);
	}
	/* Sequence comparison: counters wrap around. */
	if (errs[0] || (!errs[1] && (s32)(revisions[1] - revisions[0]) > 0)) {
		swap(order[0], order[1]);
		swap(revisions[0], revisions[1]);
		swap(errs[0], errs[1]);
	}
	err = errs[0];
	if (!err)
		err = scan_block(fs, order, revisions[0], pair, feed);
	if (!err || errs[1])
		return err;
	swap(order[0], order[1]);
	return scan_block(fs, order, revisions[1], pair, feed);
}

struct lfs_cursor lfs_cursor_make(const struct lfs_pair *pair)
{
	return (struct lfs_cursor){
		.block = pair->blocks[0],
		.at = pair->end,
		.before = pair->last_tag,
	};
}

int lfs_cursor_back(const struct lfs_fs *fs, struct lfs_cursor *cursor)
{
	u32 bytes = LFS_TAG_BYTES + lfs_tag_data_bytes(cursor->before);
	u8 stored[LFS_TAG_BYTES];
	int err;

	if (cursor->at <= LFS_LOG_START)
		return 0;
	if (bytes > cursor->at - LFS_LOG_START)
		return -EUCLEAN;
	cursor->at -= bytes;
	cursor->tag = cursor->before;
	err = lfs_read(fs, cursor->block, cursor->at, stored, sizeof(stored));
	if (err)
		return err;
	/* Behind a checksum the valid bit is toggled; it is not chained. */
	cursor->before = (get_unaligned_be32(stored) ^ cursor->tag) &
			 ~LFS_TAG_INVALID;
	return 1;
}
