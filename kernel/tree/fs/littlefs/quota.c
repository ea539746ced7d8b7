// SPDX-License-Identifier: GPL-2.0-only
/* How many blocks each owner has, and may have. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "file.h"
#include "pair.h"
#include "quota.h"

enum { ACCOUNT_ROOT, ACCOUNT_OTHERS, ACCOUNTS_FIXED };

void lfs_quota_init(struct lfs_quota *quota, bool is_enforced,
		    u32 missing_owner)
{
	*quota = (struct lfs_quota){
		.is_enforced = is_enforced,
		.missing_owner = missing_owner,
		.count = ACCOUNTS_FIXED,
		.accounts[ACCOUNT_OTHERS].owner = LFS_OWNER_OTHERS,
	};
}

static struct lfs_account *find_own(struct lfs_quota *quota, u32 owner)
{
	u32 i;

	for (i = 0; i < quota->count; i++)
		if (quota->accounts[i].owner == owner)
			return &quota->accounts[i];
	return NULL;
}

static bool is_unused(const struct lfs_account *account)
{
	return !account->used && !account->limit;
}

/* A new account, or NULL when there are no more. */
static struct lfs_account *open_account(struct lfs_quota *quota, u32 owner)
{
	u32 i = ACCOUNTS_FIXED;

	while (i < quota->count && !is_unused(&quota->accounts[i]))
		i++;
	if (i == ARRAY_SIZE(quota->accounts))
		return NULL;
	if (i == quota->count)
		quota->count++;
	quota->accounts[i] = (struct lfs_account){ .owner = owner };
	return &quota->accounts[i];
}

/* The account that an owner's blocks are charged to. */
static struct lfs_account *find_charged(struct lfs_quota *quota, u32 owner)
{
	struct lfs_account *account = find_own(quota, owner);

	if (!account)
		account = open_account(quota, owner);
	return account ? account : &quota->accounts[ACCOUNT_OTHERS];
}

/* Blocks that others than owner 0 have or may have. */
static u32 count_promised(const struct lfs_quota *quota)
{
	u32 blocks = 0, i;

	for (i = ACCOUNT_ROOT + 1; i < quota->count; i++)
		blocks += max(quota->accounts[i].used,
			      quota->accounts[i].limit);
	return blocks;
}

int lfs_quota_get(struct lfs_fs *fs, u32 owner, struct lfs_account *account)
{
	const struct lfs_account *own;
	int err = lfs_quota_count(fs);

	if (err)
		return err;
	own = find_own(fs->quota, owner);
	*account = own ? *own : (struct lfs_account){ .owner = owner };
	return 0;
}

int lfs_quota_set(struct lfs_fs *fs, u32 owner, u32 limit)
{
	struct lfs_quota *quota = fs->quota;
	struct lfs_account *own;
	u32 reserved, old_limit;
	int err = owner && owner != LFS_OWNER_OTHERS ? 0 : -EINVAL;

	if (!err)
		err = lfs_quota_count(fs);
	if (err)
		return err;
	own = find_own(quota, owner);
	if (!own) {
		own = open_account(quota, owner);
		/* Some of what the others have may be his. */
		quota->is_counted = !quota->accounts[ACCOUNT_OTHERS].used;
	}
	if (!own)
		return -EUSERS;
	old_limit = own->limit;
	reserved = LFS_QUOTA_SPARE +
		   max_t(u32, quota->accounts[ACCOUNT_ROOT].used,
			 LFS_QUOTA_ROOT);
	own->limit = min(limit, fs->block_count);
	if (own->limit > max(own->used, old_limit) &&
	    count_promised(quota) + reserved > fs->block_count) {
		own->limit = old_limit;
		return -ENOSPC;
	}
	return 0;
}

int lfs_quota_charge(struct lfs_fs *fs, u32 owner, u32 blocks)
{
	struct lfs_quota *quota = fs->quota;
	struct lfs_account *account;

	if (!quota || !quota->is_counted)
		return 0;
	account = find_charged(quota, owner);
	if (quota->is_enforced && owner &&
	    account->used + blocks > account->limit)
		return -EDQUOT;
	if (quota->is_enforced && !owner &&
	    count_promised(quota) + account->used + blocks + LFS_QUOTA_SPARE >
		    fs->block_count)
		return -ENOSPC;
	account->used += blocks;
	return 0;
}

void lfs_quota_add(struct lfs_fs *fs, u32 owner, u32 blocks)
{
	if (fs->quota && fs->quota->is_counted && blocks)
		find_charged(fs->quota, owner)->used += blocks;
}

void lfs_quota_forget(struct lfs_fs *fs)
{
	if (fs->quota)
		fs->quota->is_counted = false;
}

void lfs_quota_release(struct lfs_fs *fs, u32 owner, u32 blocks)
{
	struct lfs_account *account;

	if (!fs->quota || !fs->quota->is_counted || !blocks)
		return;
	account = find_charged(fs->quota, owner);
	/* Some were charged to the others, while there was no account for him. */
	if (account->used < blocks)
		lfs_quota_forget(fs);
	else
		account->used -= blocks;
}

/*
 * Blocks of the medium's contents, of those that will take their place, and of
 * those that are being written: the second begin with blocks of the first, the
 * third with blocks of the second.
 */
static u32 count_held(const struct lfs_fs *fs, struct lfs_file *file)
{
	u32 blocks = file->is_inline ? 0 : lfs_ctz_blocks(fs, file->ctz.size);

	file->shared_blocks = min(file->shared_blocks, blocks);
	blocks += file->stored_blocks - file->shared_blocks;
	return file->stream.is_active ? blocks + file->stream.blocks : blocks;
}

void lfs_quota_file(struct lfs_fs *fs, struct lfs_file *file)
{
	u32 held = count_held(fs, file);

	if (held < file->charged_blocks)
		lfs_quota_release(fs, file->owner, file->charged_blocks - held);
	else
		lfs_quota_add(fs, file->owner, held - file->charged_blocks);
	file->charged_blocks = held;
}

void lfs_quota_leave(struct lfs_fs *fs, const struct lfs_holding *holding)
{
	if (!holding->file) {
		lfs_quota_release(fs, holding->owner, holding->blocks);
		return;
	}
	holding->file->stored_blocks = 0;
	holding->file->shared_blocks = 0;
	lfs_quota_file(fs, holding->file);
}
