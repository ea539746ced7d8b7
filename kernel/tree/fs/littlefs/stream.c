// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing the contents of files.
 *
 * A stream takes the place of what the file has, from its begin to where the
 * stream is. Its blocks are in no log yet; the allocator finds them through the
 * open file.
 */

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "alloc.h"
#include "log.h"
#include "node.h"
#include "quota.h"
#include "stream.h"

#define CHUNK_BYTES	64

/* In the place of a bad block, how many others are tried. */
#define TRIES_MAX	16

static int erase_new_block(struct lfs_fs *fs, u32 *block)
{
	int err = -EIO;
	u32 tries;

	for (tries = 0; err == -EIO && tries < TRIES_MAX; tries++) {
		err = lfs_alloc(fs, block);
		if (!err)
			err = fs->device->ops->erase(fs->device, *block);
	}
	return err == -EIO ? -ENOSPC : err;
}

/* One more for the owner of the file. */
static int add_block(struct lfs_fs *fs, struct lfs_file *file, u32 *block)
{
	int err = lfs_quota_charge(fs, file->owner, 1);

	if (err)
		return err;
	err = erase_new_block(fs, block);
	if (err)
		lfs_quota_release(fs, file->owner, 1);
	else
		file->charged_blocks++;
	return err;
}

/* What a block has of programmed bytes, through the buffer for commits. */
static int copy_block(struct lfs_fs *fs, u32 from, u32 to, u32 bytes)
{
	u32 done = 0;
	int err = 0;

	while (!err && done < bytes) {
		u32 part = min(bytes - done, fs->buffer_bytes);

		err = lfs_read(fs, from, done, fs->buffer, part);
		if (!err)
			err = lfs_program(fs, to, done, fs->buffer, part);
		done += part;
	}
	return err;
}

/* One that was not the stream's alone is not lost to the other contents. */
static void replace_block(struct lfs_stream *s, u32 block)
{
	s->block = block;
	if (s->first <= s->index)
		return;
	s->first = s->index;
	s->blocks++;
}

/* Programs what is staged; a block that fails is left for another one. */
static int flush(struct lfs_fs *fs, struct lfs_file *file)
{
	struct lfs_stream *s = &file->stream;
	u32 unit = fs->device->program_bytes, tries, block;
	u32 bytes = (s->staged + unit - 1) / unit * unit;
	u32 start = s->at - s->staged;
	int err;

	if (!bytes)
		return 0;
	memset(file->buffer + s->staged, 0xff, bytes - s->staged);
	err = lfs_program(fs, s->block, start, file->buffer, bytes);
	for (tries = 0; err == -EIO && tries < TRIES_MAX; tries++) {
		err = erase_new_block(fs, &block);
		if (err)
			return err;
		err = copy_block(fs, s->block, block, start);
		if (!err)
			err = lfs_program(fs, block, start, file->buffer,
					  bytes);
		if (!err)
			replace_block(s, block);
	}
	if (!err)
		s->staged = 0;
	return err == -EIO ? -ENOSPC : err;
}

/* Into the buffer, and on to the block when it is full or the block is. */
static int stage(struct lfs_fs *fs, struct lfs_file *file, const u8 *bytes,
		 u32 count)
{
	struct lfs_stream *s = &file->stream;
	int err = 0;

	while (!err && count) {
		u32 room = min(file->buffer_bytes - s->staged,
			       fs->device->block_bytes - s->at);
		u32 part = min(count, room);

		memcpy(file->buffer + s->staged, bytes, part);
		s->staged += part;
		s->at += part;
		bytes += part;
		count -= part;
		if (part == room)
			err = flush(fs, file);
	}
	return err;
}

/*
 * Pointer k of block n leads to block n - 2^k, which is where pointer k - 1 of
 * block n - 2^(k-1) leads.
 */
