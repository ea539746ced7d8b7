// SPDX-License-Identifier: GPL-2.0-only
/* What programs do with files, by path. */
#include "path.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "file.h"
#include "owner.h"
#include "recover.h"

/* The largest program unit that tests use. */
#define BUFFER_BYTES 4096

/* The directory of the last component, and that. */
static int resolve(struct lfs_fs *fs, const char *path, struct lfs_name_ref *name)
{
	*name = (struct lfs_name_ref){ .dir = { fs->root[0], fs->root[1] } };
	for (;;) {
		size_t bytes = strcspn(path, "/");
		struct lfs_entry entry;
		int result;

		name->text = path;
		name->bytes = (uint32_t)bytes;
		if (!path[bytes])
			return 0;
		result = lfs_dir_find(fs, name->dir, path, (uint32_t)bytes, &entry);
		if (result)
			return result;
		if (!entry.is_dir)
			return -ENOTDIR;
		memcpy(name->dir, entry.child, sizeof(name->dir));
		path += bytes + 1;
	}
}

/* Before a change: finishing what a cut has left may move the directory. */
static int start(struct lfs_fs *fs, const char *path, struct lfs_name_ref *name)
{
	int result = lfs_start_change(fs);

	return result ? result : resolve(fs, path, name);
}

int path_mkdir_as(struct lfs_fs *fs, const char *path, const struct lfs_owner *owner)
{
	struct lfs_name_ref name;
	int result = start(fs, path, &name);

	if (result)
		return result;
	name.owner = owner;
	return lfs_mkdir(fs, &name);
}

int path_mkdir(struct lfs_fs *fs, const char *path)
{
	return path_mkdir_as(fs, path, NULL);
}

int path_create_as(struct lfs_fs *fs, const char *path, const struct lfs_owner *owner)
{
	struct lfs_name_ref name;
	int result = start(fs, path, &name);

	if (result)
		return result;
	name.owner = owner;
	return lfs_create(fs, &name);
}

int path_create(struct lfs_fs *fs, const char *path)
{
	return path_create_as(fs, path, NULL);
}

int path_remove(struct lfs_fs *fs, const char *path)
{
	struct lfs_name_ref name;
	int result = start(fs, path, &name);

	return result ? result : lfs_remove(fs, &name);
}

int path_rename(struct lfs_fs *fs, const char *from, const char *to)
{
	struct lfs_name_ref old, new;
	int result = start(fs, from, &old);

	if (!result)
		result = resolve(fs, to, &new);
	return result ? result : lfs_rename(fs, &old, &new);
}

int path_find(struct lfs_fs *fs, const char *path, struct lfs_entry *entry)
{
	struct lfs_name_ref name;
	int result = *path ? resolve(fs, path, &name) : -EINVAL;

	return result ? result : lfs_dir_find(fs, name.dir, name.text, name.bytes, entry);
}

static int open_path(struct lfs_fs *fs, const char *path, struct lfs_file *file)
{
	static uint8_t buffer[BUFFER_BYTES];
	uint32_t unit = fs->device->program_bytes;
	/* As many programs for a block, whatever its size is. */
	uint32_t bytes = fs->device->block_bytes > 32768 ? fs->device->block_bytes / 128 : 256;
	struct lfs_owner owner = { 0 };
	struct lfs_entry entry;
	int result = path_find(fs, path, &entry);

	if (!result && entry.is_dir)
		result = -EISDIR;
	if (!result)
		result = lfs_owner_load(fs, entry.pair, entry.id, &owner);
	if (result)
		return result;
	lfs_file_open(fs, file, &entry, buffer, unit > bytes ? unit : bytes);
	file->owner = owner.uid;
	return 0;
}

int path_write(struct lfs_fs *fs, const char *path, uint32_t position, const void *bytes,
	       size_t count)
{
	struct lfs_file file;
	int result = open_path(fs, path, &file);

	if (result)
		return result;
	result = lfs_file_write(fs, &file, position, bytes, (uint32_t)count);
	if (!result)
		result = lfs_file_sync(fs, &file);
	lfs_file_close(fs, &file);
	return result;
}

int path_truncate(struct lfs_fs *fs, const char *path, uint32_t size)
{
	struct lfs_file file;
	int result = open_path(fs, path, &file);

	if (result)
		return result;
	result = lfs_file_truncate(fs, &file, size);
	if (!result)
		result = lfs_file_sync(fs, &file);
	lfs_file_close(fs, &file);
	return result;
}

int path_set_attr(struct lfs_fs *fs, const char *path, uint32_t type, const void *value,
		  size_t bytes)
{
	struct lfs_entry entry;
	int result;

	if (!*path)
		return lfs_attr_set(fs, fs->root, 0, type, value, (uint32_t)bytes);
	result = path_find(fs, path, &entry);
	return result ? result :
			lfs_attr_set(fs, entry.pair, entry.id, type, value, (uint32_t)bytes);
}
