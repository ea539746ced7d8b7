/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether an image can be walked without another look at its numbers. */
#ifndef _CRAMFS_CHECK_H
#define _CRAMFS_CHECK_H

#include <linux/errno.h>
#include <linux/types.h>

/* Directories in directories; the root is the first. */
#define CRAMFS_CHECK_DEPTH_MAX 16

/**
 * cramfs_check_image - judge an image before it is mounted
 * @image: the whole image, mapped, aligned to a word
 * @bytes: how much is mapped, a multiple of the page size
 *
 * An image that passes holds directories, regular files and symbolic links,
 * owned by root, without set-id and sticky bits; names that can be path
 * components, in order, none twice; directories without cycles; files of raw
 * blocks with direct pointers, each block, with the rest of its page where it
 * begins one, inside the image; links that lead to places inside the image,
 * seen from its root or below.
 *
 * Pure: reads @image and nothing else, in time proportional to @bytes. An image
 * in flash that nothing can write to stays what it was.
 *
 * Return: 0 or -EINVAL.
 */
int cramfs_check_image(const void *image, size_t bytes);

/* In the place of the decompressor: no block of a checked image is compressed. */
static inline int cramfs_uncompress_block(void *dst, int dstlen, void *src,
					  int srclen)
{
	return -EIO;
}

static inline int cramfs_uncompress_init(void)
{
	return 0;
}

static inline void cramfs_uncompress_exit(void)
{
}

#endif
