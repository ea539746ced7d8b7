// SPDX-License-Identifier: GPL-2.0-only
/* Extended attributes "user.*". */

#include <linux/dcache.h>
#include <linux/slab.h>
#include <linux/xattr.h>

#include "named.h"
#include "vfs.h"

/* The lock of the mount is held. */
static int find(struct inode *inode, const char *name, u32 pair[2], u32 *id,
		struct lfs_named *named)
{
	int err = littlefs_place(inode, pair, id);

	return err ? err :
		     lfs_named_find(&littlefs_mount_of(inode)->fs, pair, *id,
				    name, named);
}

static int get_value(const struct xattr_handler *handler,
		     struct dentry *dentry, struct inode *inode,
		     const char *name, void *value, size_t bytes)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct lfs_named named;
	u32 pair[2], id;
	int err;

	littlefs_lock(mount);
	err = find(inode, name, pair, &id, &named);
	if (!err && value && named.attr.bytes > bytes)
		err = -ERANGE;
	if (!err && value)
		err = lfs_read(&mount->fs, named.attr.block, named.attr.at,
			       value, named.attr.bytes);
	littlefs_unlock(mount, err);
	if (err)
		return err == -ENOENT || err == -ENOSPC ? -ENODATA : err;
	return named.attr.bytes;
}

/*
 * Attributes are in the log of the directory, whose owner pays for them: who
 * may not make an entry there may not make one longer.
 */
static int may_write(struct mnt_idmap *idmap, struct dentry *dentry)
{
	struct dentry *parent = dget_parent(dentry);
	int err = inode_permission(idmap, d_inode(parent),
				   MAY_WRITE | MAY_EXEC);

	dput(parent);
	return err;
}

/* NULL to take it away.  The lock of the mount is held. */
static int store(struct inode *inode, const char *name, u8 *whole,
		 u32 value_bytes, int flags)
{
	struct lfs_named named;
	u32 pair[2], id;
	int err = find(inode, name, pair, &id, &named);

	if (!err && flags & XATTR_CREATE)
		return -EEXIST;
	if ((err == -ENODATA || err == -ENOSPC) &&
	    (!whole || flags & XATTR_REPLACE))
		return -ENODATA;
	if (err && err != -ENODATA)
		return err;
	/* The value of one with a number is all of it. */
	return lfs_attr_set(&littlefs_mount_of(inode)->fs, pair, id,
			    named.attr.type,
			    whole && !named.prefix_bytes ?
				    whole + strlen(name) + 1 :
				    whole,
			    named.prefix_bytes + value_bytes);
}

static int set_value(const struct xattr_handler *handler,
		     struct mnt_idmap *idmap, struct dentry *dentry,
		     struct inode *inode, const char *name, const void *value,
		     size_t bytes, int flags)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	size_t prefix_bytes = strlen(name) + 1;
	u8 *whole = NULL;
	int err = may_write(idmap, dentry);

	if (err)
		return err;
	if (value && bytes > mount->fs.attr_max)
		return -E2BIG;
	if (value) {
		whole = kmalloc(prefix_bytes + bytes, GFP_KERNEL);
		if (!whole)
			return -ENOMEM;
		memcpy(whole, name, prefix_bytes);
		memcpy(whole + prefix_bytes, value, bytes);
	}
	littlefs_lock(mount);
	err = store(inode, name, whole, bytes, flags);
	mount->changes++;
	littlefs_unlock(mount, err);
	kfree(whole);
	if (!err)
		inode_set_ctime_current(inode);
	return err;
}

/**
 * struct list - names that were asked for
 * @to: where they go, or NULL
 * @bytes: of @to
 * @done: how many bytes there are
 */
struct list {
	char *to;
	size_t bytes;
	size_t done;
};

static int put_name(struct list *list, const char *name, u32 bytes)
{
	char *to = list->to + list->done;

	list->done += XATTR_USER_PREFIX_LEN + bytes + 1;
	if (!list->to)
		return 0;
	if (list->done > list->bytes)
		return -ERANGE;
	memcpy(to, XATTR_USER_PREFIX, XATTR_USER_PREFIX_LEN);
	memcpy(to + XATTR_USER_PREFIX_LEN, name, bytes + 1);
	return 0;
}

/* The lock of the mount is held. */
static int put_names(struct inode *inode, struct list *list)
{
	const struct lfs_fs *fs = &littlefs_mount_of(inode)->fs;
	char name[LFS_NAME_MAX_BYTES + 1];
	struct lfs_attr_walk walk;
	struct lfs_attr attr;
	u32 pair[2], id;
	int err = littlefs_place(inode, pair, &id);

	if (!err)
		err = lfs_attr_start(&littlefs_mount_of(inode)->fs, pair, id,
				     &walk);
	while (!err && (err = lfs_attr_next(fs, &walk, &attr)) == 1) {
		int bytes = lfs_named_name(fs, &attr, name);

		/* The kernel takes no longer ones. */
		if (bytes > XATTR_NAME_MAX - XATTR_USER_PREFIX_LEN)
			bytes = 0;
		err = bytes > 0 ? put_name(list, name, bytes) : bytes;
	}
	return err == -ENOENT ? 0 : err;
}

ssize_t littlefs_listxattr(struct dentry *dentry, char *to, size_t bytes)
{
	struct littlefs_mount *mount = littlefs_mount_of(d_inode(dentry));
	struct list list = { .to = to, .bytes = bytes };
	int err;

	littlefs_lock(mount);
	err = littlefs_unlock(mount, put_names(d_inode(dentry), &list));
	return err ? err : list.done;
}

static const struct xattr_handler handler = {
	.prefix = XATTR_USER_PREFIX,
	.get = get_value,
	.set = set_value,
};

const struct xattr_handler *const littlefs_xattr_handlers[] = {
	&handler,
	NULL,
};
