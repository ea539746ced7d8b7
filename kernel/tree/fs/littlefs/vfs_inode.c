// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inodes.
 *
 * littlefs has neither links nor numbers of inodes: each name that is looked up
 * gets an inode, which is in no table, follows its entry through all changes
 * and goes with the name.
 */

#include <linux/pagemap.h>
#include <linux/slab.h>

#include "node.h"
#include "vfs.h"

static struct kmem_cache *cache;

static void init_once(void *object)
{
	struct littlefs_inode *own = object;

	inode_init_once(&own->vfs);
}

int littlefs_inode_init_cache(void)
{
	cache = kmem_cache_create("littlefs_inode",
				  sizeof(struct littlefs_inode), 0,
				  SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT,
				  init_once);
	return cache ? 0 : -ENOMEM;
}

void littlefs_inode_destroy_cache(void)
{
	rcu_barrier();
	kmem_cache_destroy(cache);
}

struct inode *littlefs_inode_alloc(struct super_block *sb)
{
	struct littlefs_inode *own = alloc_inode_sb(sb, cache, GFP_KERNEL);

	if (!own)
		return NULL;
	own->is_held = false;
	own->users = 0;
	own->file.buffer = NULL;
	return &own->vfs;
}

void littlefs_inode_free(struct inode *inode)
{
	kmem_cache_free(cache, littlefs_inode_of(inode));
}

void littlefs_inode_evict(struct inode *inode)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct littlefs_inode *own = littlefs_inode_of(inode);

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	if (own->is_held) {
		littlefs_lock(mount);
		lfs_node_drop(&mount->fs, &own->file.node);
		littlefs_unlock(mount, 0);
	}
	kfree(own->file.buffer);
}

struct inode *littlefs_inode_new(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	/* No times are kept on the medium. */
	inode->i_flags |= S_NOATIME | S_NOCMTIME;
	simple_inode_init_ts(inode);
	return inode;
}

static void set_owner(struct inode *inode, umode_t kind)
{
	const struct littlefs_options *options =
		&littlefs_mount_of(inode)->options;
	umode_t mode = options->mode;

	if (kind == S_IFDIR)
		mode |= (mode & 0444) >> 2;
	inode->i_uid = options->uid;
	inode->i_gid = options->gid;
	inode->i_mode = kind | mode;
}

static void set_dir(struct inode *inode, const u32 head[2])
{
	struct littlefs_inode *own = littlefs_inode_of(inode);

	own->file = (struct lfs_file){
		.node = {
			.id = LFS_ID_NONE,
			.head = { head[0], head[1] },
		},
	};
	lfs_node_hold(&littlefs_mount_of(inode)->fs, &own->file.node);
	own->is_held = true;
	set_owner(inode, S_IFDIR);
	/* How many directories it has is not known. */
	set_nlink(inode, 1);
	inode->i_op = &littlefs_dir_inode_operations;
	inode->i_fop = &littlefs_dir_operations;
}

static void set_file(struct inode *inode, const struct lfs_entry *entry)
{
	struct littlefs_inode *own = littlefs_inode_of(inode);

	lfs_file_open(&littlefs_mount_of(inode)->fs, &own->file, entry, NULL,
		      0);
	own->is_held = true;
	set_owner(inode, S_IFREG);
	littlefs_size_update(inode, lfs_file_size(&own->file));
	inode->i_op = &littlefs_file_inode_operations;
	inode->i_fop = &littlefs_file_operations;
	inode->i_mapping->a_ops = &littlefs_address_operations;
}

void littlefs_inode_set(struct inode *inode, const struct lfs_entry *entry)
{
	if (entry->is_dir)
		set_dir(inode, entry->child);
	else
		set_file(inode, entry);
}

struct inode *littlefs_inode_root(struct super_block *sb)
{
	struct littlefs_mount *mount = sb->s_fs_info;
	struct inode *inode = littlefs_inode_new(sb);

	if (!inode)
		return NULL;
	littlefs_lock(mount);
	set_dir(inode, mount->fs.root);
	littlefs_unlock(mount, 0);
	return inode;
}

void littlefs_size_update(struct inode *inode, u32 size)
{
	i_size_write(inode, size);
	inode->i_blocks = DIV_ROUND_UP(size, 512);
}

static int truncate_file(struct inode *inode, u32 size)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct littlefs_inode *own = littlefs_inode_of(inode);
	int err = littlefs_buffer_hold(inode);

	if (err)
		return err;
	littlefs_lock(mount);
	err = lfs_file_truncate(&mount->fs, &own->file, size);
	size = lfs_file_size(&own->file);
	littlefs_unlock(mount, err);
	littlefs_size_update(inode, size);
	truncate_pagecache(inode, size);
	/* Nobody will close it, if nobody else has it open. */
	if (!err && own->users == 1)
		err = littlefs_buffer_sync(inode);
	littlefs_buffer_drop(inode);
	return err;
}

/* Everything has the owner and the mode that the mount options say. */
static bool changes_owner(const struct inode *inode, const struct iattr *attr)
{
	return (attr->ia_valid & ATTR_UID &&
		!uid_eq(attr->ia_uid, inode->i_uid)) ||
	       (attr->ia_valid & ATTR_GID &&
		!gid_eq(attr->ia_gid, inode->i_gid)) ||
	       (attr->ia_valid & ATTR_MODE &&
		(attr->ia_mode ^ inode->i_mode) & S_IALLUGO);
}

int littlefs_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
		     struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(idmap, dentry, attr);

	if (!err && changes_owner(inode, attr))
		err = -EPERM;
	if (!err && attr->ia_valid & ATTR_SIZE)
		err = truncate_file(inode, attr->ia_size);
	if (!err)
		setattr_copy(idmap, inode, attr);
	return err;
}
