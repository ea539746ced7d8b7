/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of directories.
 *
 * Each is done as a whole, whatever happens to the power, but for the room that
 * one may leave to be taken back. All of them return 0; -EROFS; -ENOSPC, and
 * nothing has changed; -EUCLEAN; -EIO; or as named.
 */
#ifndef _LITTLEFS_NAME_H
#define _LITTLEFS_NAME_H

#include "dir.h"
#include "node.h"
#include "owner.h"

/**
 * struct lfs_name_ref - a name in a directory
 * @dir: the pair that the directory begins in, found after
 *	lfs_start_change(), which may move it
 * @text: the name, a component of a path
 * @bytes: its length
 * @owner: of an entry that is made, or NULL
 */
struct lfs_name_ref {
	u32 dir[2];
	const void *text;
	u32 bytes;
	const struct lfs_owner *owner;
};

/**
 * struct lfs_spot - where a name is in a directory, or has to go
 * @node: the place: that of the entry with this name, or of the one before
 *	which it belongs
 * @exists: there is such an entry
 */
struct lfs_spot {
	struct lfs_node node;
	bool exists;
};

/* Finds the spot of a name. fs->table is lost. Returns 0, -EUCLEAN, -EIO. */
int lfs_find_spot(struct lfs_fs *fs, const struct lfs_name_ref *name,
		  struct lfs_spot *spot);

/* Makes a file without contents. Also -EEXIST, -ENAMETOOLONG. */
int lfs_create(struct lfs_fs *fs, const struct lfs_name_ref *name);

/* Makes a directory. Also -EEXIST, -ENAMETOOLONG. */
int lfs_mkdir(struct lfs_fs *fs, const struct lfs_name_ref *name);

/*
 * Removes a file or an empty directory. Also -ENOENT, -ENOTEMPTY. Open files
 * keep their contents until they are closed.
 */
int lfs_remove(struct lfs_fs *fs, const struct lfs_name_ref *name);

/*
 * Renames an entry, over another one if there is. Also -ENOENT, -ENAMETOOLONG,
 * -EISDIR, -ENOTDIR, -ENOTEMPTY. That a directory does not come to be below
 * itself is for the caller to see to.
 */
int lfs_rename(struct lfs_fs *fs, const struct lfs_name_ref *from,
	       const struct lfs_name_ref *to);

/* Whether a directory has no entries: 1, 0 or -errno. */
int lfs_dir_is_empty(struct lfs_fs *fs, const u32 pair[2]);

/* Takes all pairs of a directory without a name out of the list. */
int lfs_drop_dir(struct lfs_fs *fs, const u32 pair[2]);

#endif
