// SPDX-License-Identifier: GPL-2.0-only
/* Mounts: how they begin, their options, their figures, their end. */

#define pr_fmt(fmt) "littlefs: " fmt

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/init.h>
#include <linux/mtd/mtd.h>
#include <linux/mtd/super.h>
#include <linux/quota.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/statfs.h>

#include "alloc.h"
#include "mount.h"
#include "recover.h"
#include "vfs.h"

/* "lfs2" */
#define LITTLEFS_MAGIC		0x3273666c

/* Of the buffer that the core programs from, if a program unit is no larger. */
#define BUFFER_BYTES		256
#define PROGRAM_BYTES_MAX	4096

/*
 * A log ends here although its block may be larger: it is read as a whole with
 * each change of the directory that is read from.
 */
#define METADATA_MAX_BYTES	65536

/* seen: upstream advises 100 to 1000 */
#define WEAR_CYCLES		100

enum { OPT_UID, OPT_GID, OPT_MODE, OPT_USRQUOTA, OPT_MTIME };

static const struct fs_parameter_spec parameters[] = {
	fsparam_uid("uid", OPT_UID),
	fsparam_gid("gid", OPT_GID),
	fsparam_u32oct("mode", OPT_MODE),
	fsparam_flag("usrquota", OPT_USRQUOTA),
	fsparam_flag("mtime", OPT_MTIME),
	{}
};

/* What allocates meanwhile must not wait until inodes of a mount are gone. */
void littlefs_lock(struct littlefs_mount *mount)
{
	mutex_lock(&mount->lock);
	mount->flags = memalloc_nofs_save();
}

int littlefs_unlock(struct littlefs_mount *mount, int err)
{
	unsigned int flags = mount->flags;
	bool complains = err == -EUCLEAN && !mount->has_complained;
	bool gives_up = mount->fs.is_broken && !mount->has_given_up;

	mount->has_complained |= complains;
	mount->has_given_up |= gives_up;
	memalloc_nofs_restore(flags);
	mutex_unlock(&mount->lock);
	if (complains)
		pr_err("%s is damaged; fsck.littlefs says how\n",
		       mount->name);
	if (gives_up)
		pr_err("%s can be read only, until it is mounted anew: a change ended half-way\n",
		       mount->name);
	return err;
}

static int littlefs_statfs(struct dentry *dentry, struct kstatfs *status)
{
	struct littlefs_mount *mount = dentry->d_sb->s_fs_info;
	u32 used = 0;
	int err;

	littlefs_lock(mount);
	err = lfs_count_used(&mount->fs, &used);
	littlefs_unlock(mount, err);
	if (err)
		return err;
	used = min(used, mount->fs.block_count);
	status->f_type = LITTLEFS_MAGIC;
	status->f_bsize = mount->device.block_bytes;
	status->f_blocks = mount->fs.block_count;
	status->f_bfree = mount->fs.block_count - used;
	status->f_bavail = status->f_bfree;
	status->f_namelen = mount->fs.name_max;
	status->f_fsid = u64_to_fsid(dentry->d_sb->s_dev);
	return 0;
}

static int littlefs_sync_fs(struct super_block *sb, int wait)
{
	return wait ? littlefs_buffer_sync_all(sb->s_fs_info) : 0;
}

static int littlefs_show_options(struct seq_file *out, struct dentry *root)
{
	struct littlefs_mount *mount = root->d_sb->s_fs_info;
	const struct littlefs_options *options = &mount->options;

	seq_printf(out, ",uid=%u,gid=%u,mode=%o",
		   from_kuid_munged(&init_user_ns, options->uid),
		   from_kgid_munged(&init_user_ns, options->gid),
		   options->mode);
	if (options->has_quota)
		seq_puts(out, ",usrquota");
	if (options->keeps_mtime)
		seq_puts(out, ",mtime");
	return 0;
}

static const struct super_operations super_operations = {
	.alloc_inode = littlefs_inode_alloc,
	.free_inode = littlefs_inode_free,
	.evict_inode = littlefs_inode_evict,
	.sync_fs = littlefs_sync_fs,
	.statfs = littlefs_statfs,
	.show_options = littlefs_show_options,
};

static int littlefs_parse_param(struct fs_context *fc,
				struct fs_parameter *param)
{
	struct littlefs_options *options = fc->fs_private;
	struct fs_parse_result result;
	int option = fs_parse(fc, parameters, param, &result);

	if (option < 0)
		return option;
	switch (option) {
	case OPT_UID:
		options->uid = result.uid;
		break;
	case OPT_GID:
		options->gid = result.gid;
		break;
	case OPT_MODE:
		if (result.uint_32 & ~0777)
			return invalf(fc, "littlefs: mode is permissions only");
		options->mode = result.uint_32;
		break;
	case OPT_USRQUOTA:
		options->has_quota = true;
		break;
	case OPT_MTIME:
		options->keeps_mtime = true;
		break;
	}
	return 0;
}

