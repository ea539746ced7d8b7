// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading files that are in memory already.
 *
 * The image is in directly addressable flash. A raw block with a direct pointer
 * is copied from there to the reader; a page of the page cache for it would be
 * a copy of what can be read at any time, kept in memory that is scarce.
 */

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/uio.h>
#include <uapi/linux/cramfs_fs.h>

#include "internal.h"

static bool is_inside(const struct cramfs_sb_info *sbi, size_t offset,
		      size_t bytes)
{
	return offset <= sbi->size && bytes <= sbi->size - offset;
}

/* Where @bytes bytes of @inode at @pos are; NULL: the page cache has to make them. */
static const void *cramfs_xip_data(const struct inode *inode, loff_t pos,
				   size_t bytes)
{
	const struct cramfs_sb_info *sbi = inode->i_sb->s_fs_info;
	size_t start, table = inode->i_ino + (pos >> PAGE_SHIFT) * sizeof(u32);
	u32 pointer;

	if (!is_inside(sbi, table, sizeof(pointer)))
		return NULL;
	pointer = *(const u32 *)(sbi->linear_virt_addr + table);
	if ((pointer & CRAMFS_BLK_FLAGS) != CRAMFS_BLK_FLAGS)
		return NULL;
	start = (pointer & ~CRAMFS_BLK_FLAGS) << CRAMFS_BLK_DIRECT_PTR_SHIFT;
	start += offset_in_page(pos);
	return is_inside(sbi, start, bytes) ? sbi->linear_virt_addr + start :
					      NULL;
}

/**
 * cramfs_xip_read_iter - read a file of an image in directly addressable flash
 * @iocb: the file and the position, which is moved
 * @to: where the bytes go
 *
 * From the first block that cannot be copied from where it is, the rest goes
 * through the page cache.
 *
 * Return: how many bytes were read, or a negative errno.
 */
ssize_t cramfs_xip_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done = 0;

	while (iov_iter_count(to) && iocb->ki_pos < inode->i_size) {
		size_t room = PAGE_SIZE - offset_in_page(iocb->ki_pos);
		size_t bytes = min_t(loff_t, room, inode->i_size - iocb->ki_pos);
		const void *data = cramfs_xip_data(inode, iocb->ki_pos, bytes);
		size_t copied;

		if (!data) {
			ssize_t rest = generic_file_read_iter(iocb, to);

			return done && rest < 0 ? done : done + rest;
		}
		bytes = min(bytes, iov_iter_count(to));
		copied = copy_to_iter(data, bytes, to);
		iocb->ki_pos += copied;
		done += copied;
		if (copied < bytes)
			return done ? : -EFAULT;
		cond_resched();
	}
	return done;
}
