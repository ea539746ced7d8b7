// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing commits.
 *
 * Each is read back as it is programmed: a block that does not hold what it was
 * given is moved away from while what it should have is still known.
 */

#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "log.h"

#define CHUNK_BYTES	64

/* What the FCRC covers: a torn program begins in what would be next. */
#define FCRC_MIN_COVER_BYTES	16

/* Of the last checksum, so that its tag can be without an FCRC before it. */
#define PADDING_MAX_BYTES \
	(LFS_TAG_DATA_MAX - LFS_CRC_BYTES - LFS_TAG_BYTES - LFS_FCRC_BYTES)

static u32 round_up_to_unit(const struct lfs_fs *fs, u32 bytes)
{
	u32 unit = fs->device->program_bytes;

	return (bytes + unit - 1) / unit * unit;
}

static int verify(struct lfs_fs *fs, u32 block, u32 at, const u8 *bytes,
		  u32 count)
{
	u8 chunk[CHUNK_BYTES];
	u32 done;

	for (done = 0; done < count; done += sizeof(chunk)) {
		u32 part = min_t(u32, count - done, sizeof(chunk));
		int err = lfs_read(fs, block, at + done, chunk, part);

		if (err)
			return err;
		if (memcmp(chunk, bytes + done, part))
			return -EIO;
	}
	return 0;
}

int lfs_program(struct lfs_fs *fs, u32 block, u32 at, const void *bytes,
		u32 count)
{
	int err = fs->device->ops->program(fs->device, block, at, bytes, count);

	return err ? err : verify(fs, block, at, bytes, count);
}

int lfs_is_blank(const struct lfs_fs *fs, u32 block, u32 at, u32 end)
{
	u8 chunk[CHUNK_BYTES];

	while (at < end) {
		u32 part = min_t(u32, end - at, sizeof(chunk)), i;
		int err = lfs_read(fs, block, at, chunk, part);

		if (err)
			return err;
		for (i = 0; i < part; i++)
			if (chunk[i] != 0xff)
				return 0;
		at += part;
	}
	return 1;
}

/* What the FCRC of a commit that ends here covers, if there is room for it. */
static u32 cover_of(const struct lfs_fs *fs, u32 end)
{
	return min_t(u32, fs->device->block_bytes - end,
		     max_t(u32, fs->device->program_bytes,
			   FCRC_MIN_COVER_BYTES));
}

/* What a commit will program, and what it will say of the bytes behind. */
static int check_blank(struct lfs_fs *fs, u32 bytes)
{
	struct lfs_table *table = &fs->table;
	u32 end = round_up_to_unit(fs, table->pair.end + bytes +
					       LFS_LOG_END_BYTES);
	int is_blank;

	if (end > fs->device->block_bytes)
		return 0;
	end += cover_of(fs, end);
	if (end <= table->blank_end)
		return 1;
	is_blank = lfs_is_blank(fs, table->pair.blocks[0],
				max(table->pair.end, table->blank_end), end);
	if (is_blank == 1)
		table->blank_end = end;
	return is_blank;
}

/* The FCRC tells what was blank, and this what is: both must be right. */
int lfs_log_is_open(struct lfs_fs *fs, u32 bytes)
{
	const struct lfs_pair *pair = &fs->table.pair;
	u32 left = fs->device->block_bytes - pair->end, crc = ~0u, i;
	const u8 blank = 0xff;

	if (pair->end % fs->device->program_bytes)
		return 0;
	if (fs->version >= LFS_VERSION_2_1) {
		if (!pair->fcrc_bytes || pair->fcrc_bytes > left)
			return 0;
		for (i = 0; i < pair->fcrc_bytes; i++)
			crc = crc32_le(crc, &blank, 1);
		if (crc != pair->fcrc)
			return 0;
	}
	return check_blank(fs, bytes);
}

struct lfs_log lfs_log_append(struct lfs_fs *fs, const struct lfs_pair *pair)
{
	return (struct lfs_log){
		.fs = fs,
		.block = pair->blocks[0],
		.at = pair->end,
		.tag = pair->next_tag,
		.crc = ~0u,
	};
}

/* Programs what is in the buffer, which is then empty. */
static int flush(struct lfs_log *log)
{
	struct lfs_fs *fs = log->fs;
	u32 count = log->buffered;

	/* Both ends are multiples of the unit: commits are padded to it. */
	log->buffered = 0;
	return count ? lfs_program(fs, log->block, log->at - count, fs->buffer,
				   count) :
		       0;
}

static int put_bytes(struct lfs_log *log, const void *bytes, u32 count)
{
	const u8 *from = bytes;

	log->crc = crc32_le(log->crc, bytes, count);
	while (count) {
		u32 room = log->fs->buffer_bytes - log->buffered;
		u32 part = min(count, room);
		int err = 0;

		memcpy(log->fs->buffer + log->buffered, from, part);
		log->buffered += part;
		log->at += part;
		from += part;
		count -= part;
		if (log->buffered == log->fs->buffer_bytes)
			err = flush(log);
		if (err)
			return err;
	}
	return 0;
}

static int put_tag(struct lfs_log *log, u32 tag)
{
	u8 stored[LFS_TAG_BYTES];

	put_unaligned_be32(tag ^ log->tag, stored);
	log->tag = tag;
	return put_bytes(log, stored, sizeof(stored));
}

