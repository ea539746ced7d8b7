// SPDX-License-Identifier: GPL-2.0-only
/* Mounts and namespaces: the manager's alone; user namespaces nobody's. */

#include <linux/fs.h>

#include "identity.h"

static int spherule_sb_mount(const char *dev_name, const struct path *path,
			     const char *type, unsigned long flags, void *data)
{
	return spherule_trusted_only();
}

/*
 * A lazy unmount leaves an image in use that nobody sees any more: its flash
 * would look free while programs run from it. Not even for the manager.
 */
static int spherule_sb_umount(struct vfsmount *mnt, int flags)
{
	return flags & MNT_DETACH ? -EPERM : spherule_trusted_only();
}

static int spherule_sb_pivotroot(const struct path *old_path,
				 const struct path *new_path)
{
	return spherule_trusted_only();
}

static int spherule_sb_remount(struct super_block *sb, void *mnt_opts)
{
	return spherule_trusted_only();
}

static int spherule_move_mount(const struct path *from_path,
			       const struct path *to_path)
{
	return spherule_trusted_only();
}

static int spherule_userns_create(const struct cred *cred)
{
	return -EPERM;
}

static struct security_hook_list mount_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(sb_mount, spherule_sb_mount),
	LSM_HOOK_INIT(sb_umount, spherule_sb_umount),
	LSM_HOOK_INIT(sb_pivotroot, spherule_sb_pivotroot),
	LSM_HOOK_INIT(sb_remount, spherule_sb_remount),
	LSM_HOOK_INIT(move_mount, spherule_move_mount),
	LSM_HOOK_INIT(userns_create, spherule_userns_create),
};

void __init spherule_add_mount_hooks(void)
{
	security_add_hooks(mount_hooks, ARRAY_SIZE(mount_hooks),
			   &spherule_lsm_id);
}
