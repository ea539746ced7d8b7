// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inodes.
 *
 * littlefs has neither links nor numbers of inodes: each name that is looked up
 * gets an inode, which is in no table, has a number that is made from the name,
 * follows its entry through all changes and goes with the name.
 */

#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "node.h"
#include "vfs.h"

#define ROOT_NUMBER	1

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
		lfs_file_close(&mount->fs, &own->file);
		littlefs_unlock(mount, 0);
	}
	kfree(own->file.buffer);
}

unsigned long littlefs_inode_number(const struct inode *dir, const void *name,
				    u32 bytes)
{
	const void *salt = (const void *)dir->i_ino;

	return max(full_name_hash(salt, name, bytes), ROOT_NUMBER + 1u);
}

struct inode *littlefs_inode_new(struct super_block *sb, unsigned long number)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = number;
	/* Times on the medium change with contents, in one commit. */
	inode->i_flags |= S_NOATIME | S_NOCMTIME;
	simple_inode_init_ts(inode);
	return inode;
}

/* The directory that begins in @head, whose entry is at a place. */
static int set_dir(struct inode *inode, const u32 head[2], const u32 pair[2],
		   u32 id)
{
	struct littlefs_inode *own = littlefs_inode_of(inode);
	u32 uid;
	int err = littlefs_owner_load(inode, S_IFDIR, pair, id, &uid);

	if (err)
		return err;

	own->file = (struct lfs_file){
		.node = {
			.id = LFS_ID_NONE,
			.head = { head[0], head[1] },
		},
	};
	lfs_node_hold(&littlefs_mount_of(inode)->fs, &own->file.node);
	own->is_held = true;
	/* How many directories it has is not known. */
	set_nlink(inode, 1);
	inode->i_op = &littlefs_dir_inode_operations;
	inode->i_fop = &littlefs_dir_operations;
	return 0;
}

static int set_file(struct inode *inode, const struct lfs_entry *entry)
{
	struct littlefs_inode *own = littlefs_inode_of(inode);
	u32 uid;
	int err = littlefs_owner_load(inode, S_IFREG, entry->pair, entry->id,
				      &uid);

	if (!err)
		err = littlefs_time_load(inode, entry->pair, entry->id);
	if (err)
		return err;
	lfs_file_open(&littlefs_mount_of(inode)->fs, &own->file, entry, NULL,
		      0);
	own->file.owner = uid;
	own->is_held = true;
	littlefs_size_update(inode, lfs_file_size(&own->file));
	inode->i_op = &littlefs_file_inode_operations;
	inode->i_fop = &littlefs_file_operations;
	inode->i_mapping->a_ops = &littlefs_address_operations;
	return 0;
}

int littlefs_inode_set(struct inode *inode, const struct lfs_entry *entry)
{
	return entry->is_dir ?
		       set_dir(inode, entry->child, entry->pair, entry->id) :
		       set_file(inode, entry);
}

struct inode *littlefs_inode_root(struct super_block *sb)
{
	struct littlefs_mount *mount = sb->s_fs_info;
	struct inode *inode = littlefs_inode_new(sb, ROOT_NUMBER);
	int err;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	littlefs_lock(mount);
	err = littlefs_unlock(mount, set_dir(inode, mount->fs.root,
					     mount->fs.root, 0));
	if (!err)
		return inode;
	iput(inode);
	return ERR_PTR(err);
}

int littlefs_place(struct inode *inode, u32 pair[2], u32 *id)
{
	const struct lfs_node *node = &littlefs_inode_of(inode)->file.node;

	if (!inode->i_nlink)
		return -ENOENT;
	if (S_ISDIR(inode->i_mode))
		return lfs_dir_place(&littlefs_mount_of(inode)->fs, node->head,
				     pair, id);
	memcpy(pair, node->pair, sizeof(node->pair));
	*id = node->id;
	return lfs_node_is_gone(node) ? -ENOENT : 0;
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
	littlefs_time_touch(inode);
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

int littlefs_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
		     struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(idmap, dentry, attr);

	if (!err)
		err = littlefs_owner_change(inode, attr);
	if (!err && attr->ia_valid & ATTR_SIZE)
		err = truncate_file(inode, attr->ia_size);
	else if (!err)
		err = littlefs_time_change(inode, attr);
	if (!err)
		setattr_copy(idmap, inode, attr);
	return err;
}
