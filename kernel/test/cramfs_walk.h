/* SPDX-License-Identifier: GPL-2.0-only */
/* Walks an image as the filesystem does: no check of its own, straight into memory. */
#ifndef CRAMFS_WALK_H
#define CRAMFS_WALK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads every name, block pointer, block and link of an image that was found sound; a sanitizer sees
 * what is read beside it.  Ends the process when the walk takes longer than the image is large.
 * Returns a sum over all that was read, so that nothing is optimised away.
 */
uint32_t cramfs_walk(const uint8_t *image, size_t bytes);

#endif
