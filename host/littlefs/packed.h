/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Images in a small form, the inputs of fuzzers: what is blank is left out.
 *
 *	u8 log2 of the block size, u8 number of blocks
 *	then, for each block that is not blank: u8 block, u16 bytes (little-endian), the bytes
 */
#ifndef HOST_LITTLEFS_PACKED_H
#define HOST_LITTLEFS_PACKED_H

#include <stddef.h>
#include <stdint.h>

#define PACKED_BLOCK_BYTES_LOG2_MAX 12
#define PACKED_BLOCKS_MAX 255

struct packed {
	uint8_t *image;		/* until the next packed_open() */
	size_t size;
	uint32_t block_bytes;
};

/* Any bytes are an image; there is one at a time.  Returns 0 or -ENOMEM. */
int packed_open(const uint8_t *data, size_t size, struct packed *packed);

/*
 * Gives each commit of each log the checksum it should have, so that mutations come further than to
 * the first checksum.
 */
void packed_mend(struct packed *packed);

#endif
