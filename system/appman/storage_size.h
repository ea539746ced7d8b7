/* SPDX-License-Identifier: Apache-2.0 */
/* How much flash an app needs for what its manifest asks for. */
#ifndef APPMAN_STORAGE_SIZE_H
#define APPMAN_STORAGE_SIZE_H

#include <stdint.h>

/*
 * The blocks of a littlefs that an app gets for @kib KiB: two for its folder, and twice those of a
 * file of that size, because a file that is rewritten is there twice until it is whole.  Folders in
 * its folder, and files beside the one, take of the same.  @block_bytes: what the flash erases, a
 * power of two of at least 128.  Pure.
 */
uint32_t storage_size_blocks(uint32_t kib, uint32_t block_bytes);

#endif
