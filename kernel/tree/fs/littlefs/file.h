/* SPDX-License-Identifier: GPL-2.0-only */
/* Open files. */
#ifndef _LITTLEFS_FILE_H
#define _LITTLEFS_FILE_H

#include "dir.h"
#include "fs.h"
#include "mtime.h"

/**
 * struct lfs_stream - contents that are being written, block after block
 * @is_active: there is one
 * @block: the last block
 * @index: of that in the file
 * @before: the block before it, unless @index is 0
 * @at: where the next byte goes in @block, in bytes
 * @staged: how many bytes before @at are in the file's buffer only
 * @position: where the next byte goes in the file, in bytes
 * @first: index of the first block that is not one of the contents before
 * @blocks: how many were allocated for it
 */
struct lfs_stream {
	bool is_active;
	u32 block;
	u32 index;
	u32 before;
	u32 at;
	u32 staged;
	u32 position;
	u32 first;
	u32 blocks;
};

/**
 * struct lfs_file - an open file; owned by the caller
 * @node: where its entry is
 * @is_inline: its contents are in the log of its pair, or in the buffer
 * @is_buffered: of an inline file: its contents are in the buffer
 * @is_dirty: the medium does not have these contents
 * @has_time: @time is to be written with the contents
 * @is_lost: what was written and not synced is gone: the next sync says so
 * @ctz: its size, and its last block if it is not inline; without what @stream
 *	has
 * @near: a block of @ctz
 * @stream: contents that take the place of those of @ctz, up to its position
 * @blank_block, @blank_at: from where on a block is known to be blank
 * @owner: whose blocks they are, for quotas; to be set when it is open
 * @stored_blocks: of the contents that are on the medium
 * @shared_blocks: how many of those @ctz begins with, at most
 * @charged_blocks: what the owner was charged
 * @time: when the contents changed, by lfs_mtime_encode()
 * @buffer, @buffer_bytes: the caller's; the size is a multiple of the program
 *	unit
 *
 * There must not be two for one entry.
 */
struct lfs_file {
	struct lfs_node node;
	bool is_inline;
	bool is_buffered;
	bool is_dirty;
	bool has_time;
	bool is_lost;
	struct lfs_ctz ctz;
	struct lfs_ctz_near near;
	struct lfs_stream stream;
	u32 blank_block;
	u32 blank_at;
	u32 owner;
	u32 stored_blocks;
	u32 shared_blocks;
	u32 charged_blocks;
	u8 time[LFS_MTIME_BYTES];
	u8 *buffer;
	u32 buffer_bytes;
};

/**
 * lfs_file_open - open an entry that is not a directory
 * @buffer: for writing; without one the file can be read only
 *
 * The file is held until lfs_file_close().
 */
void lfs_file_open(struct lfs_fs *fs, struct lfs_file *file,
		   const struct lfs_entry *entry, void *buffer,
		   u32 buffer_bytes);

/* What was not synced is lost. */
void lfs_file_close(struct lfs_fs *fs, struct lfs_file *file);

/* The size of a file, in bytes. */
u32 lfs_file_size(const struct lfs_file *file);

/**
 * lfs_file_read - read from a file
 * @position: where, in bytes
 *
 * Return: how many bytes were read, fewer than @bytes at the end of the file;
 * -errno.
 */
int lfs_file_read(struct lfs_fs *fs, struct lfs_file *file, u32 position,
		  void *buffer, u32 bytes);

/**
 * lfs_file_write - write to a file
 * @position: where; what is between the end of the file and it becomes zeros
 *
 * Return: 0; -EROFS; -EFBIG; -ENOSPC; -errno. After an error, part of it may
 * have been written.
 */
int lfs_file_write(struct lfs_fs *fs, struct lfs_file *file, u32 position,
		   const void *bytes, u32 count);

/* Makes a file shorter, or longer with zeros. Returns as lfs_file_write(). */
int lfs_file_truncate(struct lfs_fs *fs, struct lfs_file *file, u32 size);

/**
 * lfs_file_sync - make the contents of a file durable, as a whole
 *
 * A file that was removed has nothing to be synced. Return: as
 * lfs_file_write(); -EIO, once, when what was written before could not be kept;
 * after an error the medium has the old contents.
 */
int lfs_file_sync(struct lfs_fs *fs, struct lfs_file *file);

/**
 * lfs_files_detach - before an entry goes: its contents must not be in the log
 *
 * Return: 0, -ENOSPC, -ENOBUFS for a file without a buffer for them, -errno.
 */
int lfs_files_detach(struct lfs_fs *fs, const u32 pair[2], u32 id);

#endif