static int stage_pointers(struct lfs_fs *fs, struct lfs_file *file)
{
	struct lfs_stream *s = &file->stream;
	u32 count = __ffs(s->index) + 1, target = s->before, k;
	u8 stored[LFS_POINTER_BYTES];
	int err = 0;

	for (k = 0; !err && k < count; k++) {
		if (k) {
			err = lfs_read(fs, target, LFS_POINTER_BYTES * (k - 1),
				       stored, sizeof(stored));
			target = get_unaligned_le32(stored);
		}
		put_unaligned_le32(target, stored);
		if (!err)
			err = stage(fs, file, stored, sizeof(stored));
	}
	return err;
}

static int next_block(struct lfs_fs *fs, struct lfs_file *file)
{
	struct lfs_stream *s = &file->stream;
	u32 block;
	int err = add_block(fs, file, &block);

	if (err)
		return err;
	s->before = s->block;
	s->block = block;
	s->index++;
	s->blocks++;
	s->at = 0;
	return stage_pointers(fs, file);
}

/* A stream from the begin of the file, in its first block. */
static int begin_first(struct lfs_fs *fs, struct lfs_file *file)
{
	u32 block;
	int err = add_block(fs, file, &block);

	if (!err)
		file->stream = (struct lfs_stream){
			.is_active = true,
			.block = block,
			.blocks = 1,
		};
	return err;
}

static int copy_stored(struct lfs_fs *fs, struct lfs_file *file, u32 end)
{
	u8 chunk[CHUNK_BYTES];
	int err = 0;

	while (!err && file->stream.position < end) {
		u32 part = min_t(u32, end - file->stream.position,
				 sizeof(chunk));

		err = lfs_file_read_stored(fs, file, file->stream.position,
					   chunk, part);
		if (!err)
			err = lfs_stream_put(fs, file, chunk, part);
	}
	return err;
}

/*
 * What is in the buffer is staged as it is there: the first block has nothing
 * before it. It is written over from @position on to its end, or only longer.
 */
static void stage_buffered(struct lfs_file *file, u32 position)
{
	file->is_buffered = false;
	file->is_inline = false;
	file->ctz.size = 0;
	file->stream.at = position;
	file->stream.staged = position;
	file->stream.position = position;
}

static int begin_inline(struct lfs_fs *fs, struct lfs_file *file, u32 position)
{
	int err = begin_first(fs, file);

	if (err)
		return err;
	if (!file->is_buffered)
		return copy_stored(fs, file, position);
	stage_buffered(file, position);
	/* A block may be as small as the buffer. */
	if (file->stream.staged == file->buffer_bytes ||
	    file->stream.at == fs->device->block_bytes)
		err = flush(fs, file);
	return err;
}

/* Whether the file can go on in its last block: 1, 0 or -errno. */
static int can_resume(const struct lfs_fs *fs, const struct lfs_file *file,
		      const struct lfs_stream *s)
{
	if (s->at == fs->device->block_bytes)
		return 1;
	if (s->position != file->ctz.size || s->at % fs->device->program_bytes)
		return 0;
	if (file->blank_block == s->block && file->blank_at == s->at)
		return 1;
	return lfs_is_blank(fs, s->block, s->at, fs->device->block_bytes);
}

static int copy_begin(struct lfs_fs *fs, struct lfs_file *file, u32 from,
		      u32 bytes)
{
	u8 chunk[CHUNK_BYTES];
	u32 done, part;
	int err = 0;

	for (done = 0; !err && done < bytes; done += part) {
		part = min_t(u32, bytes - done, sizeof(chunk));
		err = lfs_read(fs, from, done, chunk, part);
		if (!err)
			err = stage(fs, file, chunk, part);
	}
	return err;
}

static int find_last(const struct lfs_fs *fs, const struct lfs_file *file,
		     struct lfs_stream *s)
{
	u8 stored[LFS_POINTER_BYTES];
	u32 last;
	int err = lfs_ctz_find(fs, &file->ctz, s->position - 1, &s->block,
			       &last);

	if (err)
		return err;
	s->index = lfs_ctz_index(fs->device->block_bytes, s->position - 1,
				 &last);
	s->at = last + 1;
	if (!s->index)
		return 0;
	err = lfs_read(fs, s->block, 0, stored, sizeof(stored));
	s->before = get_unaligned_le32(stored);
	return err;
}

