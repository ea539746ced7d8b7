/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where names are: places to begin in directories of several pairs.
 *
 * fs->index only says where to look first. A name that is not there is looked
 * for everywhere, unless the whole directory was seen to be sorted as this
 * implementation sorts names; others sort in another way.
 */
#ifndef _LITTLEFS_INDEX_H
#define _LITTLEFS_INDEX_H

#include "fs.h"

/**
 * struct lfs_range - pairs of a directory
 * @next: the first of them
 * @end: the pair behind the last one, or the null pair
 * @is_final: what is not in these pairs is not in the directory
 */
struct lfs_range {
	u32 next[2];
	u32 end[2];
	bool is_final;
};

/* The whole directory that begins in @head. */
struct lfs_range lfs_range_all(const u32 head[2]);

/**
 * lfs_range_next - go behind the pair in fs->table
 *
 * Return: whether there is a pair.
 */
bool lfs_range_next(const struct lfs_fs *fs, struct lfs_range *range);

/**
 * lfs_index_seek - where a name is, if the directory is sorted
 * @head: the pair that the directory begins in
 * @range: out
 *
 * fs->table is lost. Return: 0, -EUCLEAN, -EIO.
 */
int lfs_index_seek(struct lfs_fs *fs, const u32 head[2], const void *name,
		   u32 name_bytes, struct lfs_range *range);

/**
 * lfs_index_check - whether a directory is sorted
 *
 * Reads all of it once. fs->table is lost.
 *
 * Return: 1, 0, -EUCLEAN, -EIO.
 */
int lfs_index_check(struct lfs_fs *fs, const u32 head[2]);

/**
 * lfs_index_add - note the pair in fs->table, which is behind the last mark
 * @begins: it is the first one of its directory
 */
void lfs_index_add(struct lfs_fs *fs, bool begins);

/* The last directory has no more pairs. */
void lfs_index_end(struct lfs_fs *fs);

/* The pair in fs->table has been loaded, or changed. */
void lfs_index_refresh(struct lfs_fs *fs);

/* A pair was written anew, to other blocks or not. */
void lfs_index_move(struct lfs_fs *fs, const u32 from[2], const u32 to[2]);

/* A pair has left its directory. */
void lfs_index_drop(struct lfs_fs *fs, const u32 blocks[2]);

/* Part of what a pair had is in another one, behind it. */
void lfs_index_split(struct lfs_fs *fs, const u32 blocks[2],
		     const u32 upper[2]);

void lfs_index_clear(struct lfs_fs *fs);

#endif
