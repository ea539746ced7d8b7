// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether an image can be walked without another look at its numbers.
 *
 * The filesystem takes sizes, offsets and block pointers as they come: a block
 * pointer can name any physical address behind the start of the image, and
 * mapping that block gives a program memory of the kernel, readable and
 * executable. Who signs an image is not who wrote this kernel. So the whole of
 * its metadata is judged once, before the first inode is made of it.
 *
 * Format: include/uapi/linux/cramfs_fs.h.
 */

#include <linux/cramfs_fs.h>
#include <linux/errno.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "check.h"

/* Not PAGE_SIZE: blocks of the format have always this size. */
#define BLOCK_BYTES	4096

/* CRAMFS_BLK_FLAGS, which is signed: a direct pointer to a raw block. */
#define BLOCK_FLAGS	0xc0000000u
#define PERMISSIONS	0777
#define FLAGS_NEEDED \
	(CRAMFS_FLAG_FSID_VERSION_2 | CRAMFS_FLAG_EXT_BLOCK_POINTERS)
#define FLAGS_ALLOWED	(FLAGS_NEEDED | CRAMFS_FLAG_SORTED_DIRS)

/**
 * struct cramfs_directory - a directory that is being read
 * @at: the next entry, from the start of the image
 * @end: behind the last entry
 * @name: the entry before the next one, NULL before the first
 * @name_bytes: its length, padding included
 */
struct cramfs_directory {
	u32 at;
	u32 end;
	const char *name;
	u32 name_bytes;
};

/**
 * struct cramfs_check - where the check is
 * @image: the image
 * @bytes: its size
 * @entries: how many more entries there can be
 * @depth: how many of @stack are being read
 * @stack: the directories from the root to the one that is being read
 */
struct cramfs_check {
	const u8 *image;
	u32 bytes;
	u32 entries;
	unsigned int depth;
	struct cramfs_directory stack[CRAMFS_CHECK_DEPTH_MAX];
};

static bool is_inside(const struct cramfs_check *check, u32 offset, u32 bytes)
{
	return offset <= check->bytes && bytes <= check->bytes - offset;
}

/* The last block is as long as the file needs, but for mapping it is a page. */
static bool is_block_inside(const struct cramfs_check *check, u32 pointer,
			    u32 bytes)
{
	/* 30 bits of words: 4 GiB at most, no overflow. */
	u32 start = (pointer & ~BLOCK_FLAGS) << CRAMFS_BLK_DIRECT_PTR_SHIFT;

	if ((pointer & BLOCK_FLAGS) != BLOCK_FLAGS || !start)
		return false;
	return is_inside(check, start, bytes);
}

static int check_blocks(const struct cramfs_check *check,
			const struct cramfs_inode *inode)
{
	u32 table = inode->offset << 2, left = inode->size, i;
	u32 count = (inode->size + BLOCK_BYTES - 1) / BLOCK_BYTES;
	const u32 *pointers;

	if (!inode->size)
		return 0;
	if (!table || !is_inside(check, table, count * sizeof(*pointers)))
		return -EINVAL;
	pointers = (const u32 *)(check->image + table);
	for (i = 0; i < count; i++) {
		u32 bytes = left < BLOCK_BYTES ? left : BLOCK_BYTES;

		if (!is_block_inside(check, pointers[i], bytes))
			return -EINVAL;
		left -= bytes;
	}
	return 0;
}

/* Levels up at the begin of a target, which is where they can be counted. */
static int check_target(const char *target, u32 bytes, unsigned int levels)
{
	bool above = true;
	u32 at = 0;

	if (target[0] == '/')
		return -EINVAL;
	while (at < bytes) {
		u32 length = 0;

		while (at + length < bytes && target[at + length] != '/')
			if (!target[at + length++])
				return -EINVAL;
		if (length == 2 && !memcmp(target + at, "..", 2)) {
			if (!above || !levels--)
				return -EINVAL;
		} else {
			above = false;
		}
		at += length + 1;
	}
	return 0;
}

/*
 * A link that goes up after it went down could go down by another link, and come
 * out above the image; one that goes up first starts from a real folder.
 */
static int check_link(const struct cramfs_check *check,
		      const struct cramfs_inode *inode)
{
	const u32 *pointer;
	u32 start;
	int err = check_blocks(check, inode);

	if (err || !inode->size || inode->size >= BLOCK_BYTES)
		return -EINVAL;
	pointer = (const u32 *)(check->image + (inode->offset << 2));
	start = (*pointer & ~BLOCK_FLAGS) << CRAMFS_BLK_DIRECT_PTR_SHIFT;
	return check_target((const char *)check->image + start, inode->size,
			    check->depth - 1);
}