/* In the block that has the byte before @position, or in a copy of it. */
static int begin_ctz(struct lfs_fs *fs, struct lfs_file *file, u32 position)
{
	struct lfs_stream s = { .is_active = true, .position = position };
	u32 from, bytes;
	int err = find_last(fs, file, &s), can;

	if (err)
		return err;
	can = can_resume(fs, file, &s);
	if (can < 0)
		return can;
	from = s.block;
	bytes = s.at;
	s.first = s.index + 1;
	if (!can) {
		err = add_block(fs, file, &s.block);
		s.at = 0;
		s.first = s.index;
		s.blocks = 1;
	}
	if (err)
		return err;
	file->stream = s;
	/* It is the stream's to program, and stays so if that is dropped. */
	file->blank_block = LFS_BLOCK_NULL;
	return can ? 0 : copy_begin(fs, file, from, bytes);
}

static int begin(struct lfs_fs *fs, struct lfs_file *file, u32 position)
{
	int err;

	if (file->is_inline)
		err = begin_inline(fs, file, position);
	else if (!position)
		err = begin_first(fs, file);
	else
		err = begin_ctz(fs, file, position);
	if (err)
		lfs_stream_drop(fs, file);
	return err;
}

/*
 * The file still has all that it had, unless that was in its buffer and went
 * to the stream: then it is on the medium, as it was synced.
 */
void lfs_stream_drop(struct lfs_fs *fs, struct lfs_file *file)
{
	struct lfs_entry entry;

	file->stream.is_active = false;
	if (file->is_inline || file->ctz.size)
		return;
	file->is_lost |= file->is_dirty;
	file->is_dirty = false;
	if (lfs_node_is_gone(&file->node) ||
	    lfs_entry_load(fs, file->node.pair, file->node.id, &entry))
		return;
	file->is_inline = entry.is_inline;
	file->ctz = entry.ctz;
	file->near.is_known = false;
	file->shared_blocks = file->stored_blocks;
}

int lfs_stream_seek(struct lfs_fs *fs, struct lfs_file *file, u32 position)
{
	int err;

	if (file->stream.is_active && file->stream.position == position)
		return 0;
	err = lfs_stream_finish(fs, file);
	return err ? err : begin(fs, file, position);
}

int lfs_stream_put(struct lfs_fs *fs, struct lfs_file *file, const void *bytes,
		   u32 count)
{
	static const u8 zeros[CHUNK_BYTES];
	struct lfs_stream *s = &file->stream;
	const u8 *from = bytes;
	int err = 0;

	while (!err && count) {
		u32 part = count, at;

		if (s->at == fs->device->block_bytes)
			err = next_block(fs, file);
		if (err)
			break;
		part = min(part, fs->device->block_bytes - s->at);
		if (!bytes)
			part = min_t(u32, part, sizeof(zeros));
		at = s->at;
		err = stage(fs, file, bytes ? from : zeros, part);
		s->position += s->at - at;
		count -= part;
		if (bytes)
			from += part;
	}
	return err;
}

int lfs_stream_finish(struct lfs_fs *fs, struct lfs_file *file)
{
	struct lfs_stream *s = &file->stream;
	int err = 0;

	if (!s->is_active)
		return 0;
	err = copy_stored(fs, file, file->ctz.size);
	if (!err)
		err = flush(fs, file);
	if (err)
		return err;
	s->is_active = false;
	file->shared_blocks = min(file->shared_blocks, s->first);
	file->is_dirty = true;
	file->is_inline = !s->position;
	file->is_buffered = file->is_inline;
	file->ctz.head = s->block;
	file->ctz.size = s->position;
	file->near.is_known = false;
	file->blank_block = s->block;
	file->blank_at = s->at;
	return 0;
}

int lfs_file_load(struct lfs_fs *fs, struct lfs_file *file)
{
	int err = lfs_file_read_stored(fs, file, 0, file->buffer,
				       file->ctz.size);

	file->is_buffered = !err;
	return err;
}

int lfs_file_write_out(struct lfs_fs *fs, struct lfs_file *file)
{
	int err = begin(fs, file, file->ctz.size);

	return err ? err : lfs_stream_finish(fs, file);
}
