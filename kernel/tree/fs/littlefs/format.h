/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * littlefs v2 as it is on the medium.
 *
 * Sources: SPEC.md and DESIGN.md of littlefs (disk versions 2.0 and 2.1); what
 * they do not say was found by experiment and is marked "seen".
 *
 * Integers are little-endian; tags are big-endian.
 */
#ifndef _LITTLEFS_FORMAT_H
#define _LITTLEFS_FORMAT_H

#include <linux/types.h>

/* "superblock": major << 16 | minor */
#define LFS_VERSION_MAJOR	2
#define LFS_VERSION_2_0		0x00020000u
#define LFS_VERSION_2_1		0x00020001u

/* "block pointers": the null pointer, and each block of the null pair */
#define LFS_BLOCK_NULL		0xffffffffu

/* "superblock": a name tag with this text, as entry 0 of the pair {0, 1} */
#define LFS_MAGIC		"littlefs"
#define LFS_MAGIC_BYTES		8
#define LFS_SUPER_BYTES		24

/* Offsets in the superblock's struct. */
#define LFS_SUPER_VERSION	0
#define LFS_SUPER_BLOCK_BYTES	4
#define LFS_SUPER_BLOCK_COUNT	8
#define LFS_SUPER_NAME_MAX	12
#define LFS_SUPER_FILE_MAX	16
#define LFS_SUPER_ATTR_MAX	20

/* "name limit", "file limit", "attribute limit": the largest of each */
#define LFS_NAME_LIMIT_BYTES	1022
#define LFS_FILE_LIMIT_BYTES	0x7fffffffu
#define LFS_ATTR_LIMIT_BYTES	1022

/* seen: a skip list of 2^32 bytes needs 104; upstream refuses less than 128 */
#define LFS_BLOCK_MIN_BYTES	128

/* "metadata blocks": the revision, then tags */
#define LFS_LOG_START		4
#define LFS_TAG_BYTES		4

/* "metadata tags": valid (1, inverted), type (11), id (10), size (10) */
#define LFS_TAG_INVALID		0x80000000u
#define LFS_TAG_NULL		0xffffffffu
#define LFS_ID_NONE		0x3ffu
#define LFS_SIZE_DELETED	0x3ffu
#define LFS_TAG_DATA_MAX	0x3feu

/* Types: three bits that say what a tag is about, eight bits of its own. */
#define LFS_TYPE_FILE		0x001
#define LFS_TYPE_DIR		0x002
#define LFS_TYPE_SUPER		0x0ff
#define LFS_TYPE_DIR_STRUCT	0x200
#define LFS_TYPE_INLINE		0x201
#define LFS_TYPE_CTZ		0x202
#define LFS_TYPE_ATTR		0x300
#define LFS_TYPE_CREATE		0x401
#define LFS_TYPE_DELETE		0x4ff
#define LFS_TYPE_CRC		0x500
#define LFS_TYPE_FCRC		0x5ff
#define LFS_TYPE_SOFT_TAIL	0x600
#define LFS_TYPE_HARD_TAIL	0x601
#define LFS_TYPE_GSTATE		0x7ff

/* The kinds: a type without its own eight bits. */
#define LFS_KIND_NAME		0x0
#define LFS_KIND_STRUCT		0x2
#define LFS_KIND_ATTR		0x3
#define LFS_KIND_SPLICE		0x4
#define LFS_KIND_CRC		0x5
#define LFS_KIND_TAIL		0x6
#define LFS_KIND_GSTATE		0x7

/* Bytes of the data of tags: CRC and pairs of blocks. */
#define LFS_CRC_BYTES		4
#define LFS_FCRC_BYTES		8
#define LFS_PAIR_BYTES		8
#define LFS_CTZ_BYTES		8
#define LFS_GSTATE_BYTES	12

/*
 * "global state", 0x7ff: a word in the form of a tag, and a pair. The lowest
 * ten bits are the business of implementations in RAM, and 0 on the medium.
 */
#define LFS_GSTATE_ORPHANS	0x80000000u
#define LFS_GSTATE_MOVE_TYPE	0x4ffu
#define LFS_GSTATE_RESERVED	0x000003ffu

/* "CTZ skip-lists": of a pointer in a block of data */
#define LFS_POINTER_BYTES	4

static inline u32 lfs_tag(u32 type, u32 id, u32 size)
{
	return type << 20 | id << 10 | size;
}

static inline u32 lfs_tag_type(u32 tag)
{
	return tag >> 20 & 0x7ff;
}

static inline u32 lfs_tag_kind(u32 tag)
{
	return tag >> 28 & 0x7;
}

/* The eight bits of a type that are its own. */
static inline u32 lfs_tag_chunk(u32 tag)
{
	return tag >> 20 & 0xff;
}

static inline u32 lfs_tag_id(u32 tag)
{
	return tag >> 10 & 0x3ff;
}

static inline u32 lfs_tag_size(u32 tag)
{
	return tag & 0x3ff;
}

/* Bytes of data behind a tag. */
static inline u32 lfs_tag_data_bytes(u32 tag)
{
	u32 size = lfs_tag_size(tag);

	return size == LFS_SIZE_DELETED ? 0 : size;
}

/* The types 0x500 to 0x57f end a commit; 0x5ff belongs to the one it is in. */
static inline bool lfs_tag_ends_commit(u32 tag)
{
	return (lfs_tag_type(tag) & 0x780) == LFS_TYPE_CRC;
}

#endif
