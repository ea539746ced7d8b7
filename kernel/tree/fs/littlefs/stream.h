/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing the contents of files to blocks of their own: old blocks stay what
 * they are, new ones are linked to them.
 */
#ifndef _LITTLEFS_STREAM_H
#define _LITTLEFS_STREAM_H

#include "file.h"

/**
 * lfs_stream_seek - begin to write at a place of a file
 * @position: not behind the end of the file
 *
 * What was written before is finished, unless it ends right there.
 *
 * Return: 0, -ENOSPC, -EUCLEAN, -EIO.
 */
int lfs_stream_seek(struct lfs_fs *fs, struct lfs_file *file, u32 position);

/* Writes bytes, or zeros for NULL. Returns as lfs_stream_seek(). */
int lfs_stream_put(struct lfs_fs *fs, struct lfs_file *file, const void *bytes,
		   u32 count);

/**
 * lfs_stream_finish - give the file the contents that were written
 *
 * What was behind them is copied. Return: as lfs_stream_seek().
 */
int lfs_stream_finish(struct lfs_fs *fs, struct lfs_file *file);

/* Gives up what was written since lfs_stream_seek(). */
void lfs_stream_drop(struct lfs_fs *fs, struct lfs_file *file);

/* Reads what the file has without its stream. Returns 0 or -errno. */
int lfs_file_read_stored(struct lfs_fs *fs, struct lfs_file *file, u32 position,
			 void *buffer, u32 bytes);

/* Brings the contents of an inline file into its buffer, where they fit. */
int lfs_file_load(struct lfs_fs *fs, struct lfs_file *file);

/* Gives an inline file blocks of its own. */
int lfs_file_write_out(struct lfs_fs *fs, struct lfs_file *file);

#endif
