// SPDX-License-Identifier: GPL-2.0-only
/* Changes of a filesystem that bytes choose. */
#include "fuzz_change.h"

#include <stdio.h>
#include <string.h>

#include "mtime.h"
#include "named.h"
#include "node.h"
#include "owner.h"
#include "pair.h"
#include "path.h"
#include "quota.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MANY		16	/* names at once, so that directories get several pairs */
#define BLOCKS_LIMIT	8	/* of those owners that have one */

static uint8_t bytes[3000];

/* Two bits choose the directory, the others the name: some that the golden images have, long ones. */
static void make_path(uint8_t choice, char path[FUZZ_PATH_BYTES])
{
	static const char *const dirs[] = { "", "etc/", "var/", "d/e/" };
	static const char *const names[] = { "etc", "var", "home", "c074", "a", "aaa", "d", "e" };
	static const char tail[] = "-a-name-that-fills-what-a-pair-has-soon";
	unsigned int number = choice % 64;

	if (number < ARRAY_SIZE(names))
		snprintf(path, FUZZ_PATH_BYTES, "%s%s", dirs[choice / 64], names[number]);
	else
		snprintf(path, FUZZ_PATH_BYTES, "%sn%02u%s", dirs[choice / 64], number,
			 number % 2 ? tail : "");
}

/* That no directory gets below itself is for VFS to see to. */
static void rename_path(struct lfs_fs *fs, const char *from, const char *to)
{
	size_t count = strlen(from);

	if (strncmp(from, to, count) || to[count] != '/')
		path_rename(fs, from, to);
}

static bool is_held(struct lfs_fs *fs, const struct fuzz_held *held, const char *path)
{
	struct lfs_entry entry;

	return held->has_file && !path_find(fs, path, &entry) && entry.id == held->file.node.id &&
	       lfs_pair_is_same(entry.pair, held->file.node.pair);
}

/* Nobody opens a file twice: there is one inode. */
static void write_path(struct lfs_fs *fs, struct fuzz_held *held, const char *path, uint32_t number)
{
	uint32_t count = number % sizeof(bytes);

	if (is_held(fs, held, path))
		lfs_file_write(fs, &held->file, number, bytes, count);
	else
		path_write(fs, path, number, bytes, count);
}

static void truncate_path(struct lfs_fs *fs, struct fuzz_held *held, const char *path,
			  uint32_t number)
{
	if (is_held(fs, held, path))
		lfs_file_truncate(fs, &held->file, number);
	else
		path_truncate(fs, path, number);
}

