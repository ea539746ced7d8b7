// SPDX-License-Identifier: GPL-2.0-only
/* Giving entries, and the blocks that they hold, to other owners. */

#include <linux/errno.h>

#include "attr.h"
#include "file.h"
#include "quota.h"
#include "recover.h"

static int store(struct lfs_fs *fs, const u32 pair[2], u32 id,
		 const struct lfs_owner *owner)
{
	u8 stored[LFS_OWNER_BYTES];

	lfs_owner_encode(owner, stored);
	return lfs_attr_set(fs, pair, id, LFS_ATTR_OWNER, stored,
			    sizeof(stored));
}

int lfs_owner_set(struct lfs_fs *fs, const u32 pair[2], u32 id,
		  const struct lfs_owner *owner)
{
	struct lfs_holding holding = { .owner = owner->uid };
	struct lfs_node place = { .pair = { pair[0], pair[1] }, .id = id };
	bool moves;
	int err = lfs_start_change_at(fs, &place);

	if (!err)
		err = lfs_quota_find_at(fs, place.pair, place.id, &holding);
	if (err)
		return err;
	moves = holding.owner != owner->uid;
	if (moves)
		err = lfs_quota_charge(fs, owner->uid, holding.blocks);
	if (err)
		return err;
	err = store(fs, place.pair, place.id, owner);
	if (err && moves)
		lfs_quota_release(fs, owner->uid, holding.blocks);
	if (err || !moves)
		return err;
	lfs_quota_release(fs, holding.owner, holding.blocks);
	if (holding.file)
		holding.file->owner = owner->uid;
	return 0;
}
