/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * cramfs with direct block pointers, the filesystem of image bodies: its format, and how a file is found
 * in a body that is not mounted.
 *
 * Format: Linux, include/uapi/linux/cramfs_fs.h and fs/cramfs/README.  All numbers are little-endian
 * words; inodes are packed into three of them.
 */
#ifndef SPHERULE_ABI_CRAMFS_H
#define SPHERULE_ABI_CRAMFS_H

#include <stdint.h>

#define CRAMFS_MAGIC		0x28cd3d45u
#define CRAMFS_SIGNATURE	"Compressed ROMFS"	/* 16 bytes, no NUL */
#define CRAMFS_SUPER_BYTES	76
#define CRAMFS_INODE_BYTES	12
#define CRAMFS_BLOCK_BYTES	4096u

/* A name is filled up with NULs to words, whose number has six bits. */
#define CRAMFS_NAME_MAX		252

enum cramfs_super_offset {
	CRAMFS_SUPER_MAGIC = 0,
	CRAMFS_SUPER_SIZE = 4,
	CRAMFS_SUPER_FLAGS = 8,
	CRAMFS_SUPER_SIGNATURE = 16,
	CRAMFS_SUPER_CRC = 32,
	CRAMFS_SUPER_BLOCKS = 40,
	CRAMFS_SUPER_FILES = 44,
	CRAMFS_SUPER_NAME = 48,
	CRAMFS_SUPER_ROOT = 64,
};

#define CRAMFS_FLAG_FSID_VERSION_2	0x001u
#define CRAMFS_FLAG_SORTED_DIRS		0x002u
#define CRAMFS_FLAG_EXT_BLOCK_POINTERS	0x800u

/* A block pointer: these two bits and the start of the block in words of 4 bytes. */
#define CRAMFS_BLOCK_DIRECT_RAW	0xc0000000u

/* An inode, without its name. */
struct cramfs_inode {
	uint32_t mode, uid, gid;
	uint32_t size;
	uint32_t name_bytes;	/* with the NULs behind it */
	uint32_t offset;	/* in bytes: of the first child, or of the block pointers */
};

void cramfs_parse_inode(const uint8_t bytes[CRAMFS_INODE_BYTES], struct cramfs_inode *inode);

/* What a body is read by. */
struct cramfs_source {
	uint32_t bytes;		/* of the body; nothing is read behind it */
	int (*read)(void *context, uint32_t offset, void *buffer, uint32_t bytes); /* 0 or a negative number */
	void *context;
};

/*
 * Where the contents of a regular file in the root directory are: one piece, nothing compressed, as our
 * writer makes them.  The body may be hostile: time and memory are bounded by its length.
 *
 * Returns 0, -ENOENT, -E_IMAGE_FILESYSTEM for what our writer does not make, or what read() returned.
 */
int cramfs_find_file(const struct cramfs_source *source, const char *name, uint32_t *offset,
		     uint32_t *size);

#endif
