// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device of apps does not need, refused to all but the one that needs
 * it, whatever user or Linux capabilities a task has.
 */

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/ptrace.h>
#include <linux/socket.h>
#include <linux/spherule/lsm.h>

#include "identity.h"

static int manager_only(void)
{
	return spherule_is_manager() ? 0 : -EPERM;
}

static int spherule_sb_mount(const char *dev_name, const struct path *path,
			     const char *type, unsigned long flags, void *data)
{
	return manager_only();
}

static int spherule_sb_umount(struct vfsmount *mnt, int flags)
{
	return manager_only();
}

static int spherule_sb_pivotroot(const struct path *old_path,
				 const struct path *new_path)
{
	return manager_only();
}

static int spherule_sb_remount(struct super_block *sb, void *mnt_opts)
{
	return manager_only();
}

static int spherule_move_mount(const struct path *from_path,
			       const struct path *to_path)
{
	return manager_only();
}

static int spherule_inode_mknod(struct inode *dir, struct dentry *dentry,
				umode_t mode, dev_t dev)
{
	return S_ISCHR(mode) || S_ISBLK(mode) ? manager_only() : 0;
}

static int spherule_userns_create(const struct cred *cred)
{
	return -EPERM;
}

/* Reading counts too: /proc/<pid> of another component. */
static int spherule_ptrace_access_check(struct task_struct *child,
					unsigned int mode)
{
	int err = -EPERM;

	if (mode & PTRACE_MODE_ATTACH)
		return -EPERM;
	rcu_read_lock();
	if (spherule_is_manager() ||
	    spherule_same_component(current_cred(), __task_cred(child)))
		err = 0;
	rcu_read_unlock();
	return err;
}

static int spherule_ptrace_traceme(struct task_struct *parent)
{
	return -EPERM;
}

/* The same user is not enough: signals stay inside a component. */
static int spherule_task_kill(struct task_struct *target,
			      struct kernel_siginfo *info, int sig,
			      const struct cred *cred)
{
	int err = -EPERM;

	rcu_read_lock();
	if (spherule_is_manager() ||
	    spherule_same_component(cred ? cred : current_cred(),
				    __task_cred(target)))
		err = 0;
	rcu_read_unlock();
	return err;
}

static int spherule_socket_create(int family, int type, int protocol, int kern)
{
	if (kern || family == PF_UNIX)
		return 0;
	if (family == PF_NETLINK)
		return spherule_capable(SPHERULE_CAP_NETWORK_CONFIG) ? 0 :
								       -EPERM;
	if (family != PF_INET)
		return -EAFNOSUPPORT;
	return type == SOCK_STREAM || type == SOCK_DGRAM ? 0 : -EPERM;
}

/* Effective, saved and filesystem ids always are the real ones: nothing is kept to come back to. */
static int spherule_task_fix_setuid(struct cred *new, const struct cred *old,
				    int flags)
{
	if (uid_eq(new->uid, new->euid) && uid_eq(new->uid, new->suid) &&
	    uid_eq(new->uid, new->fsuid))
		return 0;
	return -EPERM;
}

static int spherule_task_fix_setgid(struct cred *new, const struct cred *old,
				    int flags)
{
	if (gid_eq(new->gid, new->egid) && gid_eq(new->gid, new->sgid) &&
	    gid_eq(new->gid, new->fsgid))
		return 0;
	return -EPERM;
}

static struct security_hook_list refuse_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(sb_mount, spherule_sb_mount),
	LSM_HOOK_INIT(sb_umount, spherule_sb_umount),
	LSM_HOOK_INIT(sb_pivotroot, spherule_sb_pivotroot),
	LSM_HOOK_INIT(sb_remount, spherule_sb_remount),
	LSM_HOOK_INIT(move_mount, spherule_move_mount),
	LSM_HOOK_INIT(inode_mknod, spherule_inode_mknod),
	LSM_HOOK_INIT(userns_create, spherule_userns_create),
	LSM_HOOK_INIT(ptrace_access_check, spherule_ptrace_access_check),
	LSM_HOOK_INIT(ptrace_traceme, spherule_ptrace_traceme),
	LSM_HOOK_INIT(task_kill, spherule_task_kill),
	LSM_HOOK_INIT(socket_create, spherule_socket_create),
	LSM_HOOK_INIT(task_fix_setuid, spherule_task_fix_setuid),
	LSM_HOOK_INIT(task_fix_setgid, spherule_task_fix_setgid),
};

void __init spherule_add_refuse_hooks(void)
{
	security_add_hooks(refuse_hooks, ARRAY_SIZE(refuse_hooks),
			   &spherule_lsm_id);
}
