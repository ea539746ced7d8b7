// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random changes of a filesystem, on flash that does what NOR flash does, compared with a model;
 * and the power cut in each program and each erase of a change.
 *
 *	model_test CHANGES CUT_CHANGES [SEED [FOLDER]]
 *
 * CHANGES without cuts, then CUT_CHANGES of which each is cut everywhere, for each geometry.  Into
 * FOLDER go what is left of each at the end, NUMBER-BLOCKBYTES-PROGRAMBYTES.img with its manifest, and
 * some that were finished after a cut, for another judge (tests/littlefs/test_written.py).
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "flash.h"
#include "fs.h"
#include "make.h"
#include "model.h"
#include "mount.h"
#include "pair.h"
#include "path.h"
#include "quota.h"
#include "recover.h"
#include "table.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BUFFER_BYTES	4096

/* Of the images after a cut, one of so many is kept. */
#define KEEP_EVERY	41

struct geometry {
	const char *name;
	uint32_t block_bytes, block_count, program_bytes, version, metadata_max, wear_cycles;
	uint32_t bad_every;	/* a bad block each so many, 0 for none */
};

static const struct geometry geometries[] = {
	{ "512x96", 512, 96, 1, LFS_VERSION_2_1, 0, 0, 0 },
	{ "4Kx64", 4096, 64, 1, LFS_VERSION_2_1, 0, 0, 0 },
	{ "4Kx64 v2.0", 4096, 64, 1, LFS_VERSION_2_0, 0, 0, 0 },
	{ "4Kx64 wear 2", 4096, 64, 1, LFS_VERSION_2_1, 1024, 2, 0 },
	{ "512x128 p16 wear 1", 512, 128, 16, LFS_VERSION_2_1, 0, 1, 0 },
	{ "4Kx128 p256", 4096, 128, 256, LFS_VERSION_2_1, 0, 100, 0 },
	{ "4Kx128 p4096 wear 2", 4096, 128, 4096, LFS_VERSION_2_1, 0, 2, 0 },
	{ "4Kx24 small", 4096, 24, 1, LFS_VERSION_2_1, 512, 3, 0 },
	{ "512x128 bad wear 3", 512, 128, 1, LFS_VERSION_2_0, 256, 3, 11 },
	{ "64Kx32", 65536, 32, 1, LFS_VERSION_2_1, 4096, 20, 0 },
	{ "256Kx16", 262144, 16, 1, LFS_VERSION_2_1, 65536, 20, 0 },
};

struct bench {
	const struct geometry *geometry;
	struct flash flash;
	struct lfs_fs fs;
	struct lfs_quota quota;
	uint8_t *bytes, *snapshot, *faults;
	size_t size;
	struct model model;
	uint32_t random;
	unsigned long changes, full, cuts, tables, marks;
	const char *folder;		/* for images, or NULL */
};

static uint8_t buffer[BUFFER_BYTES];

static void fail(const struct bench *b, const struct model_change *change, const char *what,
		 int result)
{
	printf("FAIL %s: change %lu", b->geometry->name, b->changes);
	if (change)
		printf(" (kind %d, %s -> %s, %u+%u)", change->kind, change->path, change->to,
		       change->position, change->size);
	printf(": cut %d in operation %u: %s: %d\n", b->flash.cut, b->flash.cut_at, what, result);
	exit(1);
}

static void save_file(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(2);
	}
}

static void save_image(const struct bench *b, const char *manifest)
{
	static unsigned int number;
	char path[512];

	if (!b->folder)
		return;
	snprintf(path, sizeof(path), "%s/%u-%u-%u.img", b->folder, number,
		 b->geometry->block_bytes, b->geometry->program_bytes);
	save_file(path, b->bytes, b->size);
	snprintf(path, sizeof(path), "%s/%u-%u-%u.manifest", b->folder, number++,
		 b->geometry->block_bytes, b->geometry->program_bytes);
	save_file(path, manifest, strlen(manifest));
}

/* Small, so that commits are longer. */
static uint32_t buffer_bytes(const struct geometry *g)
{
	return g->program_bytes > 64 ? g->program_bytes : 64;
}

