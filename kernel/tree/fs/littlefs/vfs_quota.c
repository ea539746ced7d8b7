// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of users, by quotactl_fd(2).
 *
 * The filesystem counts blocks, and a limit is a promise: a user without one
 * gets nothing, and no limit is given that cannot be kept.  It lasts as long as
 * the mount.
 */

#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/quota.h>

#include "vfs.h"

static u64 to_bytes(const struct littlefs_mount *mount, u32 blocks)
{
	return (u64)blocks * mount->device.block_bytes;
}

static int get_limit(struct super_block *sb, struct kqid id,
		     struct qc_dqblk *limit)
{
	struct littlefs_mount *mount = sb->s_fs_info;
	struct lfs_account account = { 0 };
	int err;

	littlefs_lock(mount);
	err = lfs_quota_get(&mount->fs, from_kqid(&init_user_ns, id),
			    &account);
	littlefs_unlock(mount, err);
	*limit = (struct qc_dqblk){
		.d_spc_hardlimit = to_bytes(mount, account.limit),
		.d_spc_softlimit = to_bytes(mount, account.limit),
		.d_space = to_bytes(mount, account.used),
	};
	return err;
}

/* Hard limits of space: there are neither soft ones nor any of inodes. */
static bool is_possible(const struct qc_dqblk *limit)
{
	int fields = limit->d_fieldmask;

	if (fields & ~QC_LIMIT_MASK || !(fields & QC_SPC_HARD))
		return false;
	if (fields & QC_SPC_SOFT && limit->d_spc_softlimit &&
	    limit->d_spc_softlimit != limit->d_spc_hardlimit)
		return false;
	return !(fields & QC_INO_SOFT && limit->d_ino_softlimit) &&
	       !(fields & QC_INO_HARD && limit->d_ino_hardlimit);
}

static int set_limit(struct super_block *sb, struct kqid id,
		     struct qc_dqblk *limit)
{
	struct littlefs_mount *mount = sb->s_fs_info;
	u64 blocks;
	int err;

	if (!is_possible(limit))
		return -EINVAL;
	blocks = div_u64(limit->d_spc_hardlimit, mount->device.block_bytes);
	littlefs_lock(mount);
	err = lfs_quota_set(&mount->fs, from_kqid(&init_user_ns, id),
			    min_t(u64, blocks, U32_MAX));
	return littlefs_unlock(mount, err);
}

const struct quotactl_ops littlefs_quota_operations = {
	.get_dqblk = get_limit,
	.set_dqblk = set_limit,
};
