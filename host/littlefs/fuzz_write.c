// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as an image that is written to: each change succeeds or is an error.  The first bytes
 * of the input choose the changes.  What is programmed on such a medium may be wrong; memory is not.
 */
#include <stdint.h>
#include <stdlib.h>

#include "flash.h"
#include "manifest.h"
#include "mount.h"
#include "packed.h"
#include "path.h"
#include "recover.h"

#define CHANGES		6
#define BUFFER_BYTES	256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names that the golden images have, and new ones. */
static const char *const paths[] = {
	"etc", "var", "home", "etc/c074", "var/a", "var/aaa", "new", "var/new", "etc/new/deep",
};

static const char *path_of(uint8_t byte)
{
	return paths[byte % (sizeof(paths) / sizeof(paths[0]))];
}

static void change(struct lfs_fs *fs, const uint8_t *choice)
{
	static uint8_t bytes[3000];
	const char *path = path_of(choice[1]);
	uint32_t number = (uint32_t)choice[2] * 16;

	switch (choice[0] % 7) {
	case 0:
		path_create(fs, path);
		break;
	case 1:
		path_mkdir(fs, path);
		break;
	case 2:
		path_remove(fs, path);
		break;
	case 3:
		path_rename(fs, path, path_of(choice[2]));
		break;
	case 4:
		path_write(fs, path, number, bytes, number % sizeof(bytes));
		break;
	case 5:
		path_truncate(fs, path, number);
		break;
	case 6:
		path_set_attr(fs, path, choice[2], bytes, choice[2] & 1 ? choice[2] : 0);
		break;
	}
}

static void change_all(struct packed *packed, const uint8_t *choices)
{
	static struct lfs_fs fs;
	static uint8_t buffer[BUFFER_BYTES];
	const struct lfs_config config = {
		.buffer = buffer,
		.buffer_bytes = sizeof(buffer),
		.inline_max = 100,
		.wear_cycles = 1 + choices[0] % 4,
	};
	struct flash flash;

	flash_init(&flash, packed->image, packed->size, packed->block_bytes, 1);
	if (lfs_mount(&fs, &flash.device) || lfs_start_writing(&fs, &config))
		return;
	for (int i = 0; i < CHANGES; i++)
		change(&fs, choices + 3 * i);
	/* Nothing is known of what it shows, but that it can be looked at. */
	if (!lfs_mount(&fs, &flash.device))
		manifest_print(&fs, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packed packed;

	if (size < 3 * CHANGES)
		return 0;
	for (int mends = 0; mends < 2; mends++) {
		if (packed_open(data + 3 * CHANGES, size - 3 * CHANGES, &packed))
			abort();
		if (mends)
			packed_mend(&packed);
		change_all(&packed, data);
		free(packed.image);
	}
	return 0;
}