static int mount(struct bench *b)
{
	const struct geometry *g = b->geometry;
	struct lfs_config config = {
		.buffer = buffer,
		.buffer_bytes = buffer_bytes(g),
		.metadata_max = g->metadata_max,
		.inline_max = 200,
		.wear_cycles = g->wear_cycles,
	};
	int result;

	flash_init(&b->flash, b->bytes, b->size, g->block_bytes, g->program_bytes);
	b->flash.faults = b->faults;
	result = lfs_mount(&b->fs, &b->flash.device);
	lfs_quota_init(&b->quota, false, 0);
	b->fs.quota = &b->quota;
	return result ? result : lfs_start_writing(&b->fs, &config);
}

static void open_bench(struct bench *b, const struct geometry *g, uint32_t seed,
		       const char *folder)
{
	const struct lfs_limits limits = { g->version, g->block_count, 255, LFS_FILE_LIMIT_BYTES,
					   1022 };
	int result;

	memset(b, 0, sizeof(*b));
	b->geometry = g;
	b->folder = folder;
	b->random = seed;
	b->size = (size_t)g->block_bytes * g->block_count;
	b->bytes = malloc(b->size);
	b->snapshot = malloc(b->size);
	b->faults = calloc(1, g->block_count);
	if (!b->bytes || !b->snapshot || !b->faults)
		exit(2);
	memset(b->bytes, 0, b->size);
	for (uint32_t i = 2; g->bad_every && i < g->block_count; i += g->bad_every)
		b->faults[i] = FLASH_FAULT_ERROR;
	flash_init(&b->flash, b->bytes, b->size, g->block_bytes, g->program_bytes);
	result = lfs_make(&b->fs, &b->flash.device, &limits, buffer, buffer_bytes(g));
	if (!result)
		result = mount(b);
	if (result)
		fail(b, NULL, "cannot be made", result);
}

static void close_bench(struct bench *b)
{
	char *manifest = model_manifest(&b->model);

	save_image(b, manifest);
	free(manifest);
	model_free(&b->model);
	free(b->bytes);
	free(b->snapshot);
	free(b->faults);
}

static void check_flash(struct bench *b, const struct model_change *change)
{
	if (b->flash.dirty_programs)
		fail(b, change, "programmed what was not blank", (int)b->flash.dirty_programs);
}

static void check_manifest(struct bench *b, const struct model_change *change)
{
	char *wanted = model_manifest(&b->model);
	char *seen = model_read(&b->fs);

	if (!seen)
		fail(b, change, "cannot be read", 0);
	if (strcmp(wanted, seen)) {
		printf("wanted:\n%sseen:\n%s", wanted, seen);
		fail(b, change, "shows something else", 0);
	}
	free(wanted);
	free(seen);
}

static bool is_same_table(const struct lfs_table *a, const struct lfs_table *b)
{
	return !memcmp(&a->pair, &b->pair, offsetof(struct lfs_pair, is_split)) &&
	       a->pair.is_split == b->pair.is_split && a->count == b->count &&
	       !memcmp(a->slots, b->slots, a->count * sizeof(a->slots[0]));
}

/* What is kept of a pair through changes must be what its log says. */
static void check_table(struct bench *b, const struct model_change *change)
{
	static struct lfs_table kept;
	int result;

	if (!b->fs.table.is_loaded)
		return;
	kept = b->fs.table;
	b->fs.table.is_loaded = false;
	result = lfs_table_load(&b->fs, kept.pair.blocks);
	if (result || !is_same_table(&kept, &b->fs.table))
		fail(b, change, "the table is not what the log says", result);
	b->fs.table = kept;
	b->tables++;
}

/* A mark must be on the way from the mark before, with the name that the pair begins with. */
static void check_mark(struct bench *b, const struct model_change *change, uint32_t at)
{
	struct lfs_mark kept = b->fs.index.marks[at], *now = &b->fs.index.marks[at];
	uint32_t next[2], pairs_left = b->fs.block_count;
	int result;

	/* What is loaded does not tell the index again. */
	b->fs.table.is_loaded = false;
	result = lfs_table_load(&b->fs, kept.begins ? kept.pair : now[-1].pair);

	while (!result && !lfs_pair_is_same(b->fs.table.pair.blocks, kept.pair)) {
		memcpy(next, b->fs.table.pair.tail, sizeof(next));
		if (!pairs_left-- || !b->fs.table.pair.is_split)
			fail(b, change, "the mark of no pair of the directory", (int)at);
		result = lfs_table_load(&b->fs, next);
	}
	if (result || (kept.name_bytes && memcmp(&kept, now, sizeof(kept))))
		fail(b, change, "the mark has another name than the pair", result);
	b->marks++;
}

