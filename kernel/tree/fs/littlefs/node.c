// SPDX-License-Identifier: GPL-2.0-only
/* Entries that somebody holds. */

#include <linux/string.h>

#include "node.h"
#include "pair.h"

void lfs_node_hold(struct lfs_fs *fs, struct lfs_node *node)
{
	node->next = fs->nodes;
	fs->nodes = node;
}

void lfs_node_drop(struct lfs_fs *fs, struct lfs_node *node)
{
	struct lfs_node **link = &fs->nodes;

	while (*link && *link != node)
		link = &(*link)->next;
	if (*link)
		*link = node->next;
}

static bool is_in(const struct lfs_node *node, const u32 pair[2])
{
	return !lfs_node_is_gone(node) && lfs_pair_shares(node->pair, pair);
}

static void apply_piece(struct lfs_node *node, u32 tag)
{
	u32 id = lfs_tag_id(tag);

	switch (lfs_tag_type(tag)) {
	case LFS_TYPE_CREATE:
		if (node->is_arriving && node->id == id)
			node->is_arriving = false;
		else if (node->id >= id)
			node->id++;
		break;
	case LFS_TYPE_DELETE:
		if (node->id == id && !node->is_arriving)
			node->id = LFS_ID_NONE;
		else if (node->id > id)
			node->id--;
		break;
	}
}

void lfs_nodes_apply(struct lfs_fs *fs, const u32 pair[2],
		     const struct lfs_change *change)
{
	struct lfs_node *node;
	u32 i;

	for (node = fs->nodes; node; node = node->next)
		for (i = 0; i < lfs_change_count(change); i++)
			if (is_in(node, pair))
				apply_piece(node,
					    lfs_change_piece(change, i)->tag);
}

void lfs_nodes_split(struct lfs_fs *fs, const u32 pair[2], u32 first,
		     const u32 upper[2])
{
	struct lfs_node *node;

	for (node = fs->nodes; node; node = node->next) {
		if (!is_in(node, pair) || node->id < first)
			continue;
		memcpy(node->pair, upper, sizeof(node->pair));
		node->id -= first;
	}
}

void lfs_nodes_move_heads(struct lfs_fs *fs, const u32 from[2],
			  const u32 to[2])
{
	struct lfs_node *node;

	for (node = fs->nodes; node; node = node->next)
		if (!lfs_pair_is_null(node->head) &&
		    lfs_pair_shares(node->head, from))
			memcpy(node->head, to, sizeof(node->head));
}

void lfs_nodes_move(struct lfs_fs *fs, const u32 from[2], const u32 to[2])
{
	struct lfs_node *node;

	for (node = fs->nodes; node; node = node->next)
		if (is_in(node, from))
			memcpy(node->pair, to, sizeof(node->pair));
	lfs_nodes_move_heads(fs, from, to);
}
