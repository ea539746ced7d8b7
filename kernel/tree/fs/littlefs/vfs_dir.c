// SPDX-License-Identifier: GPL-2.0-only
/* Directories: looking up names, and changing them. */

#include "name.h"
#include "recover.h"
#include "vfs.h"

/* The name of an entry in a directory; the lock of the mount is held. */
static struct lfs_name_ref ref_of(struct inode *dir,
				  const struct dentry *dentry)
{
	const u32 *head = littlefs_inode_of(dir)->file.node.head;

	return (struct lfs_name_ref){
		.dir = { head[0], head[1] },
		.text = dentry->d_name.name,
		.bytes = dentry->d_name.len,
	};
}

/*
 * Before a change.  What a power cut has left is finished first: that can move
 * the directory.
 */
static int start_change(struct inode *dir, const struct dentry *dentry,
			struct lfs_name_ref *ref)
{
	int err = lfs_start_change(&littlefs_mount_of(dir)->fs);

	*ref = ref_of(dir, dentry);
	return err;
}

/* Makes @inode what the entry of that name says; its lock is held. */
static int find(struct inode *dir, const struct dentry *dentry,
		struct inode *inode)
{
	struct littlefs_mount *mount = littlefs_mount_of(dir);
	struct lfs_name_ref ref = ref_of(dir, dentry);
	struct lfs_entry entry;
	int err = lfs_dir_find(&mount->fs, ref.dir, ref.text, ref.bytes,
			       &entry);

	return err ? err : littlefs_inode_set(inode, &entry);
}

static struct inode *new_inode_of(struct inode *dir,
				  const struct dentry *dentry)
{
	const struct qstr *name = &dentry->d_name;

	return littlefs_inode_new(dir->i_sb,
				  littlefs_inode_number(dir, name->name,
							name->len));
}

static struct dentry *littlefs_lookup(struct inode *dir, struct dentry *dentry,
				      unsigned int flags)
{
	struct littlefs_mount *mount = littlefs_mount_of(dir);
	struct inode *inode;
	int err;

	if (dentry->d_name.len > mount->fs.name_max)
		return ERR_PTR(-ENAMETOOLONG);
	inode = new_inode_of(dir, dentry);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	littlefs_lock(mount);
	err = littlefs_unlock(mount, find(dir, dentry, inode));
	if (err) {
		iput(inode);
		inode = err == -ENOENT ? NULL : ERR_PTR(err);
	}
	return d_splice_alias(inode, dentry);
}

/* Memory first: nothing has changed when there is none. */
static int make(struct inode *dir, struct dentry *dentry, umode_t mode,
		int (*change)(struct lfs_fs *fs,
			      const struct lfs_name_ref *name))
{
	struct littlefs_mount *mount = littlefs_mount_of(dir);
	struct inode *inode = new_inode_of(dir, dentry);
	struct lfs_owner owner = littlefs_owner_new(mode);
	struct lfs_name_ref ref;
	int err;

	if (!inode)
		return -ENOMEM;
	littlefs_lock(mount);
	err = start_change(dir, dentry, &ref);
	ref.owner = &owner;
	if (!err)
		err = change(&mount->fs, &ref);
	mount->changes++;
	if (!err)
		err = find(dir, dentry, inode);
	littlefs_unlock(mount, err);
	if (err) {
		/* It may be there all the same: it will be looked up. */
		d_drop(dentry);
		iput(inode);
		return err;
	}
	littlefs_time_touch(dir);
	d_instantiate(dentry, inode);
	return 0;
}

static int littlefs_create(struct mnt_idmap *idmap, struct inode *dir,
			   struct dentry *dentry, umode_t mode, bool is_new)
{
	return make(dir, dentry, mode, lfs_create);
}

static int littlefs_mkdir(struct mnt_idmap *idmap, struct inode *dir,
			  struct dentry *dentry, umode_t mode)
{
	return make(dir, dentry, mode, lfs_mkdir);
}

/* Before and after the removal of an entry, if there is one. */
static int hold_removed(struct inode *inode)
{
	return inode && S_ISREG(inode->i_mode) ? littlefs_buffer_hold(inode) :
						 0;
}

static void drop_removed(struct inode *inode, int err)
{
	if (!inode)
		return;
	if (!err) {
		inode_set_ctime_current(inode);
		clear_nlink(inode);
	}
	if (S_ISREG(inode->i_mode))
		littlefs_buffer_drop(inode);
}

/* A directory as well: the core sees to it that it is empty. */
static int littlefs_remove(struct inode *dir, struct dentry *dentry)
{
	struct littlefs_mount *mount = littlefs_mount_of(dir);
	struct inode *inode = d_inode(dentry);
	struct lfs_name_ref ref;
	int err = hold_removed(inode);

	if (err)
		return err;
	littlefs_lock(mount);
	err = start_change(dir, dentry, &ref);
	if (!err)
		err = lfs_remove(&mount->fs, &ref);
	mount->changes++;
	littlefs_unlock(mount, err);
	drop_removed(inode, err);
	if (!err)
		littlefs_time_touch(dir);
	return err;
}

static int littlefs_rename(struct mnt_idmap *idmap, struct inode *from_dir,
			   struct dentry *from, struct inode *to_dir,
			   struct dentry *to, unsigned int flags)
{
	struct littlefs_mount *mount = littlefs_mount_of(from_dir);
	struct inode *target = d_inode(to);
	struct lfs_name_ref from_ref, to_ref;
	int err;

	/* VFS has seen that there is no target then. */
	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	err = hold_removed(target);
	if (err)
		return err;
	littlefs_lock(mount);
	err = start_change(from_dir, from, &from_ref);
	to_ref = ref_of(to_dir, to);
	if (!err)
		err = lfs_rename(&mount->fs, &from_ref, &to_ref);
	mount->changes++;
	littlefs_unlock(mount, err);
	drop_removed(target, err);
	if (err)
		return err;
	littlefs_time_touch(from_dir);
	littlefs_time_touch(to_dir);
	return 0;
}

const struct inode_operations littlefs_dir_inode_operations = {
	.lookup = littlefs_lookup,
	.create = littlefs_create,
	.mkdir = littlefs_mkdir,
	.unlink = littlefs_remove,
	.rmdir = littlefs_remove,
	.rename = littlefs_rename,
	.setattr = littlefs_setattr,
	.listxattr = littlefs_listxattr,
};
