// SPDX-License-Identifier: GPL-2.0-only
/* Whose an entry is, and where the entry of a directory is. */

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "attr.h"
#include "commit.h"
#include "owner.h"
#include "pair.h"

void lfs_owner_encode(const struct lfs_owner *owner, u8 stored[LFS_OWNER_BYTES])
{
	put_unaligned_le32(owner->uid, stored);
	put_unaligned_le32(owner->gid, stored + 4);
	put_unaligned_le32(owner->mode, stored + 8);
}

int lfs_owner_load(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   struct lfs_owner *owner)
{
	u8 stored[LFS_OWNER_BYTES];
	int bytes = lfs_attr_read(fs, pair, id, LFS_ATTR_OWNER, stored,
				  sizeof(stored));

	if (bytes < 0)
		return bytes == -ENODATA ? 0 : bytes;
	/* Another length is another's attribute. */
	if (bytes != sizeof(stored))
		return 0;
	owner->uid = get_unaligned_le32(stored);
	owner->gid = get_unaligned_le32(stored + 4);
	owner->mode = get_unaligned_le32(stored + 8) & LFS_MODE_MASK;
	return 0;
}

int lfs_dir_place(struct lfs_fs *fs, const u32 head[2], u32 pair[2], u32 *id)
{
	struct lfs_node parent;
	int err;

	if (lfs_pair_shares(head, fs->root)) {
		memcpy(pair, fs->root, 2 * sizeof(pair[0]));
		*id = 0;
		return 0;
	}
	err = lfs_find_parent(fs, head, &parent);
	if (err)
		return err;
	memcpy(pair, parent.pair, 2 * sizeof(pair[0]));
	*id = parent.id;
	return 0;
}
