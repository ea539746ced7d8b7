/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries that somebody holds.
 *
 * Ids and pairs move with each change; what is in the list of nodes moves with
 * them. The owner of a node keeps its memory until it is dropped.
 */
#ifndef _LITTLEFS_NODE_H
#define _LITTLEFS_NODE_H

#include "dir.h"
#include "view.h"

/* Holds an entry, or the begin of a directory: set what it is before. */
void lfs_node_hold(struct lfs_fs *fs, struct lfs_node *node);
void lfs_node_drop(struct lfs_fs *fs, struct lfs_node *node);

static inline bool lfs_node_is_gone(const struct lfs_node *node)
{
	return node->id == LFS_ID_NONE;
}

/* Follow a change of @pair, a split of one, and its move to other blocks. */
void lfs_nodes_apply(struct lfs_fs *fs, const u32 pair[2],
		     const struct lfs_change *change);
void lfs_nodes_split(struct lfs_fs *fs, const u32 pair[2], u32 first,
		     const u32 upper[2]);
void lfs_nodes_move(struct lfs_fs *fs, const u32 from[2], const u32 to[2]);

/* Follow the directory that begins in @from to where it begins now. */
void lfs_nodes_move_heads(struct lfs_fs *fs, const u32 from[2],
			  const u32 to[2]);

#endif