static void check_index(struct bench *b, const struct model_change *change)
{
	static struct lfs_index kept;
	static struct lfs_table table;

	kept = b->fs.index;
	table = b->fs.table;
	for (uint32_t at = 0; at < kept.count; at++)
		check_mark(b, change, at);
	b->fs.index = kept;
	b->fs.table = table;
}

/* Each name is found, and the one behind it, which is not there, is not. */
static void check_names(struct bench *b, const struct model_change *change)
{
	struct lfs_entry entry;
	char other[MODEL_PATH_BYTES + 1];

	for (int i = 0; i < MODEL_ENTRIES_MAX; i++) {
		const char *path = b->model.entries[i].path;

		if (!*path)
			continue;
		snprintf(other, sizeof(other), "%s~", path);
		if (path_find(&b->fs, path, &entry) ||
		    path_find(&b->fs, other, &entry) != -ENOENT)
			fail(b, change, "a name is not what it is", i);
	}
}

/* The same blocks must be in use for a driver that knows the medium only. */
static void check_used(struct bench *b, const struct model_change *change)
{
	uint32_t before, after;
	int result = lfs_count_used(&b->fs, &before);

	if (!result)
		result = mount(b);
	if (!result)
		result = lfs_count_used(&b->fs, &after);
	if (result)
		fail(b, change, "cannot be counted", result);
	if (before != after)
		fail(b, change, "other blocks in use after a mount", (int)(before - after));
}

/*
 * Where a block is bad and none is free, a change can end half-way: until the next mount nothing is
 * written, and that shows the old state or the new one.
 */
static void take_broken(struct bench *b, const struct model_change *change)
{
	char *old = model_manifest(&b->model), *seen = NULL;

	if (!b->geometry->bad_every)
		fail(b, change, "ended half-way without bad blocks", 0);
	check_flash(b, change);
	if (!mount(b))
		seen = model_read(&b->fs);
	if (!seen)
		fail(b, change, "cannot be read after it ended half-way", 0);
	if (strcmp(old, seen))
		model_apply(&b->model, change);
	free(old);
	free(seen);
}

/* Each block in use is charged to somebody, and what is charged is what a count says. */
static void check_charged(struct bench *b, const struct model_change *change)
{
	uint32_t used = 0, charged = 0;
	int result;

	/* The count takes the window of free blocks: most changes are to find it. */
	if (b->changes % 3 || b->fs.is_broken || b->fs.has_orphans || !b->fs.is_recovered || !b->quota.is_counted)
		return;
	for (uint32_t i = 0; i < b->quota.count; i++)
		charged += b->quota.accounts[i].used;
	result = lfs_count_used(&b->fs, &used);
	if (result || used != charged)
		fail(b, change, "charged is not what is used", (int)(charged - used));
	lfs_quota_forget(&b->fs);
	result = lfs_quota_count(&b->fs);
	if (result || b->quota.accounts[0].used != charged)
		fail(b, change, "a count says something else", (int)b->quota.accounts[0].used);
}

/* What a full filesystem refuses must leave it as it was. */
static void make_change(struct bench *b, const struct model_change *change)
{
	int result = model_run(&b->fs, change);

	b->changes++;
	if (!result)
		model_apply(&b->model, change);
	else if (result == -ENOSPC || b->fs.is_broken)
		b->full++;
	else
		fail(b, change, "failed", result);
	check_flash(b, change);
	if (b->fs.is_broken)
		take_broken(b, change);
	check_charged(b, change);
}

static uint32_t max_bytes(const struct bench *b)
{
	return b->size / 8 < 30000 ? (uint32_t)b->size / 8 : 30000;
}

static void run_changes(struct bench *b, unsigned long count)
{
	while (count--) {
		struct model_change change = model_choose(&b->model, &b->random, max_bytes(b));

		make_change(b, &change);
		check_table(b, &change);
		check_index(b, &change);
		check_manifest(b, &change);
		check_names(b, &change);
		if (b->changes % 8 == 0) {
			check_used(b, &change);
			check_manifest(b, &change);
		}
	}
}

static bool is_one_of(const char *seen, char *const states[2])
{
	return !strcmp(seen, states[0]) || !strcmp(seen, states[1]);
}

