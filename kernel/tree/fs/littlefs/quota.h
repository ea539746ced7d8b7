/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many blocks each owner may have.
 *
 * Each block in use is charged to one owner: those of the contents of a file to
 * the file's, those of a directory to the directory's; what an open file has
 * besides what is on the medium too. That is all there is to run out of, so
 * that nothing gets past it. Nothing of it is on the medium: whose blocks are
 * is counted there.
 *
 * What an owner has a limit for is promised to him: all the promises together
 * fit the medium, and the owner 0, who has no limit, gets what was promised to
 * nobody.
 */
#ifndef _LITTLEFS_QUOTA_H
#define _LITTLEFS_QUOTA_H

#include "dir.h"
#include "fs.h"
#include "owner.h"

/* Owners besides those that have neither blocks nor a limit. */
#define LFS_ACCOUNTS_MAX	32

/* The owners who found no account, together. */
#define LFS_OWNER_OTHERS	0xffffffffu

/* In blocks: what no limit reserves, for pairs that have to move. */
#define LFS_QUOTA_SPARE		2

/* In blocks: what no limit takes from owner 0. */
#define LFS_QUOTA_ROOT		4

/**
 * struct lfs_account - what an owner has
 * @owner: a uid
 * @used: in blocks
 * @limit: in blocks; of owner 0 without meaning
 */
struct lfs_account {
	u32 owner;
	u32 used;
	u32 limit;
};

/**
 * struct lfs_quota - the accounts of a filesystem; owned by the caller
 * @is_counted: each @used is right
 * @is_enforced: limits are
 * @missing_owner: whose entries are that do not say it
 * @count: of @accounts
 * @accounts: the first is that of owner 0, the second of LFS_OWNER_OTHERS
 */
struct lfs_quota {
	bool is_counted;
	bool is_enforced;
	u32 missing_owner;
	u32 count;
	struct lfs_account accounts[LFS_ACCOUNTS_MAX];
};

/* Accounts without blocks or limits: fs->quota may be set to it then. */
void lfs_quota_init(struct lfs_quota *quota, bool is_enforced,
		    u32 missing_owner);

/**
 * lfs_quota_count - count who has how much
 *
 * Does nothing if that is known, or not wanted. Not in the middle of an
 * operation; fs->table is lost. Return: 0, -EUCLEAN, -EIO.
 */
int lfs_quota_count(struct lfs_fs *fs);

/**
 * lfs_quota_get - what an owner has
 * @account: out; zeros for an owner without an account
 *
 * Return: as lfs_quota_count().
 */
int lfs_quota_get(struct lfs_fs *fs, u32 owner, struct lfs_account *account);

/**
 * lfs_quota_set - promise an owner blocks
 * @limit: in blocks; below what he has, he gets no more
 *
 * Return: 0; -ENOSPC when that cannot be kept besides what was promised before;
 * -EUSERS when there is no account for him; -EINVAL for owner 0; or as
 * lfs_quota_count().
 */
int lfs_quota_set(struct lfs_fs *fs, u32 owner, u32 limit);

/**
 * lfs_quota_charge - before blocks are allocated
 *
 * Return: 0; -EDQUOT when the owner may not have them; -ENOSPC when they were
 * promised to others.
 */
int lfs_quota_charge(struct lfs_fs *fs, u32 owner, u32 blocks);

/* Of blocks that are in use, whatever the limit is. */
void lfs_quota_add(struct lfs_fs *fs, u32 owner, u32 blocks);

/* After blocks have become free. */
void lfs_quota_release(struct lfs_fs *fs, u32 owner, u32 blocks);

/* Something failed in the middle: what is used is counted anew. */
void lfs_quota_forget(struct lfs_fs *fs);

/**
 * lfs_quota_file - after a file has got other blocks
 *
 * Those that it has are charged, and no others.
 */
void lfs_quota_file(struct lfs_fs *fs, struct lfs_file *file);

/**
 * lfs_quota_pair_owner - find whose the directory is that a pair belongs to
 *
 * fs->table is lost. Without quotas nothing is read. Return: 0, -EUCLEAN, -EIO.
 */
int lfs_quota_pair_owner(struct lfs_fs *fs, const u32 blocks[2], u32 *owner);

/**
 * struct lfs_holding - what an entry holds
 * @owner: whose it is
 * @blocks: how many blocks
 * @file: the open file that it is, or NULL
 */
struct lfs_holding {
	u32 owner;
	u32 blocks;
	struct lfs_file *file;
};

/*
 * What an entry holds; without quotas, nothing. fs->table is lost. Returns 0,
 * -EUCLEAN, -EIO.
 */
int lfs_quota_find(struct lfs_fs *fs, const struct lfs_entry *entry,
		   struct lfs_holding *holding);

/* The same of what is at a place, which may be that of the root directory. */
int lfs_quota_find_at(struct lfs_fs *fs, const u32 pair[2], u32 id,
		      struct lfs_holding *holding);

/* After the entry has gone: an open file keeps what it has until it is closed. */
void lfs_quota_leave(struct lfs_fs *fs, const struct lfs_holding *holding);

#endif
