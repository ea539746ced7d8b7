// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of files.
 *
 * A file has one while it is open for writing: the core collects in it what is
 * to be programmed, and keeps small files there until they are synced.  A file
 * in the log of its directory has one too while it is being removed, because
 * its contents go from the log with its entry, and somebody may have it open.
 */

#include <linux/math.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "node.h"
#include "vfs.h"

/* At least what the file has in the log, so that it never needs a block. */
static u32 bytes_for(const struct littlefs_mount *mount,
		     const struct lfs_file *file)
{
	u32 bytes = LITTLEFS_FILE_BYTES;

	if (file->is_inline)
		bytes = max(bytes, file->ctz.size);
	return roundup(bytes, mount->device.program_bytes);
}

int littlefs_buffer_hold(struct inode *inode)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct littlefs_inode *own = littlefs_inode_of(inode);
	struct lfs_file *file = &own->file;
	int err = 0;

	littlefs_lock(mount);
	if (!file->buffer) {
		u32 bytes = bytes_for(mount, file);

		file->buffer = kmalloc(bytes, GFP_KERNEL);
		file->buffer_bytes = file->buffer ? bytes : 0;
	}
	if (!file->buffer)
		err = -ENOMEM;
	else if (!own->users++)
		list_add(&own->link, &mount->buffered);
	return littlefs_unlock(mount, err);
}

/* Forget what could not be written. */
static int reload(struct lfs_fs *fs, struct lfs_file *file)
{
	struct lfs_entry entry;
	u8 *buffer = file->buffer;
	u32 bytes = file->buffer_bytes, owner = file->owner;
	int err = lfs_entry_load(fs, file->node.pair, file->node.id, &entry);

	if (!err && entry.is_dir)
		err = -EUCLEAN;
	if (err)
		return err;
	lfs_file_close(fs, file);
	lfs_file_open(fs, file, &entry, buffer, bytes);
	file->owner = owner;
	return 0;
}

/*
 * What cannot be made durable is lost, as close() has said.  A removed file has
 * its contents nowhere else: it keeps the buffer to its end.  So does a file of
 * which nothing can be read.
 */
static bool settle(struct littlefs_mount *mount, struct lfs_file *file)
{
	bool is_lost;
	int err;

	if (lfs_node_is_gone(&file->node))
		return false;
	err = lfs_file_sync(&mount->fs, file);
	mount->changes++;
	is_lost = err;
	if (is_lost)
		err = reload(&mount->fs, file);
	if (err)
		return false;
	kfree(file->buffer);
	file->buffer = NULL;
	file->buffer_bytes = 0;
	file->is_buffered = false;
	return is_lost;
}

void littlefs_buffer_drop(struct inode *inode)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct littlefs_inode *own = littlefs_inode_of(inode);
	bool is_lost = false;
	u32 size;

	littlefs_lock(mount);
	if (!--own->users) {
		list_del(&own->link);
		is_lost = settle(mount, &own->file);
	}
	size = lfs_file_size(&own->file);
	littlefs_unlock(mount, 0);
	if (!is_lost)
		return;
	littlefs_size_update(inode, size);
	truncate_pagecache(inode, size);
	invalidate_inode_pages2(inode->i_mapping);
}

int littlefs_buffer_sync(struct inode *inode)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	int err;

	littlefs_lock(mount);
	err = lfs_file_sync(&mount->fs, &littlefs_inode_of(inode)->file);
	mount->changes++;
	return littlefs_unlock(mount, err);
}

int littlefs_buffer_sync_all(struct littlefs_mount *mount)
{
	struct littlefs_inode *own;
	int err = 0;

	littlefs_lock(mount);
	list_for_each_entry(own, &mount->buffered, link) {
		int result = lfs_file_sync(&mount->fs, &own->file);

		err = err ? err : result;
	}
	mount->changes++;
	return littlefs_unlock(mount, err);
}
