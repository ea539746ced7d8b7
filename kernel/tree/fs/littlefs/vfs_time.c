// SPDX-License-Identifier: GPL-2.0-only
/* Times of changes: of files, on the medium if the mount options say so. */

#include "mtime.h"
#include "vfs.h"

static bool keeps(const struct inode *inode)
{
	return littlefs_mount_of(inode)->options.keeps_mtime;
}

int littlefs_time_load(struct inode *inode, const u32 pair[2], u32 id)
{
	s64 seconds;
	int err;

	if (!keeps(inode))
		return 0;
	err = lfs_mtime_load(&littlefs_mount_of(inode)->fs, pair, id, &seconds);
	if (!err) {
		inode_set_mtime(inode, seconds, 0);
		inode_set_ctime(inode, seconds, 0);
	}
	return err;
}

/* The next commit of the contents has it with it. */
static void note(struct inode *inode, s64 seconds)
{
	struct lfs_file *file = &littlefs_inode_of(inode)->file;

	lfs_mtime_encode(seconds, file->time);
	file->has_time = true;
}

void littlefs_time_touch(struct inode *inode)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct timespec64 now = inode_set_ctime_current(inode);

	inode_set_mtime_to_ts(inode, now);
	if (!S_ISREG(inode->i_mode) || !keeps(inode))
		return;
	littlefs_lock(mount);
	note(inode, now.tv_sec);
	littlefs_unlock(mount, 0);
}

int littlefs_time_change(struct inode *inode, const struct iattr *attr)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	u32 pair[2], id;
	int err;

	if (!(attr->ia_valid & ATTR_MTIME) || !S_ISREG(inode->i_mode) ||
	    !keeps(inode))
		return 0;
	littlefs_lock(mount);
	note(inode, attr->ia_mtime.tv_sec);
	err = littlefs_place(inode, pair, &id);
	if (!err)
		err = lfs_mtime_set(&mount->fs, pair, id,
				   attr->ia_mtime.tv_sec);
	mount->changes++;
	return littlefs_unlock(mount, err == -ENOENT ? 0 : err);
}
