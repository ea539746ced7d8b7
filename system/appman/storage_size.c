// SPDX-License-Identifier: Apache-2.0
/* How much flash an app needs for what its manifest asks for. */

#include "storage_size.h"

#define FOLDER_BLOCKS	2
#define COPIES		2
#define POINTER_BYTES	4

/*
 * littlefs, SPEC.md, "CTZ skip-lists": block n of a file begins with one pointer more than n has
 * zeros at its low end, block 0 with none.
 */
static uint32_t room_in_block(uint32_t index, uint32_t block_bytes)
{
	return index ? block_bytes - POINTER_BYTES * ((uint32_t)__builtin_ctz(index) + 1) :
		       block_bytes;
}

static uint32_t blocks_of_file(uint64_t bytes, uint32_t block_bytes)
{
	uint32_t count = 0;

	while (bytes) {
		uint32_t room = room_in_block(count++, block_bytes);

		bytes -= bytes < room ? bytes : room;
	}
	return count;
}

uint32_t storage_size_blocks(uint32_t kib, uint32_t block_bytes)
{
	return FOLDER_BLOCKS + COPIES * blocks_of_file((uint64_t)kib * 1024, block_bytes);
}
