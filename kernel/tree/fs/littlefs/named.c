// SPDX-License-Identifier: GPL-2.0-only
/* Attributes with names of text, kept in those that have a number. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "dir.h"
#include "named.h"
#include "owner.h"
#include "mtime.h"

static const char digits[] = "0123456789abcdef";

static bool has_name(u32 type)
{
	return type >= LFS_NAMED_FIRST &&
	       type < LFS_NAMED_FIRST + LFS_NAMED_COUNT;
}

/* What the kernel makes of an attribute must not be set behind its back. */
static bool is_users(u32 type)
{
	return type != LFS_ATTR_OWNER && type != LFS_ATTR_MTIME;
}

static bool is_raw(const char *name)
{
	return !strncmp(name, LFS_NAMED_RAW, sizeof(LFS_NAMED_RAW) - 1);
}

static int parse_raw(const char *name, u32 *type)
{
	const char *text = name + sizeof(LFS_NAMED_RAW) - 1;
	const char *high = *text ? strchr(digits, text[0]) : NULL;
	const char *low = high && text[1] ? strchr(digits, text[1]) : NULL;

	if (!low || text[2])
		return -EOPNOTSUPP;
	*type = (high - digits) << 4 | (low - digits);
	return is_users(*type) && !has_name(*type) ? 0 : -EOPNOTSUPP;
}

/* Returns 1, 0 or -errno. */
static int begins_with(const struct lfs_fs *fs, const struct lfs_attr *attr,
		       const char *name, u32 bytes)
{
	int order = 1;
	int err = attr->bytes < bytes ?
			  0 :
			  lfs_name_compare(fs, attr->block, attr->at, bytes,
					   name, bytes, &order);

	return err ? err : !order;
}

static int find_raw(struct lfs_fs *fs, struct lfs_attr_walk *walk,
		    const char *name, struct lfs_named *named)
{
	u32 type;
	int more = parse_raw(name, &type);

	if (more)
		return more;
	do
		more = lfs_attr_next(fs, walk, &named->attr);
	while (more == 1 && named->attr.type != type);
	named->attr.type = type;
	return more == 1 ? 0 : more ? more : -ENODATA;
}

static int find_text(struct lfs_fs *fs, struct lfs_attr_walk *walk,
		     const char *name, struct lfs_named *named)
{
	struct lfs_attr *attr = &named->attr;
	u32 bytes = strlen(name) + 1, used = 0;
	int more, is_it = 0;

	while ((more = lfs_attr_next(fs, walk, attr)) == 1) {
		if (!has_name(attr->type))
			continue;
		is_it = begins_with(fs, attr, name, bytes);
		if (is_it)
			break;
		used |= 1u << (attr->type - LFS_NAMED_FIRST);
	}
	if (more < 0 || is_it < 0)
		return more < 0 ? more : is_it;
	named->prefix_bytes = bytes;
	if (is_it) {
		attr->at += bytes;
		attr->bytes -= bytes;
		return 0;
	}
	if (!~used)
		return -ENOSPC;
	attr->type = LFS_NAMED_FIRST;
	for (; used & 1; used >>= 1)
		attr->type++;
	return -ENODATA;
}

int lfs_named_find(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   const char *name, struct lfs_named *named)
{
	struct lfs_attr_walk walk;
	int err = lfs_attr_start(fs, pair, id, &walk);

	if (err)
		return err;
	*named = (struct lfs_named){ 0 };
	return is_raw(name) ? find_raw(fs, &walk, name, named) :
			      find_text(fs, &walk, name, named);
}

static int name_raw(u32 type, char *name)
{
	if (!is_users(type))
		return 0;
	memcpy(name, LFS_NAMED_RAW, sizeof(LFS_NAMED_RAW) - 1);
	name += sizeof(LFS_NAMED_RAW) - 1;
	name[0] = digits[type >> 4];
	name[1] = digits[type & 0xf];
	name[2] = '\0';
	return LFS_NAMED_RAW_BYTES;
}

int lfs_named_name(const struct lfs_fs *fs, const struct lfs_attr *attr,
		   char name[LFS_NAME_MAX_BYTES + 1])
{
	u32 bytes = min_t(u32, attr->bytes, LFS_NAME_MAX_BYTES + 1);
	const char *end;
	int err;

	if (!has_name(attr->type))
		return name_raw(attr->type, name);
	err = lfs_read(fs, attr->block, attr->at, name, bytes);
	if (err)
		return err;
	/* What has no name there, or one that is another's, is not ours. */
	end = memchr(name, '\0', bytes);
	return end && !is_raw(name) ? end - name : 0;
}
