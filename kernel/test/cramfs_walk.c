// SPDX-License-Identifier: GPL-2.0-only
/* Walks an image as the filesystem does: no check of its own, straight into memory. */

#include <stdlib.h>
#include <string.h>

#include <linux/cramfs_fs.h>
#include <sys/stat.h>

#include "cramfs_walk.h"

#define BLOCK_BYTES	4096
/* CRAMFS_BLK_FLAGS, which is signed. */
#define BLOCK_FLAGS	0xc0000000u

struct walk {
	const uint8_t *image;
	size_t entries_left;
	uint32_t sum;
};

static void take(struct walk *walk, const uint8_t *data, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		walk->sum = walk->sum * 31 + data[i];
}

static uint32_t block_start(const struct walk *walk, uint32_t table, uint32_t block)
{
	const uint32_t *pointers = (const uint32_t *)(walk->image + table);

	return (pointers[block] & ~BLOCK_FLAGS) << CRAMFS_BLK_DIRECT_PTR_SHIFT;
}

/* read(2): the last block to the end of the file; mmap(2): a block that begins a page, to its end. */
static void walk_file(struct walk *walk, const struct cramfs_inode *inode)
{
	uint32_t table = (uint32_t)inode->offset << 2, left = inode->size;

	for (uint32_t block = 0; left; block++) {
		uint32_t start = block_start(walk, table, block);
		uint32_t bytes = left < BLOCK_BYTES ? left : BLOCK_BYTES;

		if (start % BLOCK_BYTES == 0)
			take(walk, walk->image + start, BLOCK_BYTES);
		else
			take(walk, walk->image + start, bytes);
		left -= bytes;
	}
}

static void walk_directory(struct walk *walk, uint32_t start, uint32_t bytes)
{
	uint32_t offset = 0;

	while (offset < bytes) {
		const struct cramfs_inode *inode =
			(const struct cramfs_inode *)(walk->image + start + offset);
		uint32_t name_bytes = (uint32_t)inode->namelen << 2;

		if (!walk->entries_left--)
			abort();
		take(walk, (const uint8_t *)(inode + 1), name_bytes);
		offset += sizeof(*inode) + name_bytes;
		if (S_ISDIR(inode->mode))
			walk_directory(walk, (uint32_t)inode->offset << 2, inode->size);
		else if (S_ISREG(inode->mode) || S_ISLNK(inode->mode))
			walk_file(walk, inode);
		else
			abort();
	}
}

uint32_t cramfs_walk(const uint8_t *image, size_t bytes)
{
	const struct cramfs_super *super = (const struct cramfs_super *)image;
	struct walk walk = {
		.image = image,
		.entries_left = bytes / sizeof(struct cramfs_inode),
	};

	walk_directory(&walk, (uint32_t)super->root.offset << 2, super->root.size);
	return walk.sum;
}
