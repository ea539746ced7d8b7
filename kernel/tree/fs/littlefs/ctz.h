/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contents of files: skip lists of blocks.
 *
 * Block 0 of a file has data only; block n begins with ctz(n) + 1 pointers, of
 * which pointer k leads to block n - 2^k. What is stored is the last block.
 */
#ifndef _LITTLEFS_CTZ_H
#define _LITTLEFS_CTZ_H

#include "fs.h"

/**
 * struct lfs_ctz - the contents of a file
 * @head: its last block
 * @size: in bytes
 */
struct lfs_ctz {
	u32 head;
	u32 size;
};

/**
 * struct lfs_ctz_near - a block of a file that was found; zeros for none
 * @is_known: it is one of the contents that the file has now
 * @index: which of its blocks
 * @block: where
 */
struct lfs_ctz_near {
	bool is_known;
	u32 index;
	u32 block;
};

/**
 * lfs_ctz_index - which block of a file a byte is in
 * @position: of the byte, in bytes
 * @at: out: where in that block, in bytes
 */
u32 lfs_ctz_index(u32 block_bytes, u32 position, u32 *at);

/* How many blocks a file has that is so long, in bytes. */
u32 lfs_ctz_blocks(const struct lfs_fs *fs, u32 size);

/* Whether head and size can be those of a file. */
bool lfs_ctz_is_sound(const struct lfs_fs *fs, const struct lfs_ctz *ctz);

/**
 * lfs_ctz_find - find the block that has a byte
 * @ctz: sound, and longer than @position
 * @block: out: the block
 * @at: out: where in the block, in bytes
 *
 * Return: 0, -EUCLEAN for a pointer out of the filesystem, -EIO.
 */
int lfs_ctz_find(const struct lfs_fs *fs, const struct lfs_ctz *ctz,
		 u32 position, u32 *block, u32 *at);

/**
 * lfs_ctz_read - read a piece of a file
 * @near: what was found last, and is not looked for again
 * @position, @bytes: inside of the file
 *
 * Return: as lfs_ctz_find().
 */
int lfs_ctz_read(const struct lfs_fs *fs, const struct lfs_ctz *ctz,
		 struct lfs_ctz_near *near, u32 position, void *buffer,
		 u32 bytes);

#endif
