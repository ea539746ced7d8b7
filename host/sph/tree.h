/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder of the host, read into memory as an image will hold it.
 *
 * Reading refuses what an image cannot or must not hold: device nodes, fifos and sockets, set-id
 * and sticky bits, names longer than 252 bytes, folders too deep, files of 16 MiB and more.  No symbolic link is
 * followed, and each check looks at the open file, so that nobody can swap one in between.
 * Owners, times and the order on disk leave no trace.
 */
#ifndef SPH_TREE_H
#define SPH_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "host/sph/complaint.h"

#define TREE_MAX_NAME_BYTES	252		/* cramfs: 6 bits count words of 4 bytes */
#define TREE_MAX_LEVEL		15		/* folders in folders; the device takes no more */
#define TREE_MAX_FILE_BYTES	(16u << 20)	/* cramfs: 24 bits; files are smaller */

enum tree_kind {
	TREE_DIRECTORY,
	TREE_FILE,
	TREE_SYMLINK,
};

struct tree_node {
	char *path;		/* from the root, "" is the root itself: "bin/app" */
	const char *name;	/* last part of path */
	enum tree_kind kind;
	bool executable;	/* files: any of the three x bits */
	uint8_t *data;		/* of a file, or the target of a link with a NUL behind it */
	uint32_t size;		/* of data, without that NUL */
	unsigned int parent;
	unsigned int first_child;	/* the children of a directory are neighbours, */
	unsigned int child_count;	/* sorted by the bytes of their names */
};

struct tree {
	struct tree_node *nodes;	/* 0 is the root; parents stand before children */
	unsigned int count;
	unsigned int capacity;
};

/* Reads @folder.  Free the tree in any case.  Errors: E_PACK_*. */
int tree_scan(const char *folder, struct tree *tree, struct complaint *complaint);
void tree_free(struct tree *tree);

/* The node of @path ("bin/app"), or 0 when there is none.  Follows no links. */
unsigned int tree_find(const struct tree *tree, const char *path);

/* How many folders are between @index and the root, which is level 0. */
unsigned int tree_level(const struct tree *tree, unsigned int index);

/* Refuses symbolic links by which a program could leave the image, also by way of other links. */
int tree_check_links(const struct tree *tree, struct complaint *complaint);

#endif
