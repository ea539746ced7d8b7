// SPDX-License-Identifier: GPL-2.0-only
/* Images in a small form, the inputs of fuzzers. */
#include "packed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sanitizer/asan_interface.h>

#include <linux/crc32.h>
#include <linux/unaligned.h>

#include "format.h"

#define HEADER_BYTES	2
#define RECORD_BYTES	3

/*
 * One block of memory for all images: a new megabyte for each would take more time than the rest.
 * What is behind an image is poison, as if the image were a block of its own.
 */
static uint8_t *blank_image(size_t size)
{
	static const size_t room = (size_t)PACKED_BLOCKS_MAX << PACKED_BLOCK_BYTES_LOG2_MAX;
	static uint8_t *image;

	if (!image)
		image = malloc(room);
	if (!image)
		return NULL;
	ASAN_UNPOISON_MEMORY_REGION(image, size);
	ASAN_POISON_MEMORY_REGION(image + size, room - size);
	memset(image, 0xff, size);
	return image;
}

int packed_open(const uint8_t *data, size_t size, struct packed *packed)
{
	uint32_t log2 = size ? data[0] % (PACKED_BLOCK_BYTES_LOG2_MAX - 6) + 7 : 7;
	uint32_t count = size > 1 && data[1] > 2 ? data[1] : 2;
	size_t at = HEADER_BYTES;

	packed->block_bytes = 1u << log2;
	packed->size = (size_t)count << log2;
	packed->image = blank_image(packed->size);
	if (!packed->image)
		return -ENOMEM;
	while (at + RECORD_BYTES < size) {
		uint32_t block = data[at] % count;
		size_t bytes = data[at + 1] | (size_t)data[at + 2] << 8;

		at += RECORD_BYTES;
		if (bytes > size - at)
			bytes = size - at;
		memcpy(packed->image + ((size_t)block << log2), data + at,
		       bytes < packed->block_bytes ? bytes : packed->block_bytes);
		at += bytes;
	}
	return 0;
}

static void mend_log(uint8_t *log, uint32_t block_bytes)
{
	uint32_t at = LFS_LOG_START, tag = LFS_TAG_NULL, crc = crc32_le(~0u, log, LFS_LOG_START);

	while (block_bytes - at >= LFS_TAG_BYTES) {
		uint32_t bytes;

		tag ^= get_unaligned_be32(log + at);
		bytes = lfs_tag_data_bytes(tag);
		crc = crc32_le(crc, log + at, LFS_TAG_BYTES);
		at += LFS_TAG_BYTES;
		if (tag & LFS_TAG_INVALID || bytes > block_bytes - at)
			return;
		if (!lfs_tag_ends_commit(tag)) {
			crc = crc32_le(crc, log + at, bytes);
		} else if (bytes >= LFS_CRC_BYTES) {
			put_unaligned_le32(crc, log + at);
			crc = ~0u;
			tag ^= lfs_tag_chunk(tag) & 1 ? LFS_TAG_INVALID : 0;
		}
		at += bytes;
	}
}

void packed_mend(struct packed *packed)
{
	for (size_t at = 0; at < packed->size; at += packed->block_bytes)
		mend_log(packed->image + at, packed->block_bytes);
}