/* After a cut: the old or the new state, and the same when what was left has been finished. */
static void check_after_cut(struct bench *b, const struct model_change *change,
			    char *const states[2], const uint32_t used[2])
{
	uint32_t blocks;
	char *seen, *again;
	int result = mount(b);

	if (result)
		fail(b, change, "does not mount", result);
	seen = model_read(&b->fs);
	if (!seen)
		fail(b, change, "cannot be read", 0);
	if (!is_one_of(seen, states)) {
		printf("old:\n%snew:\n%sseen:\n%s", states[0], states[1], seen);
		fail(b, change, "neither the old nor the new state", 0);
	}
	result = lfs_start_change(&b->fs);
	/* Where a block is bad and none is free, it can be read only. */
	if (result == -ENOSPC && b->geometry->bad_every) {
		free(seen);
		return;
	}
	if (result)
		fail(b, change, "cannot be finished", result);
	again = model_read(&b->fs);
	if (!again || strcmp(seen, again))
		fail(b, change, "finishing it changed what is seen", 0);
	result = mount(b);
	if (!result)
		result = lfs_count_used(&b->fs, &blocks);
	if (result)
		fail(b, change, "not sound after it was finished", result);
	/* A pair that a directory does not need, or that it was about to give back, may be left. */
	if (blocks > (used[0] > used[1] ? used[0] : used[1]) + 2)
		fail(b, change, "blocks were lost", (int)blocks);
	if (b->cuts % KEEP_EVERY == 0)
		save_image(b, again);
	free(seen);
	free(again);
}

static void cut_everywhere(struct bench *b, const struct model_change *change,
			   char *const states[2], const uint32_t used[2], uint32_t operations)
{
	uint8_t *done = malloc(b->size);

	if (!done)
		exit(2);
	memcpy(done, b->bytes, b->size);
	for (uint32_t at = 1; at <= operations; at++) {
		for (enum flash_cut cut = FLASH_CUT_CLEAN; cut <= FLASH_CUT_NOISE; cut++) {
			memcpy(b->bytes, b->snapshot, b->size);
			if (mount(b))
				fail(b, change, "does not mount again", 0);
			b->flash.cut = cut;
			b->flash.cut_at = at;
			b->flash.noise = at * 7919 + b->random;
			model_run(&b->fs, change);
			b->cuts++;
			check_after_cut(b, change, states, used);
			check_flash(b, change);
		}
	}
	memcpy(b->bytes, done, b->size);
	free(done);
	if (mount(b))
		fail(b, change, "does not mount in the end", 0);
}

static void run_cut_changes(struct bench *b, unsigned long count)
{
	while (count--) {
		struct model_change change = model_choose(&b->model, &b->random, max_bytes(b));
		uint32_t used[2] = { 0, 0 }, operations;
		char *states[2];

		if (mount(b))
			fail(b, &change, "does not mount", 0);
		lfs_count_used(&b->fs, &used[0]);
		mount(b);
		states[0] = model_manifest(&b->model);
		memcpy(b->snapshot, b->bytes, b->size);
		make_change(b, &change);
		operations = b->flash.operations;
		check_table(b, &change);
		check_index(b, &change);
		check_manifest(b, &change);
		states[1] = model_manifest(&b->model);
		lfs_count_used(&b->fs, &used[1]);
		cut_everywhere(b, &change, states, used, operations);
		free(states[0]);
		free(states[1]);
	}
}

int main(int argc, char **argv)
{
	unsigned long changes = argc > 1 ? strtoul(argv[1], NULL, 10) : 300;
	unsigned long cut_changes = argc > 2 ? strtoul(argv[2], NULL, 10) : 30;
	uint32_t seed = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1;
	static struct bench bench;
	unsigned long passed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(geometries); i++) {
		open_bench(&bench, &geometries[i], seed, argc > 4 ? argv[4] : NULL);
		run_changes(&bench, changes);
		run_cut_changes(&bench, cut_changes);
		printf("%s: %lu changes, %lu refused when full, %lu cuts, %lu tables, %lu marks\n",
		       geometries[i].name, bench.changes, bench.full, bench.cuts, bench.tables,
		       bench.marks);
		passed++;
		close_bench(&bench);
	}
	printf("littlefs model: %lu passed, 0 failed\n", passed);
	return 0;
}
