// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several cramfs images in one MTD partition.
 *
 * get_tree_mtd() knows one filesystem for each MTD device.  A device that
 * holds many small images behind each other would need a partition for every
 * one of them, and a struct mtd_info with its struct device costs more memory
 * than the mount itself.  The option "offset" names an image inside an MTD:
 *
 *	mount -t cramfs -o ro,offset=0x40000 mtd:apps /mnt/apps/one
 *
 * Such a super-block is found by (MTD, offset) and has an anonymous device
 * number, because the number of the MTD stands for the image at offset 0.
 */

#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/mtd/mtd.h>
#include <linux/slab.h>

#include "internal.h"

enum { OPT_OFFSET };

static const struct fs_parameter_spec cramfs_image_parameters[] = {
	fsparam_u32("offset", OPT_OFFSET),
	{}
};

/**
 * cramfs_image_parse_param - read the mount option "offset"
 * @fc: filesystem context whose s_fs_info is a struct cramfs_sb_info
 * @param: the option
 *
 * Return: 0, -ENOPARAM for another option, or -EINVAL for an offset that is
 * not a multiple of the page size.
 */
int cramfs_image_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct cramfs_sb_info *sbi = fc->s_fs_info;
	struct fs_parse_result result;
	int opt;

	opt = fs_parse(fc, cramfs_image_parameters, param, &result);
	if (opt < 0)
		return opt;
	if (!PAGE_ALIGNED(result.uint_32))
		return invalf(fc, "offset is not a multiple of the page size");
	sbi->mtd_offset = result.uint_32;
	return 0;
}

static int cramfs_image_test(struct super_block *sb, struct fs_context *fc)
{
	struct cramfs_sb_info *old = sb->s_fs_info, *new = fc->s_fs_info;

	return sb->s_mtd == fc->sget_key && old->mtd_offset == new->mtd_offset;
}

static int cramfs_image_set(struct super_block *sb, struct fs_context *fc)
{
	int err = set_anon_super_fc(sb, fc);

	if (!err)
		sb->s_mtd = fc->sget_key;
	return err;
}

/**
 * cramfs_image_get_tree - mount the image at the offset in @fc
 * @fc: filesystem context; its source is "mtd:NAME"
 * @fill_super: reads the super-block of the image
 *
 * Return: 0 or a negative errno.
 */
int cramfs_image_get_tree(struct fs_context *fc,
			  int (*fill_super)(struct super_block *sb,
					    struct fs_context *fc))
{
	struct super_block *sb;
	struct mtd_info *mtd;
	int err = 0;

	if (!fc->source || strncmp(fc->source, "mtd:", 4))
		return invalf(fc, "an image at an offset needs a source mtd:NAME");
	mtd = get_mtd_device_nm(fc->source + 4);
	if (IS_ERR(mtd))
		return PTR_ERR(mtd);

	fc->sget_key = mtd;
	sb = sget_fc(fc, cramfs_image_test, cramfs_image_set);
	if (IS_ERR(sb)) {
		put_mtd_device(mtd);
		return PTR_ERR(sb);
	}

	if (sb->s_root) {
		/* Mounted before: that super-block has its own reference. */
		put_mtd_device(mtd);
	} else {
		err = fill_super(sb, fc);
		if (err) {
			deactivate_locked_super(sb);
			return err;
		}
		sb->s_flags |= SB_ACTIVE;
	}

	fc->root = dget(sb->s_root);
	return 0;
}
