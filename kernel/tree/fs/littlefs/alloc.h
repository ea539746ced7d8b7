/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding free blocks. */
#ifndef _LITTLEFS_ALLOC_H
#define _LITTLEFS_ALLOC_H

#include "fs.h"

/**
 * lfs_alloc_start - begin an operation
 *
 * Blocks that were given away before must be on the medium or in an open file
 * by now; those that will be given away are safe until the next call.
 */
void lfs_alloc_start(struct lfs_fs *fs);

/**
 * lfs_alloc - find a free block
 *
 * It is not erased. May read the whole medium; fs->table is lost.
 *
 * Return: 0, -ENOSPC, -EUCLEAN, -EIO.
 */
int lfs_alloc(struct lfs_fs *fs, u32 *block);

/* How many free blocks are known at least. */
u32 lfs_alloc_count_free(const struct lfs_fs *fs);

/**
 * lfs_count_used - count the blocks in use, open files included
 *
 * Not in the middle of an operation.
 *
 * Return: 0, -EUCLEAN, -EIO. fs->table is lost.
 */
int lfs_count_used(struct lfs_fs *fs, u32 *blocks);

#endif
