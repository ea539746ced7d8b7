// SPDX-License-Identifier: GPL-2.0-only
/* Writing open files: in their buffer while they are small, or to blocks. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "commit.h"
#include "file.h"
#include "quota.h"
#include "recover.h"
#include "stream.h"

static bool can_be_inline(const struct lfs_fs *fs, const struct lfs_file *file,
			  u32 size)
{
	return size <= fs->inline_max && size <= file->buffer_bytes;
}

/* Each write begins with this. */
static int start_write(struct lfs_fs *fs, const struct lfs_file *file)
{
	if (!file->buffer_bytes ||
	    file->buffer_bytes % fs->device->program_bytes)
		return -EINVAL;
	return lfs_start_change(fs);
}

/* Brings what is small into the buffer, if it is not there. */
static int load_small(struct lfs_fs *fs, struct lfs_file *file)
{
	if (!file->is_inline || file->is_buffered ||
	    !can_be_inline(fs, file, file->ctz.size))
		return 0;
	return lfs_file_load(fs, file);
}

static int write_blocks(struct lfs_fs *fs, struct lfs_file *file, u32 position,
			const void *bytes, u32 count)
{
	u32 size = lfs_file_size(file);
	bool goes_on = file->stream.is_active &&
		       file->stream.position == position;
	int err = lfs_stream_seek(fs, file, min(position, size));

	if (!err && position > size)
		err = lfs_stream_put(fs, file, NULL, position - size);
	if (!err)
		err = lfs_stream_put(fs, file, bytes, count);
	/* What was written before stays, if what is behind has room. */
	if (err && lfs_stream_finish(fs, file)) {
		lfs_stream_drop(fs, file);
		file->is_lost |= goes_on;
	}
	return err;
}

static void write_buffer(struct lfs_file *file, u32 position, const void *bytes,
			 u32 count)
{
	if (position > file->ctz.size)
		memset(file->buffer + file->ctz.size, 0,
		       position - file->ctz.size);
	if (bytes)
		memcpy(file->buffer + position, bytes, count);
	else
		memset(file->buffer + position, 0, count);
	file->ctz.size = max(file->ctz.size, position + count);
	file->is_dirty = true;
}

/* Zeros for NULL. */
static int write_any(struct lfs_fs *fs, struct lfs_file *file, u32 position,
		     const void *bytes, u32 count)
{
	u32 size = max(position + count, lfs_file_size(file));
	int err = load_small(fs, file);

	if (err)
		return err;
	if (!file->is_buffered || !can_be_inline(fs, file, size))
		return write_blocks(fs, file, position, bytes, count);
	write_buffer(file, position, bytes, count);
	return 0;
}

int lfs_file_write(struct lfs_fs *fs, struct lfs_file *file, u32 position,
		   const void *bytes, u32 count)
{
	int err = start_write(fs, file);

	if (err || !count)
		return err;
	if (position > fs->file_max || count > fs->file_max - position)
		return -EFBIG;
	err = write_any(fs, file, position, bytes, count);
	lfs_quota_file(fs, file);
	return err;
}

/* A skip list is as good for its begin: nothing has to be copied. */
static int shorten_blocks(struct lfs_fs *fs, struct lfs_file *file, u32 size)
{
	u32 at;
	int err = lfs_ctz_find(fs, &file->ctz, size - 1, &file->ctz.head, &at);

	if (!err)
		file->ctz.size = size;
	file->near.is_known = false;
	return err;
}

static int shorten(struct lfs_fs *fs, struct lfs_file *file, u32 size)
{
	int err = lfs_stream_finish(fs, file);

	if (err)
		return err;
	if (!file->is_buffered && can_be_inline(fs, file, size))
		err = lfs_file_read_stored(fs, file, 0, file->buffer, size);
	else if (file->is_inline && !file->is_buffered)
		err = lfs_file_write_out(fs, file);
	if (err)
		return err;
	if (!file->is_inline && !can_be_inline(fs, file, size)) {
		err = shorten_blocks(fs, file, size);
	} else {
		file->is_inline = true;
		file->is_buffered = true;
		file->ctz.size = size;
	}
	if (!err)
		file->is_dirty = true;
	return err;
}

int lfs_file_truncate(struct lfs_fs *fs, struct lfs_file *file, u32 size)
{
	u32 old_size = lfs_file_size(file);
	int err = start_write(fs, file);

	if (err || size == old_size)
		return err;
	if (size > fs->file_max)
		return -EFBIG;
	if (size > old_size)
		err = write_any(fs, file, old_size, NULL, size - old_size);
	else
		err = shorten(fs, file, size);
	lfs_quota_file(fs, file);
	return err;
}
