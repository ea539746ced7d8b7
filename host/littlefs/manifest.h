/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a filesystem shows, a line each: directories, files and user attributes.
 *
 *	d - - PATH
 *	f SIZE SHA256 PATH
 *	a TYPE:LENGTH SHA256 PATH
 *
 * Sorted by path, as escape() writes it, attributes behind what they belong to.
 */
#ifndef HOST_LITTLEFS_MANIFEST_H
#define HOST_LITTLEFS_MANIFEST_H

#include <stdio.h>

#include "fs.h"

/*
 * Walks the whole tree and reads all files.  Nothing is printed after an error: -EUCLEAN, also for
 * a directory that can be reached in two ways, -EIO, -ENOMEM.  @out may be NULL.
 */
int manifest_print(struct lfs_fs *fs, FILE *out);

#endif
