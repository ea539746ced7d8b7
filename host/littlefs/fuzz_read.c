// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as an image: it is refused, or all of it can be read.  Each image is tried as it is,
 * and once more with right checksums, or mutations would seldom come further than to the first commit.
 */
#include <stdint.h>
#include <stdlib.h>

#include "dump.h"
#include "flash.h"
#include "manifest.h"
#include "mount.h"
#include "packed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct packed *packed, FILE *nowhere)
{
	static struct lfs_fs fs;
	struct out out = { .file = nowhere };
	struct flash flash;

	flash_init(&flash, packed->image, packed->size, packed->block_bytes, 1);
	if (lfs_mount(&fs, &flash.device))
		return;
	manifest_print(&fs, NULL);
	dump_print(&fs, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct packed packed;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere || packed_open(data, size, &packed))
		abort();
	read_all(&packed, nowhere);
	packed_mend(&packed);
	read_all(&packed, nowhere);
	return 0;
}
