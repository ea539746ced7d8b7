/* SPDX-License-Identifier: GPL-2.0-only */
/* Directories: their entries, one after the other or by name. */
#ifndef _LITTLEFS_DIR_H
#define _LITTLEFS_DIR_H

#include "ctz.h"
#include "fs.h"

/**
 * struct lfs_entry - an entry of a directory, valid until the next change
 * @pair: the pair it is in
 * @id: its id there
 * @name_block, @name_at: where its name is
 * @name_bytes: length of its name, 1 to LFS_NAME_MAX_BYTES
 * @is_dir: a directory, otherwise a regular file
 * @child: of a directory: the pair it begins in
 * @is_inline: of a file: its data are in the log
 * @inline_at: of an inline file: where, in the current block of @pair
 * @ctz: of a file: its size, and its last block if it is not inline
 */
struct lfs_entry {
	u32 pair[2];
	u32 id;
	u32 name_block;
	u32 name_at;
	u32 name_bytes;
	bool is_dir;
	bool is_inline;
	u32 child[2];
	u32 inline_at;
	struct lfs_ctz ctz;
};

/**
 * struct lfs_dir - a directory that is being read; valid until the next change
 * @pair: the pair that is being read
 * @id: the next entry there
 * @pairs_left: how many more pairs there can be
 */
struct lfs_dir {
	u32 pair[2];
	u32 id;
	u32 pairs_left;
};

/* A directory from its start; @pair is the one it begins in. */
struct lfs_dir lfs_dir_make(const struct lfs_fs *fs, const u32 pair[2]);

/**
 * lfs_dir_next - read the next entry
 *
 * Entries that are about to be moved away and names that no path can have are
 * passed over.
 *
 * Return: 1; 0 at the end; -EUCLEAN, -EIO. After -EUCLEAN for one entry the
 * next call reads on behind it; an end is reached in any case.
 */
int lfs_dir_next(struct lfs_fs *fs, struct lfs_dir *dir,
		 struct lfs_entry *entry);

/**
 * lfs_dir_find - find an entry by name
 * @pair: the pair the directory begins in
 *
 * A directory that is not sorted as upstream does it is searched to its end.
 *
 * Return: 0, -ENOENT, -EUCLEAN, -EIO.
 */
int lfs_dir_find(struct lfs_fs *fs, const u32 pair[2], const void *name,
		 u32 name_bytes, struct lfs_entry *entry);

/**
 * lfs_entry_load - read an entry by its place
 *
 * Return: 0, -ENOENT when there is none, -EUCLEAN, -EIO.
 */
int lfs_entry_load(struct lfs_fs *fs, const u32 pair[2], u32 id,
		   struct lfs_entry *entry);

/**
 * lfs_name_compare - compare a name on the medium with another one
 * @block, @at, @bytes: where it is
 * @order: out: below, equal to or above 0, for what is on the medium
 *
 * Of a name and the begin of it the longer one comes first, as upstream has it.
 *
 * Return: 0, -EUCLEAN, -EIO.
 */
int lfs_name_compare(const struct lfs_fs *fs, u32 block, u32 at, u32 bytes,
		     const void *name, u32 name_bytes, int *order);

/**
 * lfs_name_order - compare a name on the medium with another one
 * @slot: of the pair in fs->table
 * @order: out: below, equal to or above 0, for what is on the medium
 *
 * seen: bytes are unsigned, and of two names of which one begins with the other
 * the longer comes first.
 */
int lfs_name_order(const struct lfs_fs *fs, const struct lfs_slot *slot,
		   const void *name, u32 name_bytes, int *order);

#endif
