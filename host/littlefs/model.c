// SPDX-License-Identifier: GPL-2.0-only
/* What a filesystem should show after random changes, and the changes. */
#include "model.h"

#include <mbedtls/sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "manifest.h"
#include "path.h"

#define ATTR_TYPE	0x74
#define SHA256_BYTES	32

static uint32_t below(uint32_t *random, uint32_t limit)
{
	*random = *random * 1664525u + 1013904223u;
	return limit ? (*random >> 8) % limit : 0;
}

static void fill(uint8_t *bytes, uint32_t count, uint32_t seed)
{
	for (uint32_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)below(&seed, 256);
}

static int find(const struct model *model, const char *path)
{
	for (int i = 0; i < MODEL_ENTRIES_MAX; i++)
		if (!strcmp(model->entries[i].path, path))
			return i;
	return -1;
}

/* A random entry of one kind; -1 when the first tries find none. */
static int pick(const struct model *model, uint32_t *random, bool is_dir)
{
	for (int tries = 0; tries < 200; tries++) {
		int i = (int)below(random, MODEL_ENTRIES_MAX);

		if (*model->entries[i].path && model->entries[i].is_dir == is_dir)
			return i;
	}
	return -1;
}

/* Names that are prefixes of each other, and long ones. */
static void choose_path(const struct model *model, uint32_t *random, char *path)
{
	static const char *const stems[] = { "a", "aa", "aaa", "b", "name", "long-long-long-name" };
	int parent = below(random, 3) ? pick(model, random, true) : -1;
	uint32_t number = below(random, 12);
	const char *prefix = parent >= 0 ? model->entries[parent].path : "";

	if (strlen(prefix) > 80)
		prefix = "";
	snprintf(path, MODEL_PATH_BYTES, "%s%s%s", prefix, *prefix ? "/" : "",
		 stems[below(random, 6)]);
	if (number)
		snprintf(path + strlen(path), 12, "%u", number);
}

static bool is_below(const char *path, const char *folder)
{
	size_t bytes = strlen(folder);

	return !strncmp(path, folder, bytes) && path[bytes] == '/';
}

static bool is_empty(const struct model *model, const char *folder)
{
	for (int i = 0; i < MODEL_ENTRIES_MAX; i++)
		if (is_below(model->entries[i].path, folder))
			return false;
	return true;
}

static bool can_replace(const struct model *model, const struct model_change *change)
{
	int from = find(model, change->path), to = find(model, change->to);

	if (!strcmp(change->path, change->to) || is_below(change->to, change->path))
		return false;
	/* Paths of what is below get longer. */
	if (model->entries[from].is_dir && strlen(change->to) > 80)
		return false;
	if (to < 0)
		return true;
	return model->entries[from].is_dir == model->entries[to].is_dir &&
	       is_empty(model, change->to);
}

static bool choose_old(const struct model *model, uint32_t *random, struct model_change *change)
{
	bool is_dir = (change->kind == MODEL_REMOVE || change->kind == MODEL_RENAME) &&
		      !below(random, 3);
	int i = pick(model, random, is_dir);

	if (i < 0)
		return false;
	memcpy(change->path, model->entries[i].path, sizeof(change->path));
	if (change->kind == MODEL_REMOVE)
		return is_empty(model, change->path);
	if (change->kind == MODEL_RENAME) {
		choose_path(model, random, change->to);
		return can_replace(model, change);
	}
	if (change->kind == MODEL_APPEND)
		change->position = model->entries[i].size;
	return true;
}

struct model_change model_choose(const struct model *model, uint32_t *random, uint32_t max_bytes)
{
	static const uint32_t scales[] = { 20, 200, 5000, 40000 };
	struct model_change change = { 0 };

	for (;;) {
		uint32_t scale = scales[below(random, 4)];

		scale = scale < max_bytes ? scale : max_bytes;
		memset(&change, 0, sizeof(change));
		change.kind = below(random, MODEL_KINDS);
		change.position = below(random, scale);
		change.size = below(random, scale);
		change.seed = below(random, 1u << 24);
		if (change.kind <= MODEL_MKDIR) {
			choose_path(model, random, change.path);
			if (find(model, change.path) < 0 && find(model, "") >= 0)
				return change;
		} else if (choose_old(model, random, &change) &&
			   change.position + change.size < max_bytes) {
			return change;
		}
	}
}

static void apply_new(struct model *model, const struct model_change *change)
{
	struct model_entry *entry = &model->entries[find(model, "")];

	memcpy(entry->path, change->path, sizeof(entry->path));
	entry->is_dir = change->kind == MODEL_MKDIR;
	entry->size = 0;
	entry->attr_bytes = 0;
	if (!entry->is_dir)
		entry->data = calloc(1, MODEL_FILE_BYTES);
}

static void forget(struct model_entry *entry)
{
	free(entry->data);
	memset(entry, 0, sizeof(*entry));
}

