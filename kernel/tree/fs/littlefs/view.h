/* SPDX-License-Identifier: GPL-2.0-only */
/* A pair as it will be: the entries of fs->table, and changes of them. */
#ifndef _LITTLEFS_VIEW_H
#define _LITTLEFS_VIEW_H

#include "fs.h"
#include "log.h"

/**
 * struct lfs_change - a change of one pair, which is made as a whole
 * @edits: the tags, in the order of a log
 * @count: of @edits
 * @stolen: shares in the global state of pairs that leave the list
 * @finish: the end of a move that began elsewhere, if @finishes_move
 */
struct lfs_change {
	const struct lfs_piece *edits;
	u32 count;
	u32 stolen[3];
	struct lfs_piece finish;
	bool finishes_move;
};

/* How many tags a change has, and one of them. */
u32 lfs_change_count(const struct lfs_change *change);
const struct lfs_piece *lfs_change_piece(const struct lfs_change *change,
					 u32 index);

/* How many entries there will be. */
u32 lfs_view_count(const struct lfs_fs *fs, const struct lfs_change *change);

/* Whether all entries of fs->table are of kinds that can be written again. */
bool lfs_view_is_sound(const struct lfs_fs *fs);

/**
 * lfs_view_each - call for each tag that entries will have
 * @first, @end: ids that there will be
 * @take: gets the tag with the id; returns 0 or -errno, which ends the walk. It
 *	leaves fs->table alone
 *
 * First come the names and structs, then the attributes, type by type. The log
 * is read once for each type of them, so that a pair takes time by its length.
 *
 * fs->table must have the pair, whose entries are sound.
 *
 * Return: 0, -errno of @take, -EUCLEAN, -EIO.
 */
int lfs_view_each(struct lfs_fs *fs, const struct lfs_change *change,
		  u32 first, u32 end,
		  int (*take)(void *context, const struct lfs_piece *piece),
		  void *context);

/**
 * lfs_view_bytes - how much entries will take in a log
 *
 * Return: 0 or as lfs_view_each().
 */
int lfs_view_bytes(struct lfs_fs *fs, const struct lfs_change *change,
		   u32 first, u32 end, u32 *bytes);

#endif
