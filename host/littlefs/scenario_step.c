// SPDX-License-Identifier: GPL-2.0-only
/* The steps of scenarios. */
#include "scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path.h"
#include "quota.h"

#define ATTR_BYTES_MAX	64

static void fill(uint8_t *bytes, size_t count, uint32_t seed)
{
	for (size_t i = 0; i < count; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(seed >> 24);
	}
}

static int write_some(struct lfs_fs *fs, const char *path, uint32_t position, uint32_t size)
{
	uint8_t *bytes = malloc(size ? size : 1);
	int result;

	if (!bytes)
		exit(2);
	fill(bytes, size, position * 31 + size + (uint8_t)path[strlen(path) - 1]);
	result = path_write(fs, path, position, bytes, size);
	free(bytes);
	return result;
}

static int set_attr(struct lfs_fs *fs, const struct step *step)
{
	uint8_t value[ATTR_BYTES_MAX];

	fill(value, step->size, step->position + step->size);
	return path_set_attr(fs, step->path, step->position, step->size ? value : NULL, step->size);
}

static int make(struct lfs_fs *fs, const struct step *step)
{
	const struct lfs_owner owner = { step->uid, step->uid, 0700 };
	const struct lfs_owner *recorded = step->uid ? &owner : NULL;

	return step->kind == STEP_MKDIR ? path_mkdir_as(fs, step->path, recorded) :
					  path_create_as(fs, step->path, recorded);
}

/* The root has no entry: its place is that of its pair. */
static int set_owner(struct lfs_fs *fs, const struct step *step)
{
	const struct lfs_owner owner = { step->uid, step->uid, 0750 };
	struct lfs_entry entry = { .pair = { fs->root[0], fs->root[1] } };
	int result = *step->path ? path_find(fs, step->path, &entry) : 0;

	return result ? result : lfs_owner_set(fs, entry.pair, entry.id, &owner);
}

static int make_many(struct lfs_fs *fs, const struct step *step)
{
	int result = 0;

	for (uint32_t i = 0; !result && i < step->position; i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s/m%u", step->path, i);
		result = make(fs, &(struct step){ STEP_CREATE, path, .uid = step->uid });
		if (!result)
			result = write_some(fs, path, 0, step->size);
	}
	return result;
}

static int find_size(struct lfs_fs *fs, const char *path, uint32_t *size)
{
	struct lfs_entry entry;
	int result = path_find(fs, path, &entry);

	if (!result)
		*size = entry.ctz.size;
	return result;
}

static int fill_up(struct lfs_fs *fs, const struct step *step)
{
	uint32_t size = 0, part = fs->device->block_bytes;
	int result = 0;

	while (!result) {
		result = find_size(fs, step->path, &size);
		if (!result)
			result = write_some(fs, step->path, size, part);
		/* Files have pointers in their blocks: the last bytes of a block are not much. */
		if (result == -ENOSPC && part > 512) {
			part /= 2;
			result = 0;
		}
	}
	return result == -ENOSPC ? 0 : result;
}

/* The last blocks, that a file that grows needs for its copies. */
static int stuff(struct lfs_fs *fs, const struct step *step)
{
	uint32_t bytes = fs->device->block_bytes / 2;
	int result = 0;

	for (uint32_t i = 0; !result; i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s%u", step->path, i);
		result = path_create(fs, path);
		if (!result)
			result = write_some(fs, path, 0, bytes);
	}
	return result == -ENOSPC ? 0 : result;
}

int step_run(struct lfs_fs *fs, const struct step *step)
{
	uint32_t quarter = fs->device->block_bytes / 4, size = 0;
	uint32_t position = step->position + step->position_quarters * quarter;
	uint32_t bytes = step->size + step->size_quarters * quarter;
	int result;

	switch (step->kind) {
	case STEP_CREATE:
	case STEP_MKDIR:
		return make(fs, step);
	case STEP_OWNER:
		return set_owner(fs, step);
	case STEP_WRITE:
		return write_some(fs, step->path, position, bytes);
	case STEP_APPEND:
		result = find_size(fs, step->path, &size);
		return result ? result : write_some(fs, step->path, size, bytes);
	case STEP_TRUNCATE:
		return path_truncate(fs, step->path, bytes);
	case STEP_RENAME:
		return path_rename(fs, step->path, step->to);
	case STEP_REMOVE:
		return path_remove(fs, step->path);
	case STEP_ATTR:
		return set_attr(fs, step);
	case STEP_MANY:
		return make_many(fs, step);
	case STEP_FILL:
		return fill_up(fs, step);
	case STEP_STUFF:
		return stuff(fs, step);
	case STEP_NONE:
		break;
	}
	abort();
}
