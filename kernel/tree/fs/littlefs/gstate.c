// SPDX-License-Identifier: GPL-2.0-only
/* The global state: what a power cut may have left to be finished. */

#include <linux/unaligned.h>

#include "gstate.h"
#include "pair.h"

bool lfs_gstate_is_sound(const struct lfs_fs *fs)
{
	u32 word = fs->gstate[0] & ~LFS_GSTATE_ORPHANS;

	if (!lfs_tag_type(word))
		return true;
	return lfs_gstate_has_move(fs) && lfs_pair_is_sound(fs, fs->gstate + 1);
}

bool lfs_gstate_has_moved(const struct lfs_fs *fs, const u32 pair[2], u32 id)
{
	return lfs_gstate_has_move(fs) && lfs_tag_id(fs->gstate[0]) == id &&
	       lfs_pair_shares(fs->gstate + 1, pair);
}

void lfs_gstate_encode(const u32 delta[3], void *bytes)
{
	u32 i;

	for (i = 0; i < 3; i++)
		put_unaligned_le32(delta[i], (u8 *)bytes + 4 * i);
}

void lfs_gstate_set_orphans(struct lfs_fs *fs, bool has_orphans)
{
	fs->gstate[0] &= ~LFS_GSTATE_ORPHANS;
	if (has_orphans)
		fs->gstate[0] |= LFS_GSTATE_ORPHANS;
}

void lfs_gstate_set_move(struct lfs_fs *fs, const u32 pair[2], u32 id)
{
	fs->gstate[0] = (fs->gstate[0] & LFS_GSTATE_ORPHANS) |
			lfs_tag(LFS_GSTATE_MOVE_TYPE, id, 0);
	fs->gstate[1] = pair[0];
	fs->gstate[2] = pair[1];
}

void lfs_gstate_clear_move(struct lfs_fs *fs)
{
	fs->gstate[0] &= LFS_GSTATE_ORPHANS;
	fs->gstate[1] = 0;
	fs->gstate[2] = 0;
}
