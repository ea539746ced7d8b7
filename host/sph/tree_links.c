// SPDX-License-Identifier: Apache-2.0
/*
 * Follows symbolic links as the kernel would.  Counting ".." in the text of a link is not enough:
 * in "a/b/../..", b may be a link to a directory near the root.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/sph/tree.h"

#define MAX_HOPS 40 /* Linux, MAXSYMLINKS: ELOOP behind that many */

struct walk {
	const struct tree *tree;
	unsigned int at; /* directory reached */
	unsigned int missing; /* levels below it that do not exist */
	unsigned int hops;
	char rest[4 * PATH_MAX];
};

static const struct tree_node *find_child(const struct walk *walk,
					  const char *name, size_t length)
{
	const struct tree_node *directory = &walk->tree->nodes[walk->at];
	unsigned int i;

	for (i = 0; i < directory->child_count; i++) {
		const struct tree_node *child =
			&walk->tree->nodes[directory->first_child + i];

		if (strlen(child->name) == length &&
		    !memcmp(child->name, name, length))
			return child;
	}
	return NULL;
}

/* Puts the target of @link before what is still to walk.  False: out of the image. */
static bool enter_link(struct walk *walk, const struct tree_node *link,
		       const char *behind)
{
	char joined[sizeof(walk->rest)];

	if (link->data[0] == '/')
		return false;
	if (snprintf(joined, sizeof(joined), "%s/%s", (const char *)link->data,
		     behind) >= (int)sizeof(joined))
		return false;
	memcpy(walk->rest, joined, sizeof(joined));
	return true;
}

static bool step_up(struct walk *walk)
{
	if (walk->missing) {
		walk->missing--;
		return true;
	}
	if (walk->at == 0)
		return false;
	walk->at = walk->tree->nodes[walk->at].parent;
	return true;
}

static bool stays_inside(struct walk *walk)
{
	while (walk->rest[0] && walk->hops < MAX_HOPS) {
		const char *part = walk->rest + strspn(walk->rest, "/");
		size_t length = strcspn(part, "/");
		const char *behind = part + length;
		const struct tree_node *child;

		if (length == 2 && !memcmp(part, "..", 2)) {
			if (!step_up(walk))
				return false;
		} else if (length > 1 || (length == 1 && part[0] != '.')) {
			child = walk->missing ? NULL :
						find_child(walk, part, length);
			if (child && child->kind == TREE_SYMLINK) {
				walk->hops++;
				if (!enter_link(walk, child, behind))
					return false;
				continue;
			}
			if (child && child->kind == TREE_DIRECTORY)
				walk->at = (unsigned int)(child -
							  walk->tree->nodes);
			else
				walk->missing++;
		}
		memmove(walk->rest, behind, strlen(behind) + 1);
	}
	return true;
}

int tree_check_links(const struct tree *tree, bool is_root,
		     struct complaint *complaint)
{
	static struct walk walk;
	unsigned int i;

	for (i = 0; i < tree->count && !is_root; i++) {
		const struct tree_node *node = &tree->nodes[i];

		if (node->kind != TREE_SYMLINK)
			continue;
		walk.tree = tree;
		walk.at = node->parent;
		walk.missing = 0;
		walk.hops = 0;
		if (!enter_link(&walk, node, "") || !stays_inside(&walk))
			return complain(
				complaint, E_PACK_SYMLINK,
				"%s: symbolic link leaves the image: %s",
				node->path, (const char *)node->data);
	}
	return 0;
}
