// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners and permissions: on the medium for what Linux made, from the mount
 * options for what somebody else did.
 */

#include <linux/cred.h>

#include "vfs.h"

static struct lfs_owner owner_of(const struct inode *inode)
{
	return (struct lfs_owner){
		.uid = i_uid_read(inode),
		.gid = i_gid_read(inode),
		.mode = inode->i_mode & LFS_MODE_MASK,
	};
}

/* There is no user with the number that stands for none. */
static void set_owner(struct inode *inode, umode_t kind,
		      const struct lfs_owner *owner)
{
	const struct littlefs_options *options =
		&littlefs_mount_of(inode)->options;

	i_uid_write(inode, owner->uid);
	i_gid_write(inode, owner->gid);
	if (!uid_valid(inode->i_uid))
		inode->i_uid = options->uid;
	if (!gid_valid(inode->i_gid))
		inode->i_gid = options->gid;
	inode->i_mode = kind | owner->mode;
}

int littlefs_owner_load(struct inode *inode, umode_t kind, const u32 pair[2],
			u32 id, u32 *uid)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	const struct littlefs_options *options = &mount->options;
	struct lfs_owner owner = {
		.uid = from_kuid(&init_user_ns, options->uid),
		.gid = from_kgid(&init_user_ns, options->gid),
		.mode = options->mode,
	};
	int err;

	if (kind == S_IFDIR)
		owner.mode |= (owner.mode & 0444) >> 2;
	err = lfs_owner_load(&mount->fs, pair, id, &owner);
	if (err)
		return err;
	set_owner(inode, kind, &owner);
	*uid = owner.uid;
	return 0;
}

struct lfs_owner littlefs_owner_new(umode_t mode)
{
	return (struct lfs_owner){
		.uid = from_kuid(&init_user_ns, current_fsuid()),
		.gid = from_kgid(&init_user_ns, current_fsgid()),
		.mode = mode & LFS_MODE_MASK,
	};
}

static bool is_same(const struct lfs_owner *one, const struct lfs_owner *other)
{
	return one->uid == other->uid && one->gid == other->gid &&
	       one->mode == other->mode;
}

/* What has no name any more has its owner in memory only. */
static int store(struct inode *inode, const struct lfs_owner *owner)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	u32 pair[2], id;
	int err;

	littlefs_lock(mount);
	err = littlefs_place(inode, pair, &id);
	if (!err)
		err = lfs_owner_set(&mount->fs, pair, id, owner);
	mount->changes++;
	return littlefs_unlock(mount, err == -ENOENT ? 0 : err);
}

int littlefs_owner_change(struct inode *inode, const struct iattr *attr)
{
	struct lfs_owner old = owner_of(inode), owner = old;

	if (attr->ia_valid & ATTR_UID)
		owner.uid = from_kuid(&init_user_ns, attr->ia_uid);
	if (attr->ia_valid & ATTR_GID)
		owner.gid = from_kgid(&init_user_ns, attr->ia_gid);
	if (attr->ia_valid & ATTR_MODE) {
		if (attr->ia_mode & S_IALLUGO & ~LFS_MODE_MASK)
			return -EPERM;
		owner.mode = attr->ia_mode & LFS_MODE_MASK;
	}
	return is_same(&owner, &old) ? 0 : store(inode, &owner);
}
