/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes of a filesystem that bytes choose: what programs do, with what they hold open meanwhile. */
#ifndef HOST_LITTLEFS_FUZZ_CHANGE_H
#define HOST_LITTLEFS_FUZZ_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "file.h"

#define FUZZ_CHANGE_BYTES	3
#define FUZZ_BUFFER_BYTES	256
#define FUZZ_PATH_BYTES		80

/**
 * struct fuzz_held - what is open
 * @file: an open file, if @has_file
 * @dir: a directory, if @has_dir
 * @path: the name it had
 */
struct fuzz_held {
	struct lfs_file file;
	struct lfs_node dir;
	bool has_file, has_dir;
	char path[FUZZ_PATH_BYTES];
};

/* Makes one change; what it returns is of no interest. */
void fuzz_change(struct lfs_fs *fs, struct fuzz_held *held, const uint8_t choice[FUZZ_CHANGE_BYTES]);

void fuzz_close(struct lfs_fs *fs, struct fuzz_held *held);

#endif
