// SPDX-License-Identifier: GPL-2.0-only
/*
 * What kernel_memory.py must know of the kernel: where the members of its structures are, how
 * large they are, and some constants.
 *
 * Compiled to assembly with the command of an object of the kernel, and read from there; never
 * linked or run.
 */

#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <net/sock.h>

#include "kernel/sched/sched.h"
#include "security/spherule/identity.h"

#define MEMBER(type, member)                                      \
	asm volatile("\n.ascii \"->" #type "." #member " %0 %1\"" \
		     :                                            \
		     : "i"(offsetof(struct type, member)),        \
		       "i"(sizeof_field(struct type, member)))

#define CONSTANT(name) \
	asm volatile("\n.ascii \"->" #name " %0 0\"" : : "i"(name))

void task_members(void);
void cred_members(void);
void file_members(void);
void constants(void);

void task_members(void)
{
	MEMBER(task_struct, tasks);
	MEMBER(task_struct, thread_node);
	MEMBER(task_struct, signal);
	MEMBER(task_struct, comm);
	MEMBER(task_struct, flags);
	MEMBER(task_struct, atomic_flags);
	MEMBER(task_struct, seccomp.mode);
	MEMBER(task_struct, real_cred);
	MEMBER(task_struct, cred);
	MEMBER(task_struct, files);
	MEMBER(signal_struct, thread_head);
	MEMBER(list_head, next);
	MEMBER(list_head, prev);
	MEMBER(rq, curr);
}

void cred_members(void)
{
	MEMBER(cred, uid);
	MEMBER(cred, euid);
	MEMBER(cred, suid);
	MEMBER(cred, fsuid);
	MEMBER(cred, gid);
	MEMBER(cred, egid);
	MEMBER(cred, sgid);
	MEMBER(cred, fsgid);
	MEMBER(cred, securebits);
	MEMBER(cred, cap_inheritable);
	MEMBER(cred, cap_permitted);
	MEMBER(cred, cap_effective);
	MEMBER(cred, cap_bset);
	MEMBER(cred, cap_ambient);
	MEMBER(cred, group_info);
	MEMBER(cred, security);
	MEMBER(group_info, ngroups);
	MEMBER(group_info, gid[0]);

	MEMBER(lsm_blob_sizes, lbs_cred);
	MEMBER(spherule_cred, identity.component);
	MEMBER(spherule_cred, identity.tenant);
	MEMBER(spherule_cred, identity.capabilities);
	MEMBER(spherule_cred, assigned);
	MEMBER(spherule_cred, pending);
}

void file_members(void)
{
	MEMBER(files_struct, fdt);
	MEMBER(fdtable, max_fds);
	MEMBER(fdtable, fd);
	MEMBER(file, f_mode);
	MEMBER(file, f_inode);
	MEMBER(file, f_path.dentry);
	MEMBER(file, private_data);
	MEMBER(dentry, d_name.name);
	MEMBER(inode, i_mode);
	MEMBER(inode, i_rdev);
	MEMBER(inode, i_sb);
	MEMBER(super_block, s_type);
	MEMBER(file_system_type, name);
	MEMBER(socket, type);
	MEMBER(socket, sk);
	MEMBER(sock, __sk_common.skc_family);
	MEMBER(ipv4_devconf, data[0]);
}

void constants(void)
{
	CONSTANT(PAGE_OFFSET);
	CONSTANT(PLAT_PHYS_OFFSET);
	CONSTANT(PF_KTHREAD);
	CONSTANT(PFA_NO_NEW_PRIVS);
	CONSTANT(FMODE_READ);
	CONSTANT(FMODE_WRITE);
	CONSTANT(FMODE_PATH);
	CONSTANT(MINORBITS);
	CONSTANT(IPV4_DEVCONF_SHARED_MEDIA);
	CONSTANT(IPV4_DEVCONF_ACCEPT_REDIRECTS);
	CONSTANT(IPV4_DEVCONF_SECURE_REDIRECTS);
	CONSTANT(IPV4_DEVCONF_SEND_REDIRECTS);
	CONSTANT(IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE);
}