static void give(struct lfs_fs *fs, const char *path, uint8_t owner)
{
	const struct lfs_owner to = { owner, owner, 0600 };
	struct lfs_account account;
	struct lfs_entry entry;

	if (fs->quota && owner & 1)
		lfs_quota_set(fs, owner, BLOCKS_LIMIT);
	if (fs->quota)
		lfs_quota_get(fs, owner, &account);
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

/* By its type, or by a name, of which there are more than fit. */
static void name_attribute(struct lfs_fs *fs, const char *path, uint8_t choice)
{
	char name[sizeof(LFS_NAMED_RAW) + 2] = LFS_NAMED_RAW;
	struct lfs_named named;
	struct lfs_entry entry;
	int result;

	snprintf(name + (choice & 1 ? 0 : strlen(name)), 3, "%02x", choice);
	if (path_find(fs, path, &entry))
		return;
	result = lfs_named_find(fs, entry.pair, entry.id, name, &named);
	if (choice & 1 && (!result || result == -ENODATA))
		lfs_attr_set(fs, entry.pair, entry.id, named.attr.type, name, named.prefix_bytes);
}

static void set_time(struct lfs_fs *fs, struct fuzz_held *held, const char *path, uint8_t choice)
{
	struct lfs_entry entry;
	int64_t seconds;

	if (held->has_file) {
		lfs_mtime_encode(choice, held->file.time);
		held->file.has_time = true;
	}
	/* As ESP-IDF wrote once. */
	if (choice & 1)
		path_set_attr(fs, path, LFS_ATTR_MTIME, bytes, 4);
	if (path_find(fs, path, &entry))
		return;
	if (!lfs_mtime_load(fs, entry.pair, entry.id, &seconds))
		lfs_mtime_set(fs, entry.pair, entry.id, seconds + choice);
}

static void make_many(struct lfs_fs *fs, uint8_t first, uint8_t owner_id, int (*make)(struct lfs_fs *fs,
		      const char *path, const struct lfs_owner *owner))
{
	const struct lfs_owner owner = { owner_id, 0, 0600 };
	char path[FUZZ_PATH_BYTES];

	for (uint8_t i = 0; i < MANY; i++) {
		make_path((uint8_t)((first & 0xc0) | ((first + i) & 0x3f)), path);
		make(fs, path, owner_id & 4 ? &owner : NULL);
	}
}

static void remove_many(struct lfs_fs *fs, uint8_t first)
{
	char path[FUZZ_PATH_BYTES];

	for (uint8_t i = 0; i < MANY; i++) {
		make_path((uint8_t)((first & 0xc0) | ((first + i) & 0x3f)), path);
		path_remove(fs, path);
	}
}

void fuzz_close(struct lfs_fs *fs, struct fuzz_held *held)
{
	if (held->has_file)
		lfs_file_close(fs, &held->file);
	if (held->has_dir)
		lfs_node_drop(fs, &held->dir);
	held->has_file = held->has_dir = false;
	held->path[0] = '\0';
}

static void hold(struct lfs_fs *fs, struct fuzz_held *held, const char *path)
{
	static uint8_t buffer[FUZZ_BUFFER_BYTES];
	struct lfs_owner owner = { 0 };
	struct lfs_entry entry;

	fuzz_close(fs, held);
	path_create(fs, path);
	if (path_find(fs, path, &entry))
		return;
	snprintf(held->path, sizeof(held->path), "%s", path);
	if (entry.is_dir) {
		held->dir = (struct lfs_node){ .id = LFS_ID_NONE,
					       .head = { entry.child[0], entry.child[1] } };
		lfs_node_hold(fs, &held->dir);
		held->has_dir = true;
	} else if (!lfs_owner_load(fs, entry.pair, entry.id, &owner)) {
		lfs_file_open(fs, &held->file, &entry, buffer, sizeof(buffer));
		held->file.owner = owner.uid;
		held->has_file = true;
	}
}

/* With what is open, whether it still has a name or not. */
static void use(struct lfs_fs *fs, struct fuzz_held *held, uint8_t at, uint8_t choice)
{
	uint32_t position = at * 16u;
	char other[FUZZ_PATH_BYTES];
	static uint8_t read[sizeof(bytes)];
	uint32_t pair[2], id;

	if (held->has_dir)
		lfs_dir_place(fs, held->dir.head, pair, &id);
	if (choice % 8 == 6 && *held->path)
		path_remove(fs, held->path);
	make_path(at, other);
	if (choice % 8 == 7 && *held->path)
		rename_path(fs, held->path, other);
	if (!held->has_file)
		return;
	switch (choice % 8) {
	case 0:
		lfs_file_write(fs, &held->file, position, bytes, choice * 8u);
		break;
	case 1:
		lfs_file_read(fs, &held->file, position, read, sizeof(read));
		break;
	case 2:
		lfs_file_truncate(fs, &held->file, position);
		break;
	case 3:
		lfs_file_sync(fs, &held->file);
		break;
	}
}

void fuzz_change(struct lfs_fs *fs, struct fuzz_held *held, const uint8_t choice[FUZZ_CHANGE_BYTES])
{
	uint32_t number = (uint32_t)choice[2] * 16;
	char path[FUZZ_PATH_BYTES], other[FUZZ_PATH_BYTES];

	make_path(choice[1], path);
	make_path(choice[2], other);
	switch (choice[0] % 16) {
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
		rename_path(fs, path, other);
		break;
	case 4:
		write_path(fs, held, path, number);
		break;
	case 5:
		truncate_path(fs, held, path, number);
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
	case 9:
		name_attribute(fs, path, choice[2]);
		break;
	case 10:
		set_time(fs, held, path, choice[2]);
		break;
	case 11:
		make_many(fs, choice[1], choice[2], path_create_as);
		break;
	case 12:
		make_many(fs, choice[1], choice[2], path_mkdir_as);
		break;
	case 13:
		remove_many(fs, choice[1]);
		break;
	case 14:
		hold(fs, held, path);
		break;
	case 15:
		use(fs, held, choice[1], choice[2]);
		break;
	}
}