static int start_writing(struct littlefs_mount *mount)
{
	const struct lfs_config config = {
		.buffer = mount->buffer,
		.buffer_bytes = mount->buffer_bytes,
		.metadata_max = min_t(u32, mount->device.block_bytes,
				      METADATA_MAX_BYTES),
		.inline_max = LITTLEFS_FILE_BYTES,
		.wear_cycles = WEAR_CYCLES,
	};

	if (!(mount->mtd->flags & MTD_WRITEABLE))
		return -EROFS;
	return lfs_start_writing(&mount->fs, &config);
}

static struct littlefs_mount *make_mount(struct mtd_info *mtd,
					 const struct littlefs_options *options)
{
	u32 bytes = roundup(BUFFER_BYTES, mtd->writesize);
	struct littlefs_mount *mount;

	mount = kzalloc(struct_size(mount, buffer, bytes), GFP_KERNEL);
	if (!mount)
		return NULL;
	littlefs_mtd_init(mount, mtd);
	mutex_init(&mount->lock);
	INIT_LIST_HEAD(&mount->buffered);
	mount->options = *options;
	mount->buffer_bytes = bytes;
	return mount;
}

static void start_quota(struct littlefs_mount *mount)
{
	const struct littlefs_options *options = &mount->options;

	if (!options->has_quota)
		return;
	lfs_quota_init(&mount->quota, true,
		       from_kuid(&init_user_ns, options->uid));
	mount->fs.quota = &mount->quota;
}

static void describe(struct super_block *sb, const struct lfs_fs *fs)
{
	sb->s_magic = LITTLEFS_MAGIC;
	sb->s_op = &super_operations;
	sb->s_xattr = littlefs_xattr_handlers;
	sb->s_qcop = &littlefs_quota_operations;
	sb->s_quota_types = fs->quota ? QTYPE_MASK_USR : 0;
	sb->s_flags |= SB_NOATIME;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = min_t(loff_t, fs->file_max, MAX_LFS_FILESIZE);
}

/* kill_super() undoes what an error leaves. */
static int fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct littlefs_mount *mount;
	struct inode *root;
	int err;

	if (!sb->s_mtd->erasesize || !sb->s_mtd->writesize ||
	    sb->s_mtd->writesize > PROGRAM_BYTES_MAX)
		return invalf(fc, "littlefs: %s is no flash for it",
			      sb->s_mtd->name);
	mount = make_mount(sb->s_mtd, fc->fs_private);
	if (!mount)
		return -ENOMEM;
	sb->s_fs_info = mount;
	littlefs_lock(mount);
	err = lfs_mount(&mount->fs, &mount->device);
	if (!err)
		start_quota(mount);
	if (!err && !sb_rdonly(sb))
		err = start_writing(mount);
	littlefs_unlock(mount, 0);
	if (err == -EINVAL || err == -EUCLEAN)
		errorf(fc, "littlefs: %s has none, or one that is damaged",
		       mount->name);
	if (err)
		return err;
	describe(sb, &mount->fs);
	root = littlefs_inode_root(sb);
	if (IS_ERR(root))
		return PTR_ERR(root);
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static int littlefs_get_tree(struct fs_context *fc)
{
	return get_tree_mtd(fc, fill_super);
}

/* Once it may write it may: VFS sees to it that a read-only mount does not. */
static int littlefs_reconfigure(struct fs_context *fc)
{
	struct littlefs_mount *mount = fc->root->d_sb->s_fs_info;
	int err = 0;

	sync_filesystem(fc->root->d_sb);
	littlefs_lock(mount);
	if (!(fc->sb_flags & SB_RDONLY) && !mount->fs.is_writable)
		err = start_writing(mount);
	return littlefs_unlock(mount, err);
}

static void littlefs_free_context(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations context_operations = {
	.parse_param = littlefs_parse_param,
	.get_tree = littlefs_get_tree,
	.reconfigure = littlefs_reconfigure,
	.free = littlefs_free_context,
};

static int littlefs_init_context(struct fs_context *fc)
{
	struct littlefs_options *options = kzalloc(sizeof(*options),
						   GFP_KERNEL);

	if (!options)
		return -ENOMEM;
	options->uid = GLOBAL_ROOT_UID;
	options->gid = GLOBAL_ROOT_GID;
	options->mode = 0644;
	fc->fs_private = options;
	fc->ops = &context_operations;
	return 0;
}

static void kill_super(struct super_block *sb)
{
	struct littlefs_mount *mount = sb->s_fs_info;

	kill_mtd_super(sb);
	kfree(mount);
}

static struct file_system_type littlefs_type = {
	.name = "littlefs",
	.init_fs_context = littlefs_init_context,
	.parameters = parameters,
	.kill_sb = kill_super,
};

static int __init littlefs_init(void)
{
	int err = littlefs_inode_init_cache();

	if (err)
		return err;
	err = register_filesystem(&littlefs_type);
	if (err)
		littlefs_inode_destroy_cache();
	return err;
}
fs_initcall(littlefs_init);
