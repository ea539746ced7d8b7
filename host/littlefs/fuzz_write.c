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
#include "named.h"
#include "packed.h"
#include "path.h"
#include "quota.h"
#include "recover.h"

#define CHANGES		6
#define BUFFER_BYTES	256
#define BLOCKS_LIMIT	8	/* of those owners that have one */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names that the golden images have, and new ones. */
static const char *const paths[] = {
	"etc", "var", "home", "etc/c074", "var/a", "var/aaa", "new", "var/new", "etc/new/deep",
};

static const char *path_of(uint8_t byte)
{
	return paths[byte % (sizeof(paths) / sizeof(paths[0]))];
}

static void give(struct lfs_fs *fs, const char *path, uint8_t owner)
{
	const struct lfs_owner to = { owner, owner, 0600 };
	struct lfs_entry entry;

	if (fs->quota && owner & 1)
		lfs_quota_set(fs, owner, BLOCKS_LIMIT);
	if (!path_find(fs, path, &entry))
		lfs_owner_set(fs, entry.pair, entry.id, &to);
}

static void name_attributes(struct lfs_fs *fs, const char *path)
{
	char name[LFS_NAME_MAX_BYTES + 1];
	struct lfs_attr_walk walk;
	struct lfs_named named;
	struct lfs_entry entry;
	struct lfs_attr attr;

	if (path_find(fs, path, &entry) || lfs_attr_start(fs, entry.pair, entry.id, &walk))
		return;
	while (lfs_attr_next(fs, &walk, &attr) == 1)
		if (lfs_named_name(fs, &attr, name) > 0)
			lfs_named_find(fs, entry.pair, entry.id, name, &named);
}

static void change(struct lfs_fs *fs, const uint8_t *choice)
{
	static uint8_t bytes[3000];
	const char *path = path_of(choice[1]);
	uint32_t number = (uint32_t)choice[2] * 16;

	switch (choice[0] % 9) {
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
	case 7:
		give(fs, path, choice[2]);
		break;
	case 8:
		name_attributes(fs, path);
		break;
	}
}

static void change_all(struct packed *packed, const uint8_t *choices)
{
	static struct lfs_fs fs;
	static uint8_t buffer[BUFFER_BYTES];
	static struct lfs_quota quota;
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
	lfs_quota_init(&quota, choices[1] & 1, 0);
	fs.quota = choices[0] & 1 ? &quota : NULL;
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
	}
	return 0;
}
