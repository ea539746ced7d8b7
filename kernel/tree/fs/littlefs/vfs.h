/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mounted littlefs as Linux sees it: what the rooms of the VFS layer share.
 *
 * The core lets one task in at a time.  Each call of it is between
 * littlefs_lock() and littlefs_unlock(), and in between no page is locked and
 * no memory of user space is touched, which may be a page of this filesystem.
 * The locks in their order: of an inode, of a page, of the mount.
 */
#ifndef _LITTLEFS_VFS_H
#define _LITTLEFS_VFS_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/uidgid.h>

#include "file.h"
#include "fs.h"
#include "quota.h"

struct mtd_info;

/* The buffer of an open file: larger ones are kept in blocks of their own. */
#define LITTLEFS_FILE_BYTES	512

/* What goes between user space and the core at once, on the stack. */
#define LITTLEFS_PIECE_BYTES	256

/**
 * struct littlefs_options - the mount options
 * @uid: "uid", who owns what does not say whose it is
 * @gid: "gid", the same
 * @mode: "mode", of files that do not say it; who may read a directory that
 *	does not may search it
 * @has_quota: "usrquota"
 * @keeps_mtime: "mtime"
 */
struct littlefs_options {
	kuid_t uid;
	kgid_t gid;
	umode_t mode;
	bool has_quota;
	bool keeps_mtime;
};

/**
 * struct littlefs_mount - a mounted filesystem; s_fs_info of its super-block
 * @device: of the core
 * @mtd: what is behind @device; the super-block has the reference
 * @name: of @mtd, for messages
 * @lock: for all that follows
 * @flags: of the task that has @lock, to be restored after that
 * @fs: of the core
 * @changes: how often something may have changed its place
 * @buffered: the inodes of which somebody uses the buffer
 * @options: of the mount
 * @quota: who has how much, if the options say so
 * @has_complained: of damage
 * @has_given_up: on writing
 * @buffer_bytes: of @buffer, a multiple of the program unit
 * @buffer: what the core programs from
 */
struct littlefs_mount {
	struct lfs_device device;
	struct mtd_info *mtd;
	const char *name;
	struct mutex lock;
	unsigned int flags;
	struct lfs_fs fs;
	u32 changes;
	struct list_head buffered;
	struct littlefs_options options;
	struct lfs_quota quota;
	bool has_complained;
	bool has_given_up;
	u32 buffer_bytes;
	u8 buffer[] __aligned(ARCH_KMALLOC_MINALIGN);
};

/**
 * struct littlefs_inode - a file or a directory
 * @vfs: of Linux
 * @file: of the core; of a directory its node alone, which has no place but a
 *	head
 * @is_held: the core knows of it
 * @users: of the buffer of @file
 * @link: in the list of those with users
 */
struct littlefs_inode {
	struct inode vfs;
	struct lfs_file file;
	bool is_held;
	u32 users;
	struct list_head link;
};

static inline struct littlefs_mount *
littlefs_mount_of(const struct inode *inode)
{
	return inode->i_sb->s_fs_info;
}

static inline struct littlefs_inode *littlefs_inode_of(struct inode *inode)
{
	return container_of(inode, struct littlefs_inode, vfs);
}

/* Super-blocks: vfs_super.c */
void littlefs_lock(struct littlefs_mount *mount);

/**
 * littlefs_unlock - let others in
 * @err: what the core has returned
 *
 * Damage is logged, once for each mount.
 *
 * Return: @err.
 */
int littlefs_unlock(struct littlefs_mount *mount, int err);

/* The device of the core on a partition: vfs_mtd.c */
void littlefs_mtd_init(struct littlefs_mount *mount, struct mtd_info *mtd);

/* Inodes: vfs_inode.c */
int littlefs_inode_init_cache(void);
void littlefs_inode_destroy_cache(void);
struct inode *littlefs_inode_alloc(struct super_block *sb);
void littlefs_inode_free(struct inode *inode);
void littlefs_inode_evict(struct inode *inode);
int littlefs_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
		     struct iattr *attr);

