// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a cramfs image: what the kernel finds sound can be walked without a look at its
 * numbers.  Bytes whose superblock would be refused are tried with a good one as well, or mutations
 * would seldom come further.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <linux/cramfs_fs.h>

#include "check.h"
#include "cramfs_walk.h"

#define BLOCK_BYTES	4096
#define IMAGE_MAX_BYTES	(16 * BLOCK_BYTES)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const uint8_t *image, size_t bytes)
{
	if (!cramfs_check_image(image, bytes))
		cramfs_walk(image, bytes);
}

static void mend_super(uint8_t *image, size_t bytes)
{
	struct cramfs_super *super = (struct cramfs_super *)image;

	super->magic = CRAMFS_MAGIC;
	super->size = (uint32_t)bytes;
	super->flags = CRAMFS_FLAG_FSID_VERSION_2 | CRAMFS_FLAG_SORTED_DIRS |
		       CRAMFS_FLAG_EXT_BLOCK_POINTERS;
	memcpy(super->signature, CRAMFS_SIGNATURE, sizeof(super->signature));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t bytes = (size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
	uint8_t *image;

	if (!size || bytes > IMAGE_MAX_BYTES)
		return 0;
	/* Of its own size, so that a sanitizer sees one byte too many. */
	image = calloc(1, bytes);
	if (!image)
		abort();
	memcpy(image, data, size);
	judge(image, bytes);
	mend_super(image, bytes);
	judge(image, bytes);
	free(image);
	return 0;
}
