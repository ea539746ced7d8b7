/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs do with files, by path: for tests and fuzzers. */
#ifndef HOST_LITTLEFS_PATH_H
#define HOST_LITTLEFS_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "name.h"

/*
 * Paths have no slash at their begin and none at their end; "" is the root.  All return 0 or -errno
 * of the core, or -ENOENT, -ENOTDIR for a path that leads nowhere.
 */
int path_mkdir(struct lfs_fs *fs, const char *path);
int path_create(struct lfs_fs *fs, const char *path);
int path_mkdir_as(struct lfs_fs *fs, const char *path, const struct lfs_owner *owner);
int path_create_as(struct lfs_fs *fs, const char *path, const struct lfs_owner *owner);
int path_remove(struct lfs_fs *fs, const char *path);
int path_rename(struct lfs_fs *fs, const char *from, const char *to);

/* Each opens the file, which must exist, changes it, and syncs it. */
int path_write(struct lfs_fs *fs, const char *path, uint32_t position, const void *bytes,
	       size_t count);
int path_truncate(struct lfs_fs *fs, const char *path, uint32_t size);

/* NULL takes the attribute away. */
int path_set_attr(struct lfs_fs *fs, const char *path, uint32_t type, const void *value,
		  size_t bytes);

/* Finds an entry; -EINVAL for the root, which has none. */
int path_find(struct lfs_fs *fs, const char *path, struct lfs_entry *entry);

#endif
