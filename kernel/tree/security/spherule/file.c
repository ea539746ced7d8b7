// SPDX-License-Identifier: GPL-2.0-only
/* Files: no set-id bits, no links to what belongs to others, and little of procfs. */

#include <linux/ctype.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/string.h>

#include "device.h"
#include "identity.h"

static int check_mode(umode_t mode)
{
	return mode & (S_ISUID | S_ISGID) ? -EPERM : 0;
}

static int spherule_inode_create(struct inode *dir, struct dentry *dentry,
				 umode_t mode)
{
	return check_mode(mode);
}

static int spherule_inode_mknod(struct inode *dir, struct dentry *dentry,
				umode_t mode, dev_t dev)
{
	int err = check_mode(mode);

	if (!err && (S_ISCHR(mode) || S_ISBLK(mode)))
		err = spherule_trusted_only();
	return err;
}

static int spherule_inode_setattr(struct mnt_idmap *idmap,
				  struct dentry *dentry, struct iattr *attr)
{
	return attr->ia_valid & ATTR_MODE ? check_mode(attr->ia_mode) : 0;
}

static int spherule_inode_link(struct dentry *old_dentry, struct inode *dir,
			       struct dentry *new_dentry)
{
	if (spherule_is_trusted() ||
	    uid_eq(d_inode(old_dentry)->i_uid, current_fsuid()))
		return 0;
	return -EPERM;
}

/* A link in an image is root's. In RCU mode too: nothing here can sleep. */
static int spherule_inode_follow_link(struct dentry *dentry,
				      struct inode *inode, bool rcu)
{
	if (uid_eq(inode->i_uid, GLOBAL_ROOT_UID) ||
	    uid_eq(inode->i_uid, current_fsuid()))
		return 0;
	return -EACCES;
}

/* What an app may read of the state of the whole system. */
static const char *const shared_proc_files[] = { "meminfo" };

/* What is a process's by its place only: which apps are installed, and the network. */
static const char *const system_names[] = { "mounts", "mountinfo", "mountstats",
					    "net" };

static bool is_in(const char *const *names, size_t count,
		  const struct dentry *dentry)
{
	return match_string(names, count, dentry->d_name.name) >= 0;
}

static bool is_of_a_process(const struct dentry *dentry)
{
	const struct dentry *top = dentry;

	for (; !IS_ROOT(dentry); dentry = dentry->d_parent) {
		if (is_in(system_names, ARRAY_SIZE(system_names), dentry))
			return false;
		top = dentry;
	}
	return isdigit(top->d_name.name[0]);
}

/*
 * By what the file is, not by the path to it: names in procfs are for ever, and
 * every alias of a file ends at the same place. The memory of a process is not
 * written to by a file.
 */
static int check_proc_file(const struct file *file)
{
	const struct dentry *dentry = file_dentry(file);

	if (file->f_mode & FMODE_WRITE && !strcmp(dentry->d_name.name, "mem"))
		return -EPERM;
	if (spherule_is_trusted() || d_is_dir(dentry) ||
	    is_of_a_process(dentry) ||
	    is_in(shared_proc_files, ARRAY_SIZE(shared_proc_files), dentry))
		return 0;
	return -EACCES;
}

static int spherule_file_open(struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (S_ISCHR(inode->i_mode) || S_ISBLK(inode->i_mode))
		return spherule_device_check(file);
	if (inode->i_sb->s_magic == PROC_SUPER_MAGIC)
		return check_proc_file(file);
	/* No hook sees the mode of O_TMPFILE before. */
	return file->f_flags & __O_TMPFILE ? check_mode(inode->i_mode) : 0;
}

/*
 * A descriptor that comes by a socket. Devices are judged as at open(). What
 * has no inode of its own (a GPIO line, a process) is a right that was given to
 * one component and stays there.
 */
static int spherule_file_receive(struct file *file)
{
	umode_t mode = file_inode(file)->i_mode;

	if (S_ISCHR(mode) || S_ISBLK(mode))
		return spherule_device_check(file);
	if (mode & S_IFMT || spherule_is_trusted() ||
	    spherule_same_component(file->f_cred, current_cred()))
		return 0;
	return -EPERM;
}

static struct security_hook_list file_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(inode_create, spherule_inode_create),
	LSM_HOOK_INIT(inode_mknod, spherule_inode_mknod),
	LSM_HOOK_INIT(inode_setattr, spherule_inode_setattr),
	LSM_HOOK_INIT(inode_link, spherule_inode_link),
	LSM_HOOK_INIT(inode_follow_link, spherule_inode_follow_link),
	LSM_HOOK_INIT(file_open, spherule_file_open),
	LSM_HOOK_INIT(file_receive, spherule_file_receive),
};

void __init spherule_add_file_hooks(void)
{
	security_add_hooks(file_hooks, ARRAY_SIZE(file_hooks),
			   &spherule_lsm_id);
}
