/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cramfs with direct block pointers, the filesystem of image bodies: writer and reader.  Its format is
 * in abi/cramfs.h.
 */
#ifndef SPH_CRAMFS_H
#define SPH_CRAMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/cramfs.h"
#include "host/sph/file.h"
#include "host/sph/tree.h"

#define CRAMFS_NAME_BYTES	16

#define CRAMFS_FLAGS_WRITTEN \
	(CRAMFS_FLAG_FSID_VERSION_2 | CRAMFS_FLAG_SORTED_DIRS | CRAMFS_FLAG_EXT_BLOCK_POINTERS)

/*
 * Makes an image body of @tree: whole pages, nothing compressed.  ELF files that can be loaded and
 * files of 8 pages and more begin on a page and are padded with zeros to its end, so that the
 * kernel can map them where they are; other files are packed.  Equal contents are stored once.  The
 * bytes depend on @tree and @name alone.  Errors: E_PACK_IMAGE_SIZE, E_PACK_IO.
 */
int cramfs_write(const struct tree *tree, const char *name, struct bytes *body,
		 struct complaint *complaint);

/* CRC-32 of a body as the superblock has it: with its own field taken as zero. */
uint32_t cramfs_crc(const uint8_t *body, size_t length);

enum cramfs_layout {
	CRAMFS_LAYOUT_NONE,	/* directories and empty files */
	CRAMFS_LAYOUT_MAPPED,	/* raw, consecutive, from a page boundary */
	CRAMFS_LAYOUT_PACKED,	/* raw and consecutive */
	CRAMFS_LAYOUT_OTHER,	/* compressed or scattered: no writer of ours makes it */
};

struct cramfs_entry {
	const char *name;	/* in the body, not ended by NUL */
	size_t name_length;
	uint32_t mode, uid, gid;
	uint32_t size;
	uint32_t offset;	/* in bytes: of the first child, or of the block pointers */
	unsigned int depth;	/* 0 is the root */
	enum cramfs_layout layout;
	uint32_t data;		/* offset of the contents when MAPPED or PACKED */
};

#define CRAMFS_MAX_DEPTH	64

/*
 * A walk over all entries, each directory before what it contains.  Pure and bounds-checked: the
 * body may be hostile.  No recursion; loops end with an error.
 */
struct cramfs_walk {
	const uint8_t *body;
	size_t length;
	uint32_t budget;	/* entries that can still be honest */
	unsigned int depth;
	struct {
		uint32_t at, end;	/* entries not yet visited */
	} levels[CRAMFS_MAX_DEPTH];
};

/* Checks the superblock and visits the root.  Returns 0 or -E_IMAGE_FILESYSTEM. */
int cramfs_walk_start(struct cramfs_walk *walk, const uint8_t *body, size_t length,
		      struct cramfs_entry *root);

/* Returns 1 with the next entry, 0 at the end, or -E_IMAGE_FILESYSTEM. */
int cramfs_walk_next(struct cramfs_walk *walk, struct cramfs_entry *entry);

#endif