/*
 * What an inode is called by number, for as long as it has that name in that
 * directory: two may have the same one.
 */
unsigned long littlefs_inode_number(const struct inode *dir, const void *name,
				    u32 bytes);

/* An inode that is nothing yet: NULL when there is no memory. */
struct inode *littlefs_inode_new(struct super_block *sb, unsigned long number);

/*
 * Makes it what an entry says.  The lock of the mount is held.  Returns 0 or
 * -errno.
 */
int littlefs_inode_set(struct inode *inode, const struct lfs_entry *entry);

/* The root directory, or an error. */
struct inode *littlefs_inode_root(struct super_block *sb);

/**
 * littlefs_place - find the entry of an inode
 * @pair, @id: out: as lfs_owner_load() takes it
 *
 * The lock of the mount is held.  Return: 0, -ENOENT when it has no name any
 * more, -EUCLEAN, -EIO.
 */
int littlefs_place(struct inode *inode, u32 pair[2], u32 *id);

/**
 * littlefs_size_update - tell Linux how long a file is now
 * @size: as the core says
 *
 * The lock of the inode is held.
 */
void littlefs_size_update(struct inode *inode, u32 size);

/* Owners: vfs_owner.c */

/**
 * littlefs_owner_load - give an inode the owner that its entry has
 * @kind: S_IFREG or S_IFDIR
 * @uid: out: as it is on the medium, which may be nobody's
 *
 * The lock of the mount is held.  Return: 0 or -errno.
 */
int littlefs_owner_load(struct inode *inode, umode_t kind, const u32 pair[2],
			u32 id, u32 *uid);

/* Whose that will be which the task makes. */
struct lfs_owner littlefs_owner_new(umode_t mode);

/**
 * littlefs_owner_change - chown(2) and chmod(2)
 *
 * The lock of the inode is held.  Return: 0; -EPERM for a mode that the medium
 * has no place for; or as lfs_owner_set().
 */
int littlefs_owner_change(struct inode *inode, const struct iattr *attr);

/* Times of changes: vfs_time.c */

/* The contents of a directory or file have changed, or are about to. */
void littlefs_time_touch(struct inode *inode);

/* The time that an entry has, if times are kept.  Returns 0 or -errno. */
int littlefs_time_load(struct inode *inode, const u32 pair[2], u32 id);

/* utimensat(2); the lock of the inode is held.  Returns 0 or -errno. */
int littlefs_time_change(struct inode *inode, const struct iattr *attr);

/* Buffers of files that are written to, or removed: vfs_buffer.c */

/**
 * littlefs_buffer_hold - see to it that a file has a buffer
 *
 * Return: 0 or -ENOMEM.
 */
int littlefs_buffer_hold(struct inode *inode);

/**
 * littlefs_buffer_drop - the end of littlefs_buffer_hold()
 *
 * The last user's end is a sync.  If that fails, the file is again what it is
 * on the medium.  The lock of the inode is held.
 */
void littlefs_buffer_drop(struct inode *inode);

/* Makes a file durable: 0 or -errno. */
int littlefs_buffer_sync(struct inode *inode);

/* Makes all files durable: 0 or the first -errno. */
int littlefs_buffer_sync_all(struct littlefs_mount *mount);

extern const struct quotactl_ops littlefs_quota_operations;
extern const struct xattr_handler *const littlefs_xattr_handlers[];
ssize_t littlefs_listxattr(struct dentry *dentry, char *list, size_t bytes);

extern const struct inode_operations littlefs_dir_inode_operations;
extern const struct file_operations littlefs_dir_operations;
extern const struct inode_operations littlefs_file_inode_operations;
extern const struct file_operations littlefs_file_operations;
extern const struct address_space_operations littlefs_address_operations;

#endif