static void apply_rename(struct model *model, const struct model_change *change)
{
	int to = find(model, change->to);
	size_t bytes = strlen(change->path);

	if (to >= 0)
		forget(&model->entries[to]);
	for (int i = 0; i < MODEL_ENTRIES_MAX; i++) {
		struct model_entry *entry = &model->entries[i];
		char *path = NULL;

		if (strcmp(entry->path, change->path) && !is_below(entry->path, change->path))
			continue;
		if (asprintf(&path, "%s%s", change->to, entry->path + bytes) >= MODEL_PATH_BYTES)
			abort();
		memcpy(entry->path, path, strlen(path) + 1);
		free(path);
	}
}

static void apply_size(struct model_entry *entry, uint32_t size)
{
	if (size < entry->size)
		memset(entry->data + size, 0, entry->size - size);
	entry->size = size;
}

void model_apply(struct model *model, const struct model_change *change)
{
	int i = find(model, change->path);
	struct model_entry *entry = &model->entries[i < 0 ? 0 : i];

	switch (change->kind) {
	case MODEL_CREATE:
	case MODEL_MKDIR:
		apply_new(model, change);
		break;
	case MODEL_WRITE:
	case MODEL_APPEND:
		if (change->size && change->position + change->size > entry->size)
			entry->size = change->position + change->size;
		fill(entry->data + change->position, change->size, change->seed);
		break;
	case MODEL_TRUNCATE:
		apply_size(entry, change->size);
		break;
	case MODEL_REMOVE:
		forget(entry);
		break;
	case MODEL_RENAME:
		apply_rename(model, change);
		break;
	case MODEL_ATTR:
		entry->attr_bytes = change->size % MODEL_ATTR_BYTES;
		fill(entry->attr, entry->attr_bytes, change->seed);
		break;
	case MODEL_KINDS:
		break;
	}
}

static int run_write(struct lfs_fs *fs, const struct model_change *change)
{
	static uint8_t bytes[MODEL_FILE_BYTES];

	fill(bytes, change->size, change->seed);
	return path_write(fs, change->path, change->position, bytes, change->size);
}

static int run_attr(struct lfs_fs *fs, const struct model_change *change)
{
	uint8_t value[MODEL_ATTR_BYTES];
	uint32_t bytes = change->size % MODEL_ATTR_BYTES;

	fill(value, bytes, change->seed);
	return path_set_attr(fs, change->path, ATTR_TYPE, bytes ? value : NULL, bytes);
}

int model_run(struct lfs_fs *fs, const struct model_change *change)
{
	switch (change->kind) {
	case MODEL_CREATE:
		return path_create(fs, change->path);
	case MODEL_MKDIR:
		return path_mkdir(fs, change->path);
	case MODEL_WRITE:
	case MODEL_APPEND:
		return run_write(fs, change);
	case MODEL_TRUNCATE:
		return path_truncate(fs, change->path, change->size);
	case MODEL_REMOVE:
		return path_remove(fs, change->path);
	case MODEL_RENAME:
		return path_rename(fs, change->path, change->to);
	case MODEL_ATTR:
		return run_attr(fs, change);
	case MODEL_KINDS:
		break;
	}
	abort();
}

static int compare_entries(const void *left, const void *right)
{
	const struct model_entry *const *a = left, *const *b = right;

	return strcmp((*a)->path, (*b)->path);
}

static void print_hash(FILE *out, const uint8_t *data, uint32_t size)
{
	uint8_t hash[SHA256_BYTES];

	mbedtls_sha256_ret(data, size, hash, 0);
	for (int i = 0; i < SHA256_BYTES; i++)
		fprintf(out, "%02x", hash[i]);
}

/* No path of the model has bytes that would have to be escaped. */
char *model_manifest(const struct model *model)
{
	const struct model_entry *order[MODEL_ENTRIES_MAX];
	size_t count = 0, size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; i < MODEL_ENTRIES_MAX; i++)
		if (*model->entries[i].path)
			order[count++] = &model->entries[i];
	qsort(order, count, sizeof(order[0]), compare_entries);
	fprintf(out, "d - - /\n");
	for (size_t i = 0; i < count; i++) {
		if (order[i]->is_dir) {
			fprintf(out, "d - -");
		} else {
			fprintf(out, "f %u ", order[i]->size);
			print_hash(out, order[i]->data, order[i]->size);
		}
		fprintf(out, " /%s\n", order[i]->path);
		if (!order[i]->attr_bytes)
			continue;
		fprintf(out, "a %02x:%u ", ATTR_TYPE, order[i]->attr_bytes);
		print_hash(out, order[i]->attr, order[i]->attr_bytes);
		fprintf(out, " /%s\n", order[i]->path);
	}
	fclose(out);
	return text;
}

char *model_read(struct lfs_fs *fs)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int result = manifest_print(fs, out);

	fclose(out);
	if (!result)
		return text;
	free(text);
	return NULL;
}

void model_free(struct model *model)
{
	for (int i = 0; i < MODEL_ENTRIES_MAX; i++)
		free(model->entries[i].data);
}
