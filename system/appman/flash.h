/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the images that stand in a flash partition.
 *
 * Only application-manager can open the nodes; they are read-only.
 */
#ifndef APPMAN_FLASH_H
#define APPMAN_FLASH_H

#include <stdint.h>

#include "abi/image.h"

struct flash_walk {
	int fd;
	uint32_t partition_bytes;
	uint32_t offset;		/* of the image that flash_next() looks at next */
};

struct flash_image {
	uint32_t offset;
	uint32_t body_bytes;
	struct image_metadata metadata;
};

/*
 * The number of the MTD @name and its size, from /proc/mtd.  Pure: @text is the file's content.
 * Returns the number or -ENOENT.
 */
int flash_find_mtd(const char *text, const char *name, uint32_t *bytes);

/* Makes the node of the MTD @partition and opens it.  Returns 0 or -errno. */
int flash_open(struct flash_walk *walk, const char *partition);

/*
 * The next image.  Returns 1 with @image filled in, 0 at the end, or the negative of an E_IMAGE_*
 * number: the walk then goes on behind the bad image when its length is known, else it has ended.
 */
int flash_next(struct flash_walk *walk, struct flash_image *image);

/*
 * The image at @offset; the walk goes on behind it.  Returns 0 with @image filled in, or the negative
 * of an E_IMAGE_* number.
 */
int flash_at(struct flash_walk *walk, uint32_t offset, struct flash_image *image);

void flash_close(struct flash_walk *walk);

#endif