static int copy_bytes(struct lfs_log *log, u32 block, u32 at, u32 count)
{
	u8 chunk[CHUNK_BYTES];
	u32 done;

	for (done = 0; done < count; done += sizeof(chunk)) {
		u32 part = min_t(u32, count - done, sizeof(chunk));
		int err = lfs_read(log->fs, block, at + done, chunk, part);

		if (!err)
			err = put_bytes(log, chunk, part);
		if (err)
			return err;
	}
	return 0;
}

int lfs_log_create(struct lfs_fs *fs, u32 block, u32 revision,
		   struct lfs_log *log)
{
	u8 stored[LFS_LOG_START];
	int err = fs->device->ops->erase(fs->device, block);

	if (err)
		return err;
	*log = (struct lfs_log){
		.fs = fs,
		.block = block,
		.tag = LFS_TAG_NULL,
		.crc = ~0u,
	};
	put_unaligned_le32(revision, stored);
	return put_bytes(log, stored, sizeof(stored));
}

static int put_attrs(struct lfs_log *log, const struct lfs_piece *piece)
{
	struct lfs_attr_walk walk = *piece->attrs;
	struct lfs_attr attr;
	int more, err;

	while ((more = lfs_attr_next(log->fs, &walk, &attr)) == 1) {
		struct lfs_piece one = {
			.tag = lfs_tag(LFS_TYPE_ATTR | attr.type,
				       lfs_tag_id(piece->tag), attr.bytes),
			.block = attr.block,
			.at = attr.at,
		};

		err = lfs_log_put(log, &one);
		if (err)
			return err;
	}
	return more;
}

int lfs_log_put(struct lfs_log *log, const struct lfs_piece *piece)
{
	u32 bytes = lfs_tag_data_bytes(piece->tag);
	int err;

	if (piece->attrs)
		return put_attrs(log, piece);
	if (LFS_TAG_BYTES + bytes + LFS_LOG_END_BYTES >
	    log->fs->device->block_bytes - log->at)
		return -ENOSPC;
	err = put_tag(log, piece->tag);
	if (err)
		return err;
	return piece->data ? put_bytes(log, piece->data, bytes) :
			     copy_bytes(log, piece->block, piece->at, bytes);
}

static int put_fcrc(struct lfs_log *log, u32 cover, struct lfs_pair *pair)
{
	const u8 blank = 0xff;
	u8 stored[LFS_FCRC_BYTES];
	u32 crc = ~0u, i;
	int err;

	for (i = 0; i < cover; i++)
		crc = crc32_le(crc, &blank, 1);
	put_unaligned_le32(cover, stored);
	put_unaligned_le32(crc, stored + 4);
	pair->fcrc_bytes = cover;
	pair->fcrc = crc;
	err = put_tag(log, lfs_tag(LFS_TYPE_FCRC, LFS_ID_NONE, sizeof(stored)));
	return err ? err : put_bytes(log, stored, sizeof(stored));
}

/* A checksum, and @bytes - LFS_CRC_BYTES of padding that it does not cover. */
static int put_crc(struct lfs_log *log, u32 bytes)
{
	static const u8 blank[16] = {
		[0 ... 15] = 0xff,
	};
	u8 stored[LFS_CRC_BYTES];
	u32 left = bytes - LFS_CRC_BYTES;
	int err = put_tag(log, lfs_tag(LFS_TYPE_CRC, LFS_ID_NONE, bytes));

	put_unaligned_le32(log->crc, stored);
	if (!err)
		err = put_bytes(log, stored, sizeof(stored));
	while (!err && left) {
		u32 part = min_t(u32, left, sizeof(blank));

		err = put_bytes(log, blank, part);
		left -= part;
	}
	log->crc = ~0u;
	return err;
}

/* Padding that is longer than a tag can be is several checksums in a row. */
static int put_padding(struct lfs_log *log, u32 end)
{
	int err = 0;

	while (!err && end - log->at - LFS_LOG_END_BYTES > PADDING_MAX_BYTES)
		err = put_crc(log, min_t(u32, LFS_TAG_DATA_MAX,
					 end - log->at - LFS_LOG_END_BYTES -
						 LFS_TAG_BYTES));
	return err;
}

int lfs_log_finish(struct lfs_log *log, struct lfs_pair *pair)
{
	struct lfs_fs *fs = log->fs;
	u32 unit = fs->device->program_bytes;
	u32 end = round_up_to_unit(fs, log->at + LFS_LOG_END_BYTES);
	u32 cover;
	int err;

	if (end > fs->device->block_bytes)
		return -ENOSPC;
	cover = cover_of(fs, end);
	pair->fcrc_bytes = 0;
	err = put_padding(log, end);
	if (!err && fs->version >= LFS_VERSION_2_1 && cover >= unit)
		err = put_fcrc(log, cover, pair);
	if (!err)
		err = put_crc(log, end - log->at - LFS_TAG_BYTES);
	if (!err)
		err = flush(log);
	if (!err)
		err = fs->device->ops->sync(fs->device);
	pair->end = log->at;
	pair->last_tag = log->tag;
	pair->next_tag = log->tag;
	return err;
}
