/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that holds the bytes of a flash. */
#ifndef HOST_LITTLEFS_IMAGE_H
#define HOST_LITTLEFS_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "flash.h"
#include "fs.h"

struct image {
	uint8_t *bytes;		/* mapped; what is written is written to the file */
	size_t size;
};

/* Returns 0 or -errno; -EFBIG for files of 4 GiB and more. */
int image_open(struct image *image, const char *path, int writable);
void image_close(struct image *image);

/*
 * Mounts what is in @image.  With a @block_bytes of 0 the block size is found by trying.  Returns
 * as lfs_mount().
 */
int image_mount(struct image *image, uint32_t block_bytes, struct flash *flash, struct lfs_fs *fs);

/* What the core's errors say of a medium; for people. */
const char *image_error_text(int error);

#endif
