/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The global state: what a power cut may have left to be finished. It is the
 * XOR of the shares of all pairs, so that any commit can change it.
 */
#ifndef _LITTLEFS_GSTATE_H
#define _LITTLEFS_GSTATE_H

#include "fs.h"

/**
 * lfs_gstate_add - XOR the share of a pair into a state
 */
static inline void lfs_gstate_add(u32 state[3], const u32 delta[3])
{
	u32 i;

	for (i = 0; i < 3; i++)
		state[i] ^= delta[i];
}

static inline bool lfs_gstate_has_move(const struct lfs_fs *fs)
{
	return lfs_tag_type(fs->gstate[0]) == LFS_GSTATE_MOVE_TYPE;
}

/* Whether the list of pairs may not be in step with the tree. */
static inline bool lfs_gstate_has_orphans(const struct lfs_fs *fs)
{
	return fs->gstate[0] & LFS_GSTATE_ORPHANS;
}

/* The bytes of a share. */
void lfs_gstate_encode(const u32 delta[3], void *bytes);

/* Sets or clears what the list has too much; keeps the rest. */
void lfs_gstate_set_orphans(struct lfs_fs *fs, bool has_orphans);

/* Sets or clears the entry that has been moved away; keeps the rest. */
void lfs_gstate_set_move(struct lfs_fs *fs, const u32 pair[2], u32 id);
void lfs_gstate_clear_move(struct lfs_fs *fs);

/* Whether a state can be one of a sound medium. */
bool lfs_gstate_is_sound(const struct lfs_fs *fs);

/* Whether an entry has been moved away, so that it is to be seen no more. */
bool lfs_gstate_has_moved(const struct lfs_fs *fs, const u32 pair[2], u32 id);

#endif
