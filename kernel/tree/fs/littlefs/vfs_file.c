// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files.
 *
 * What is read and written goes past the page cache: the flash can be read at
 * any time, and a copy of it would take memory that is scarce.  Mappings have
 * pages, which go when the file changes.
 */

#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "vfs.h"

/* The size of a file is what the core makes of it, after errors too. */
static int write_piece(struct inode *inode, u32 position, const void *piece,
		       u32 bytes)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct lfs_file *file = &littlefs_inode_of(inode)->file;
	u32 size;
	int err;

	littlefs_lock(mount);
	size = max(lfs_file_size(file), position);
	err = lfs_file_write(&mount->fs, file, position, piece, bytes);
	/* No part of what did not fit. */
	if (lfs_is_full(err) && lfs_file_size(file) > size)
		lfs_file_truncate(&mount->fs, file, size);
	size = lfs_file_size(file);
	mount->changes++;
	littlefs_unlock(mount, err);
	littlefs_size_update(inode, size);
	return err;
}

static ssize_t write_pieces(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	u8 piece[LITTLEFS_PIECE_BYTES];
	ssize_t done = 0;
	int err = 0;

	while (!err && iov_iter_count(from)) {
		size_t bytes = copy_from_iter(piece,
					      min(iov_iter_count(from),
						  sizeof(piece)), from);

		err = bytes ? write_piece(inode, iocb->ki_pos, piece, bytes) :
			      -EFAULT;
		if (err)
			break;
		iocb->ki_pos += bytes;
		done += bytes;
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	/* A device that fails takes what was written before with it. */
	return done && err != -EIO && i_size_read(inode) >= iocb->ki_pos ?
		       done :
		       err;
}

static ssize_t littlefs_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	loff_t start, old_size;
	ssize_t done;

	inode_lock(inode);
	done = generic_write_checks(iocb, from);
	if (done <= 0)
		goto out;
	old_size = i_size_read(inode);
	start = min(iocb->ki_pos, old_size);
	littlefs_time_touch(inode);
	done = write_pieces(iocb, from);
	/* An error may have taken more than was written. */
	truncate_pagecache(inode, i_size_read(inode));
	invalidate_inode_pages2_range(inode->i_mapping,
				      done > 0 ? start >> PAGE_SHIFT : 0, -1);
out:
	inode_unlock(inode);
	return done > 0 ? generic_write_sync(iocb, done) : done;
}

static int read_piece(struct inode *inode, u32 position, void *piece,
		      u32 bytes)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	int count;

	littlefs_lock(mount);
	count = lfs_file_read(&mount->fs, &littlefs_inode_of(inode)->file,
			      position, piece, bytes);
	return littlefs_unlock(mount, count);
}

/* To memory that may be a page of this filesystem: with nothing locked. */
static ssize_t read_pieces(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	u8 piece[LITTLEFS_PIECE_BYTES];
	ssize_t done = 0;
	int count = 1;

	while (count > 0 && iov_iter_count(to) &&
	       iocb->ki_pos < i_size_read(inode)) {
		size_t bytes = min(iov_iter_count(to), sizeof(piece));

		count = read_piece(inode, iocb->ki_pos, piece, bytes);
		if (count <= 0)
			break;
		bytes = copy_to_iter(piece, count, to);
		iocb->ki_pos += bytes;
		done += bytes;
		if (bytes < count)
			count = -EFAULT;
		else if (fatal_signal_pending(current))
			count = -EINTR;
		cond_resched();
	}
	return done || count > 0 ? done : count;
}

/* Whole writes only are seen. */
static ssize_t littlefs_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done;

	inode_lock_shared(inode);
	done = read_pieces(iocb, to);
	inode_unlock_shared(inode);
	return done;
}

static int littlefs_open(struct inode *inode, struct file *file)
{
	int err = generic_file_open(inode, file);

	if (!err && file->f_mode & FMODE_WRITE)
		err = littlefs_buffer_hold(inode);
	return err;
}

/* Each close is a sync: what cannot be written is an error of it. */
static int littlefs_flush(struct file *file, fl_owner_t id)
{
	return file->f_mode & FMODE_WRITE ?
		       littlefs_buffer_sync(file_inode(file)) :
		       0;
}

static int littlefs_release(struct inode *inode, struct file *file)
{
	if (!(file->f_mode & FMODE_WRITE))
		return 0;
	inode_lock(inode);
	littlefs_buffer_drop(inode);
	inode_unlock(inode);
	return 0;
}

static int littlefs_fsync(struct file *file, loff_t start, loff_t end,
			  int datasync)
{
	return littlefs_buffer_sync(file_inode(file));
}

/* Nothing is written by mappings: of one for reading none for writing is made. */
static int littlefs_mmap(struct file *file, struct vm_area_struct *area)
{
	if (area->vm_flags & VM_SHARED && !(area->vm_flags & VM_WRITE))
		vm_flags_clear(area, VM_MAYWRITE);
	return generic_file_readonly_mmap(file, area);
}

/* For mappings: a page of a file, zeros behind its end. */
static int littlefs_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	size_t bytes = folio_size(folio);
	void *to = kmap_local_folio(folio, 0);
	int count = 0;

	if (folio_pos(folio) < inode->i_sb->s_maxbytes)
		count = read_piece(inode, folio_pos(folio), to, bytes);
	if (count >= 0)
		memset(to + count, 0, bytes - count);
	flush_dcache_folio(folio);
	kunmap_local(to);
	folio_end_read(folio, count >= 0);
	return min(count, 0);
}

const struct address_space_operations littlefs_address_operations = {
	.read_folio = littlefs_read_folio,
};

const struct inode_operations littlefs_file_inode_operations = {
	.setattr = littlefs_setattr,
	.listxattr = littlefs_listxattr,
};

const struct file_operations littlefs_file_operations = {
	.open = littlefs_open,
	.flush = littlefs_flush,
	.release = littlefs_release,
	.llseek = generic_file_llseek,
	.read_iter = littlefs_read_iter,
	.write_iter = littlefs_write_iter,
	.mmap = littlefs_mmap,
	.fsync = littlefs_fsync,
	.splice_read = copy_splice_read,
	.splice_write = iter_file_splice_write,
};
