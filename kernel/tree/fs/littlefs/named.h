/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes with names of text, kept in those that have a number.
 *
 * "littlefs.XX" is the attribute of type XX, two hexadecimal digits in small
 * letters, as upstream's users know it. Any other name has one of the types
 * that are kept for this, with the name, a NUL and the value in it.
 */
#ifndef _LITTLEFS_NAMED_H
#define _LITTLEFS_NAMED_H

#include "attr.h"

/* ours: the types of attributes with a name, a bit each in a u32 */
#define LFS_NAMED_FIRST		0x80
#define LFS_NAMED_COUNT		32

#define LFS_NAMED_RAW		"littlefs."

/* "littlefs.", two digits. */
#define LFS_NAMED_RAW_BYTES	(sizeof(LFS_NAMED_RAW) - 1 + 2)

/**
 * struct lfs_named - where the value of an attribute is, or would be
 * @attr: its type; place and length of the value without the name
 * @prefix_bytes: of the name and NUL before the value
 */
struct lfs_named {
	struct lfs_attr attr;
	u32 prefix_bytes;
};

/**
 * lfs_named_find - find the attribute of a name
 * @name: ends with NUL, 1 to LFS_NAME_MAX_BYTES
 * @named: out; after -ENODATA its type is the one to be used
 *
 * Return: 0; -ENODATA; -ENOSPC when there is none, and no type is left for it;
 * -EOPNOTSUPP for the number of an attribute that is none of a user's; or as
 * lfs_attr_start().
 */
int lfs_named_find(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   const char *name, struct lfs_named *named);

/**
 * lfs_named_name - the name of an attribute
 * @attr: from lfs_attr_next()
 * @name: out, with NUL
 *
 * Return: its length; 0 if it is none of a user's; -EUCLEAN; -EIO.
 */
int lfs_named_name(const struct lfs_fs *fs, const struct lfs_attr *attr,
		   char name[LFS_NAME_MAX_BYTES + 1]);

#endif
