// SPDX-License-Identifier: Apache-2.0
/*
 * Levels of a tree, and which symbolic links the device accepts.  A link that goes up after it went down could go down by
 * another link and come out above the image; one that goes up first starts from a real folder, where
 * the levels can be counted in the text.  The kernel has the same rule (fs/cramfs/check.c).
 */
#include <string.h>

#include "host/sph/tree.h"

unsigned int tree_level(const struct tree *tree, unsigned int index)
{
	unsigned int level = 0;

	for (; index; index = tree->nodes[index].parent)
		level++;
	return level;
}

static bool is_up(const char *part, size_t length)
{
	return length == 2 && !memcmp(part, "..", 2);
}

/* @levels: folders between the one of the link and the root of the image. */
static bool stays_inside(const char *target, unsigned int levels)
{
	bool has_gone_down = false;

	if (target[0] == '/')
		return false;
	while (*target) {
		size_t length = strcspn(target, "/");

		if (!is_up(target, length))
			has_gone_down = true;
		else if (has_gone_down || !levels--)
			return false;
		target += length + (target[length] == '/');
	}
	return true;
}

int tree_check_links(const struct tree *tree, struct complaint *complaint)
{
	unsigned int i;

	for (i = 0; i < tree->count; i++) {
		const struct tree_node *node = &tree->nodes[i];

		if (node->kind != TREE_SYMLINK ||
		    stays_inside((const char *)node->data,
				 tree_level(tree, node->parent)))
			continue;
		return complain(complaint, E_PACK_SYMLINK,
				"%s: symbolic link must be relative, with \"..\""
				" only at its begin and inside the image: %s",
				node->path, (const char *)node->data);
	}
	return 0;
}