/*
 * A directory stands behind the one that it is in: so there are no cycles. The
 * same one can be in two places, which the number of entries bounds.
 */
static int push_directory(struct cramfs_check *check,
			  const struct cramfs_inode *inode)
{
	u32 start = inode->offset << 2;
	struct cramfs_directory *parent, *own;

	if (!inode->size)
		return 0;
	/* The filesystem reads the longest name there can be, from each entry. */
	if (check->depth == CRAMFS_CHECK_DEPTH_MAX || inode->size & 3 ||
	    !is_inside(check, start, inode->size + CRAMFS_MAXPATHLEN))
		return -EINVAL;
	if (check->depth) {
		parent = &check->stack[check->depth - 1];
		if (start < parent->end)
			return -EINVAL;
	} else if (start != sizeof(struct cramfs_super)) {
		return -EINVAL;
	}
	own = &check->stack[check->depth++];
	*own = (struct cramfs_directory){
		.at = start,
		.end = start + inode->size,
	};
	return 0;
}

static int check_inode(struct cramfs_check *check,
		       const struct cramfs_inode *inode)
{
	if (inode->uid || inode->gid ||
	    inode->mode & ~(S_IFMT | PERMISSIONS))
		return -EINVAL;
	switch (inode->mode & S_IFMT) {
	case S_IFREG:
		return check_blocks(check, inode);
	case S_IFLNK:
		return check_link(check, inode);
	case S_IFDIR:
		return push_directory(check, inode);
	default:
		return -EINVAL;
	}
}

/* Bytes of a name without its padding; 0 for one that cannot be a name. */
static u32 name_length(const char *name, u32 padded)
{
	u32 length = padded, i;

	while (length && !name[length - 1])
		length--;
	if (padded - length > 3 || (length == 1 && name[0] == '.') ||
	    (length == 2 && !memcmp(name, "..", 2)))
		return 0;
	for (i = 0; i < length; i++)
		if (!name[i] || name[i] == '/')
			return 0;
	return length;
}

/* In the order in which the lookup stops. */
static bool is_in_order(const struct cramfs_directory *directory,
			const char *name, u32 bytes)
{
	u32 common = bytes < directory->name_bytes ? bytes :
						     directory->name_bytes;
	int order;

	if (!directory->name)
		return true;
	order = memcmp(directory->name, name, common);
	return order < 0 || (!order && directory->name_bytes < bytes);
}

/* One entry of the directory on top of the stack. */
static int check_entry(struct cramfs_check *check)
{
	struct cramfs_directory *own = &check->stack[check->depth - 1];
	const struct cramfs_inode *inode =
		(const struct cramfs_inode *)(check->image + own->at);
	const char *name = (const char *)(inode + 1);
	u32 left = own->end - own->at, name_bytes;

	if (left < sizeof(*inode) || !check->entries--)
		return -EINVAL;
	name_bytes = inode->namelen << 2;
	if (name_bytes > left - sizeof(*inode) ||
	    !name_length(name, name_bytes) ||
	    !is_in_order(own, name, name_bytes))
		return -EINVAL;
	own->name = name;
	own->name_bytes = name_bytes;
	own->at += sizeof(*inode) + name_bytes;
	return check_inode(check, inode);
}

static int check_super(const struct cramfs_super *super, size_t bytes)
{
	if (super->magic != CRAMFS_MAGIC ||
	    memcmp(super->signature, CRAMFS_SIGNATURE, sizeof(super->signature)))
		return -EINVAL;
	if ((super->flags & FLAGS_NEEDED) != FLAGS_NEEDED ||
	    super->flags & ~FLAGS_ALLOWED)
		return -EINVAL;
	if (super->size != bytes || bytes % BLOCK_BYTES)
		return -EINVAL;
	return S_ISDIR(super->root.mode) ? 0 : -EINVAL;
}

int cramfs_check_image(const void *image, size_t bytes)
{
	const struct cramfs_super *super = image;
	struct cramfs_check check = {
		.image = image,
		.bytes = bytes,
		.entries = bytes / sizeof(struct cramfs_inode),
	};
	int err;

	if (bytes < sizeof(*super))
		return -EINVAL;
	err = check_super(super, bytes);
	if (!err)
		err = check_inode(&check, &super->root);
	while (!err && check.depth) {
		struct cramfs_directory *own = &check.stack[check.depth - 1];

		if (own->at == own->end)
			check.depth--;
		else
			err = check_entry(&check);
	}
	return err;
}
