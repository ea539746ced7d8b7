// SPDX-License-Identifier: GPL-2.0-only
/* Open files: reading them, and making them durable. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "commit.h"
#include "file.h"
#include "node.h"
#include "pair.h"
#include "quota.h"
#include "recover.h"
#include "stream.h"

void lfs_file_open(struct lfs_fs *fs, struct lfs_file *file,
		   const struct lfs_entry *entry, void *buffer,
		   u32 buffer_bytes)
{
	u32 blocks = entry->is_inline ? 0 : lfs_ctz_blocks(fs, entry->ctz.size);

	*file = (struct lfs_file){
		.node = {
			.pair = { entry->pair[0], entry->pair[1] },
			.id = entry->id,
			.head = { LFS_BLOCK_NULL, LFS_BLOCK_NULL },
			.file = file,
		},
		.is_inline = entry->is_inline,
		.ctz = entry->ctz,
		.blank_block = LFS_BLOCK_NULL,
		.owner = fs->quota ? fs->quota->missing_owner : 0,
		.stored_blocks = blocks,
		.shared_blocks = blocks,
		.charged_blocks = blocks,
		.buffer = buffer,
		.buffer_bytes = buffer_bytes,
	};
	lfs_node_hold(fs, &file->node);
}

void lfs_file_close(struct lfs_fs *fs, struct lfs_file *file)
{
	/* The owner keeps what is on the medium. */
	lfs_quota_release(fs, file->owner,
			  file->charged_blocks - file->stored_blocks);
	lfs_node_drop(fs, &file->node);
}

u32 lfs_file_size(const struct lfs_file *file)
{
	return file->stream.is_active ?
		       max(file->stream.position, file->ctz.size) :
		       file->ctz.size;
}

/* Where the data are is known to the log alone: a compaction moves them. */
static int read_inline(struct lfs_fs *fs, const struct lfs_file *file,
		       u32 position, void *buffer, u32 bytes)
{
	struct lfs_entry entry;
	int err;

	if (file->is_buffered) {
		memcpy(buffer, file->buffer + position, bytes);
		return 0;
	}
	err = lfs_entry_load(fs, file->node.pair, file->node.id, &entry);
	if (err)
		return err == -ENOENT ? -EUCLEAN : err;
	if (!entry.is_inline || position + bytes > entry.ctz.size)
		return -EUCLEAN;
	return lfs_read(fs, entry.pair[0], entry.inline_at + position, buffer,
			bytes);
}

int lfs_file_read_stored(struct lfs_fs *fs, struct lfs_file *file, u32 position,
			 void *buffer, u32 bytes)
{
	return file->is_inline ?
		       read_inline(fs, file, position, buffer, bytes) :
		       lfs_ctz_read(fs, &file->ctz, &file->near, position,
				    buffer, bytes);
}

int lfs_file_read(struct lfs_fs *fs, struct lfs_file *file, u32 position,
		  void *buffer, u32 bytes)
{
	int err = lfs_stream_finish(fs, file);

	lfs_quota_file(fs, file);
	if (err)
		return err;
	if (position >= file->ctz.size)
		return 0;
	bytes = min(bytes, file->ctz.size - position);
	err = lfs_file_read_stored(fs, file, position, buffer, bytes);
	return err ? err : (int)bytes;
}

static int commit_contents(struct lfs_fs *fs, const struct lfs_file *file)
{
	u8 stored[LFS_CTZ_BYTES];
	u32 id = file->node.id;
	struct lfs_piece edits[] = {
		{
			.tag = lfs_tag(LFS_TYPE_CTZ, id, sizeof(stored)),
			.data = stored,
		}, {
			.tag = lfs_tag(LFS_TYPE_ATTR | LFS_ATTR_MTIME, id,
				       sizeof(file->time)),
			.data = file->time,
		},
	};

	put_unaligned_le32(file->ctz.head, stored);
	put_unaligned_le32(file->ctz.size, stored + 4);
	if (file->is_inline) {
		edits[0].tag = lfs_tag(LFS_TYPE_INLINE, id, file->ctz.size);
		edits[0].data = file->buffer;
	}
	return lfs_commit(fs, file->node.pair, edits, file->has_time ? 2 : 1);
}

int lfs_file_sync(struct lfs_fs *fs, struct lfs_file *file)
{
	int err;

	if (file->is_lost) {
		file->is_lost = false;
		return -EIO;
	}
	if (!file->is_dirty && !file->stream.is_active)
		return 0;
	err = lfs_start_change(fs);
	if (!err)
		err = lfs_stream_finish(fs, file);
	lfs_quota_file(fs, file);
	if (err || lfs_node_is_gone(&file->node))
		return err;
	/* The blocks have to be there before the entry says so. */
	err = fs->device->ops->sync(fs->device);
	if (!err)
		err = commit_contents(fs, file);
	if (err)
		return err;
	file->is_dirty = false;
	file->stored_blocks = file->is_inline ?
				      0 :
				      lfs_ctz_blocks(fs, file->ctz.size);
	file->shared_blocks = file->stored_blocks;
	lfs_quota_file(fs, file);
	return 0;
}

static int detach(struct lfs_fs *fs, struct lfs_file *file)
{
	int err;

	if (!file->is_inline || file->is_buffered || file->stream.is_active ||
	    !file->ctz.size)
		return 0;
	if (!file->buffer_bytes)
		return -ENOBUFS;
	if (file->ctz.size <= file->buffer_bytes)
		err = lfs_file_load(fs, file);
	else
		err = lfs_file_write_out(fs, file);
	lfs_quota_file(fs, file);
	return err;
}

int lfs_files_detach(struct lfs_fs *fs, const u32 pair[2], u32 id)
{
	struct lfs_node *node;
	int err = 0;

	for (node = fs->nodes; node && !err; node = node->next)
		if (node->file && node->id == id &&
		    lfs_pair_shares(node->pair, pair))
			err = detach(fs, node->file);
	return err;
}
