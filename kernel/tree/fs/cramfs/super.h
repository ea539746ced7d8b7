/* SPDX-License-Identifier: GPL-2.0-only */
/* The super-block of an image in memory, and what is done with one beside inode.c. */
#ifndef _CRAMFS_SUPER_H
#define _CRAMFS_SUPER_H

#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/slab.h>
#include <linux/spherule/monitor.h>
#include <linux/types.h>

struct fs_parameter;
struct iov_iter;
struct kiocb;

/**
 * struct cramfs_sb_info - a mounted image
 * @magic: CRAMFS_MAGIC
 * @size: of the image, in bytes; what is behind is not its
 * @blocks: as the super-block says, for statfs()
 * @files: as the super-block says, for statfs()
 * @flags: CRAMFS_FLAG_*
 * @linear_virt_addr: the image, when it is directly addressable
 * @linear_phys_addr: the same for mappings
 * @mtd_point_size: how much of the MTD is in use for that, in bytes
 * @mtd_offset: where the image starts in its MTD, in bytes
 * @is_taken: the firmware keeps the image for us
 */
struct cramfs_sb_info {
	unsigned long magic;
	unsigned long size;
	unsigned long blocks;
	unsigned long files;
	unsigned long flags;
	void *linear_virt_addr;
	resource_size_t linear_phys_addr;
	size_t mtd_point_size;
	u32 mtd_offset;
	bool is_taken;
};

/* What was not mounted after all; a super-block takes its data with it. */
static inline void cramfs_free_fc(struct fs_context *fc)
{
	kfree(fc->s_fs_info);
}

/* An image that is not at the start of its MTD: image.c */
#ifdef CONFIG_CRAMFS_MTD
int cramfs_image_parse_param(struct fs_context *fc, struct fs_parameter *param);
#else
#define cramfs_image_parse_param	NULL
#endif
int cramfs_image_get_tree(struct fs_context *fc,
			  int (*fill_super)(struct super_block *sb,
					    struct fs_context *fc));

/* Images that the firmware must know; other MTDs have none of these. */
static inline int cramfs_take_image(struct super_block *sb)
{
	struct cramfs_sb_info *sbi = sb->s_fs_info;
	int err = spherule_take_image(sb->s_mtd, sbi->mtd_offset);

	sbi->is_taken = !err;
	return err;
}

/* Inodes and mappings are gone. */
static inline void cramfs_release_image(struct super_block *sb)
{
	struct cramfs_sb_info *sbi = sb->s_fs_info;

	if (sbi && sbi->is_taken)
		spherule_release_image(sb->s_mtd, sbi->mtd_offset);
}

/* Images that are believed after one look only: check.c */
#ifdef CONFIG_CRAMFS_MTD_CHECKED
#include "check.h"
#else
static inline int cramfs_check_image(const void *image, size_t bytes)
{
	return 0;
}
#endif

/* Reading without the page cache: xip.c */
#ifdef CONFIG_CRAMFS_MTD_XIP
ssize_t cramfs_xip_read_iter(struct kiocb *iocb, struct iov_iter *to);
#define cramfs_xip_splice_read	copy_splice_read
#else
#define cramfs_xip_read_iter	generic_file_read_iter
#define cramfs_xip_splice_read	filemap_splice_read
#endif

#endif
