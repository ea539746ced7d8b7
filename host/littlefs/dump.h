/* SPDX-License-Identifier: GPL-2.0-only */
/* What is on a medium: superblock, global state, all pairs with their entries, blocks in use. */
#ifndef HOST_LITTLEFS_DUMP_H
#define HOST_LITTLEFS_DUMP_H

#include "fs.h"
#include "out.h"

/* Returns 0, -EUCLEAN, -EIO or -ENOMEM; what was found before an error is printed. */
int dump_print(struct lfs_fs *fs, struct out *out);

#endif
