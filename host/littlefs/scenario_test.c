// SPDX-License-Identifier: GPL-2.0-only
/*
 * The power cut in each program and each erase of named changes, and a second time while what was
 * left is finished.
 *
 *	scenario_test CUTS [SEED [FOLDER [SCENARIO [GEOMETRY]]]]
 *
 * CUTS: at most so many for each scenario and geometry, evenly spread; 0 for all.  Into FOLDER go
 * images of the end, for another judge (tests/littlefs/test_written.py).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "commit.h"
#include "flash.h"
#include "make.h"
#include "model.h"
#include "mount.h"
#include "path.h"
#include "quota.h"
#include "recover.h"
#include "scenario.h"
#include "table.h"
#include "traverse.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BUFFER_BYTES	4096
#define NAME_BYTES	40
#define PROBE		"~probe"
#define BURN_BYTES_MAX	(1 << 20)
#define BURN_EVERY	8

struct geometry {
	uint32_t block_bytes, block_count, program_bytes, metadata_max;
};

static const struct geometry geometries[] = {
	{ 4096, 16, 1, 0 },	 { 4096, 16, 16, 0 },	   { 4096, 16, 256, 0 },
	{ 4096, 16, 4096, 0 },	 { 4096, 128, 1, 0 },	   { 4096, 128, 16, 0 },
	{ 4096, 128, 256, 0 },	 { 4096, 128, 4096, 0 },   { 65536, 32, 1, 0 },
	{ 65536, 32, 16, 0 },	 { 65536, 32, 256, 0 },	   { 65536, 32, 4096, 0 },
	{ 262144, 16, 1, 65536 }, { 262144, 16, 16, 65536 }, { 262144, 16, 256, 65536 },
	{ 262144, 16, 4096, 65536 },
};

/**
 * struct bench - a scenario on a geometry
 * @bytes: the flash; @snapshot: as it was before the scenario
 * @states: what is seen before the first step, and behind each
 * @used: how many blocks the files have then
 * @ends: the last operation of each step
 */
struct bench {
	const struct scenario *scenario;
	const struct geometry *geometry;
	char name[NAME_BYTES];
	struct flash flash;
	struct lfs_fs fs;
	struct lfs_quota quota;
	uint8_t *bytes, *snapshot, *unstable, *faults, *touched;
	size_t size;
	char *states[STEPS_MAX + 1];
	uint32_t used[STEPS_MAX + 1], ends[STEPS_MAX], steps;
	uint32_t seed, cut_at, second_at;
	enum flash_cut cut, second;
};

static unsigned long cuts, double_cuts;
static uint8_t buffer[BUFFER_BYTES];

static void fail(const struct bench *b, const char *what, int result)
{
	printf("FAIL %s, %s: cut %d in operation %u, then %d in %u, seed %u: %s: %d\n",
	       b->scenario->name, b->name, b->cut, b->cut_at, b->second, b->second_at, b->seed, what,
	       result);
	exit(1);
}

static uint32_t next(uint32_t *random)
{
	*random = *random * 1664525u + 1013904223u;
	return *random >> 8;
}

/* Small, so that commits are longer. */
static uint32_t buffer_bytes(const struct geometry *g)
{
	return g->program_bytes > 64 ? g->program_bytes : 64;
}

/* Power on: nothing is known of before. */
static void start_flash(struct bench *b)
{
	static const uint32_t rates[] = { 128, 16, 240 };
	const struct geometry *g = b->geometry;

	flash_init(&b->flash, b->bytes, b->size, g->block_bytes, g->program_bytes);
	b->flash.faults = b->faults;
	b->flash.unstable = b->unstable;
	b->flash.touched = b->touched;
	b->flash.zeros_per_256 = rates[(b->seed + b->cut_at) % ARRAY_SIZE(rates)];
	b->flash.read_noise = b->seed * 31 + b->cut_at;
}

static int mount_flash(struct bench *b)
{
	const struct geometry *g = b->geometry;
	const struct lfs_config config = {
		.buffer = buffer,
		.buffer_bytes = buffer_bytes(g),
		.metadata_max = b->scenario->metadata_max ? b->scenario->metadata_max :
							    g->metadata_max,
		.inline_max = 200,
		.wear_cycles = b->scenario->wear_cycles,
	};
	int result = lfs_mount(&b->fs, &b->flash.device);

	lfs_quota_init(&b->quota, b->scenario->app_blocks, 0);
	b->fs.quota = &b->quota;
	if (!result)
		result = lfs_start_writing(&b->fs, &config);
	if (!result && b->quota.is_enforced)
		result = lfs_quota_set(&b->fs, SCENARIO_APP, b->scenario->app_blocks);
	if (!result && b->quota.is_enforced)
		result = lfs_quota_set(&b->fs, SCENARIO_OTHER, b->scenario->other_blocks);
	return result;
}

static int mount(struct bench *b)
{
	start_flash(b);
	return mount_flash(b);
}

static void must(struct bench *b, int result, const char *what)
{
	if (result)
		fail(b, what, result);
}

/* Only what was touched is another than in the snapshot. */
static void restore(struct bench *b)
{
	size_t block_bytes = b->geometry->block_bytes;

	for (uint32_t i = 0; i < b->geometry->block_count; i++) {
		if (!b->touched[i])
			continue;
		memcpy(b->bytes + i * block_bytes, b->snapshot + i * block_bytes, block_bytes);
		memset(b->unstable + i * block_bytes, 0, block_bytes);
		b->touched[i] = 0;
	}
}

static void run_all(struct bench *b, const struct step *step)
{
	for (; step->kind != STEP_NONE; step++)
		must(b, step_run(&b->fs, step) - step->result, step->path);
}

/* The block that the pair of a directory is compacted to next. */
static void wear_out(struct bench *b, const char *path)
{
	struct lfs_entry entry;

	must(b, path_find(&b->fs, path, &entry), path);
	must(b, lfs_table_load(&b->fs, entry.child), path);
	b->faults[b->fs.table.pair.blocks[1]] = FLASH_FAULT_PROGRAM_ERROR;
}

static void open_bench(struct bench *b, const struct scenario *scenario, const struct geometry *g,
		       uint32_t seed)
{
	const struct lfs_limits limits = { LFS_VERSION_2_1, g->block_count, 255,
					   LFS_FILE_LIMIT_BYTES, 1022 };

	memset(b, 0, sizeof(*b));
	b->scenario = scenario;
	b->geometry = g;
	b->seed = seed;
	snprintf(b->name, sizeof(b->name), "%uKx%u p%u", g->block_bytes / 1024, g->block_count,
		 g->program_bytes);
	b->size = (size_t)g->block_bytes * g->block_count;
	b->bytes = calloc(1, b->size);
	b->snapshot = malloc(b->size);
	b->unstable = calloc(1, b->size);
	b->faults = calloc(1, g->block_count);
	b->touched = calloc(1, g->block_count);
	if (!b->bytes || !b->snapshot || !b->unstable || !b->faults || !b->touched)
		exit(2);
	start_flash(b);
	must(b, lfs_make(&b->fs, &b->flash.device, &limits, buffer, buffer_bytes(g)), "make");
	must(b, mount(b), "first mount");
	run_all(b, scenario_base);
	run_all(b, scenario->setup);
	for (int i = 0; i < WORN_MAX && scenario->worn[i]; i++)
		wear_out(b, scenario->worn[i]);
	memcpy(b->snapshot, b->bytes, b->size);
	memset(b->touched, 0, g->block_count);
}

static void close_bench(struct bench *b)
{
	for (uint32_t i = 0; i <= b->steps; i++)
		free(b->states[i]);
	free(b->bytes);
	free(b->snapshot);
	free(b->unstable);
	free(b->faults);
	free(b->touched);
}

/* Mounts, and makes a change that nobody sees: what was left must be finished for that. */
static int finish(struct bench *b)
{
	int result = mount_flash(b);

	if (!result)
		result = lfs_start_change(&b->fs);
	return result ? result : lfs_commit(&b->fs, b->fs.root, NULL, 0);
}

static uint32_t count_directories(const char *manifest)
{
	uint32_t count = 0;

	for (const char *line = manifest; line && *line; line = strchr(line, '\n') + 1)
		count += *line == 'd';
	return count;
}

/* Each block in use is charged to somebody, and a count says the same of each owner. */
static void check_accounts(struct bench *b)
{
	struct lfs_quota before;
	struct lfs_account account;
	uint32_t used = 0, charged = 0;

	if (!b->quota.is_counted || b->fs.has_orphans)
		return;
	before = b->quota;
	must(b, lfs_count_used(&b->fs, &used), "count of what is used");
	for (uint32_t i = 0; i < before.count; i++)
		charged += before.accounts[i].used;
	must(b, (int)(charged - used), "other blocks charged than used");
	lfs_quota_forget(&b->fs);
	for (uint32_t i = 0; i < before.count; i++) {
		must(b, lfs_quota_get(&b->fs, before.accounts[i].owner, &account), "count of accounts");
		must(b, (int)(account.used - before.accounts[i].used), "a count says something else");
	}
}

/*
 * How many blocks the files have.  No pair may be there without need: each begins a directory, or has
 * entries of one.
 */
static uint32_t count_used(struct bench *b, const char *manifest)
{
	struct lfs_list list;
	uint32_t used = 0, pairs = 0, heads = 0;
	bool is_inner = false;
	int more;

	must(b, mount(b), "mount to count");
	must(b, lfs_count_used(&b->fs, &used), "count");
	list = lfs_list_make(&b->fs);
	while ((more = lfs_list_next(&b->fs, &list)) == 1) {
		pairs++;
		heads += !is_inner;
		if (is_inner && !b->fs.table.count)
			fail(b, "a pair without entries", (int)b->fs.table.pair.blocks[0]);
		is_inner = b->fs.table.pair.is_split;
	}
	must(b, more, "list of pairs");
	if (heads != count_directories(manifest))
		fail(b, "a directory without a name", (int)heads);
	return used - 2 * pairs;
}

/* What is seen and used behind the first @steps. */
static void learn_state(struct bench *b, uint32_t steps)
{
	const struct step *run = b->scenario->run;

	restore(b);
	must(b, mount(b), "mount");
	for (uint32_t i = 0; i < steps; i++) {
		must(b, step_run(&b->fs, &run[i]) - run[i].result, run[i].path);
		b->ends[i] = b->flash.operations;
	}
	must(b, (int)b->flash.dirty_programs, "programs of what is not blank");
	check_accounts(b);
	b->states[steps] = model_read(&b->fs);
	start_flash(b);
	must(b, finish(b), "finish");
	if (!b->states[steps])
		fail(b, "cannot be read", 0);
	b->used[steps] = count_used(b, b->states[steps]);
}

static void learn(struct bench *b)
{
	while (b->steps < STEPS_MAX && b->scenario->run[b->steps].kind != STEP_NONE)
		b->steps++;
	for (uint32_t i = 0; i <= b->steps; i++)
		learn_state(b, i);
}

static void check_seen(struct bench *b, const char *wanted)
{
	char *seen = model_read(&b->fs);

	if (!seen)
		fail(b, "cannot be read", 0);
	if (strcmp(seen, wanted)) {
		printf("wanted:\n%sseen:\n%s", wanted, seen);
		fail(b, "not what was there", 0);
	}
	free(seen);
}

/* One of two states, which is returned. */
static uint32_t find_state(struct bench *b, uint32_t step)
{
	char *seen = model_read(&b->fs);
	uint32_t state;

	if (!seen)
		fail(b, "cannot be read", 0);
	for (state = step; state <= step + 1; state++)
		if (!strcmp(seen, b->states[state]))
			break;
	if (state > step + 1) {
		printf("old:\n%snew:\n%sseen:\n%s", b->states[step], b->states[step + 1], seen);
		fail(b, "neither the old nor the new state", 0);
	}
	free(seen);
	return state;
}

/* Everything that is believed to be free is erased and written. */
static void burn(struct bench *b)
{
	const struct step steps[] = {
		{ STEP_CREATE, .path = PROBE }, { STEP_FILL, .path = PROBE }, { STEP_REMOVE, .path = PROBE },
	};
	int result;

	b->quota.is_enforced = false;
	result = step_run(&b->fs, &steps[0]);
	if (result == -ENOSPC)
		return;
	must(b, result, "create of the probe");
	must(b, step_run(&b->fs, &steps[1]), "write of the probe");
	must(b, step_run(&b->fs, &steps[2]), "remove of the probe");
}

static void check_after_cut(struct bench *b, uint32_t step)
{
	uint32_t state, used;

	start_flash(b);
	must(b, mount_flash(b), "does not mount");
	state = find_state(b, step);
	must(b, lfs_start_change(&b->fs), "cannot be finished");
	must(b, lfs_commit(&b->fs, b->fs.root, NULL, 0), "cannot be changed");
	check_seen(b, b->states[state]);
	check_accounts(b);
	must(b, (int)b->flash.dirty_programs, "programs of what is not blank");
	used = count_used(b, b->states[state]);
	check_seen(b, b->states[state]);
	if (used != b->used[state])
		fail(b, "other blocks in use than without a cut", (int)(used - b->used[state]));
	/* That takes long on large devices. */
	if (b->size > BURN_BYTES_MAX && cuts % BURN_EVERY)
		return;
	burn(b);
	must(b, (int)b->flash.dirty_programs, "programs of what is not blank");
	must(b, mount(b), "mount in the end");
	check_seen(b, b->states[state]);
}

/* Returns the step in which the power failed. */
static uint32_t run_cut(struct bench *b)
{
	uint32_t i = 0;

	restore(b);
	must(b, mount(b), "mount before a cut");
	b->flash.cut = b->cut;
	b->flash.cut_at = b->cut_at;
	b->flash.noise = b->seed + b->cut_at * 7919;
	while (!b->flash.is_off && i < b->steps)
		step_run(&b->fs, &b->scenario->run[i++]);
	if (!b->flash.is_off)
		fail(b, "the power did not fail", (int)b->flash.operations);
	return i ? i - 1 : 0;
}

/* The second cut is in any operation of the repair. */
static void cut_again(struct bench *b, uint32_t *random)
{
	uint32_t operations, step = run_cut(b);

	start_flash(b);
	must(b, finish(b), "finish before a second cut");
	operations = b->flash.operations;
	if (!operations)
		return;
	run_cut(b);
	b->second_at = 1 + next(random) % operations;
	b->second = next(random) % FLASH_CUTS;
	start_flash(b);
	b->flash.cut_at = b->second_at;
	b->flash.cut = b->second;
	b->flash.noise = next(random);
	finish(b);
	check_after_cut(b, step);
	b->second_at = 0;
	b->second = 0;
	double_cuts++;
}

static void cut_everywhere(struct bench *b, uint32_t limit)
{
	uint32_t operations = b->ends[b->steps - 1], all = operations * FLASH_CUTS;
	uint32_t count = limit && limit < all ? limit : all, random = b->seed;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t number = (uint32_t)((uint64_t)i * all / count);

		/* Neighbours are other kinds of cuts. */
		b->cut_at = 1 + number / FLASH_CUTS;
		b->cut = (number + i) % FLASH_CUTS;
		if (count == all)
			b->cut = number % FLASH_CUTS;
		check_after_cut(b, run_cut(b));
		cuts++;
		if (count == all || i % 4 == 0)
			cut_again(b, &random);
	}
}

static void save(const struct bench *b, const char *folder, const char *end, const void *bytes,
		 size_t size)
{
	static unsigned int number;
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/s%u-%u-%u.%s", folder, number / 2, b->geometry->block_bytes,
		 b->geometry->program_bytes, end);
	number++;
	file = fopen(path, "w");
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(2);
	}
}

static void run_scenario(const struct scenario *scenario, const struct geometry *g,
			 uint32_t limit, uint32_t seed, const char *folder)
{
	static struct bench bench;

	open_bench(&bench, scenario, g, seed);
	learn(&bench);
	if (limit != UINT32_MAX)
		cut_everywhere(&bench, limit);
	if (folder) {
		learn_state(&bench, bench.steps);
		save(&bench, folder, "img", bench.bytes, bench.size);
		save(&bench, folder, "manifest", bench.states[bench.steps],
		     strlen(bench.states[bench.steps]));
	}
	close_bench(&bench);
}

static bool is_wanted(const char *wanted, const char *name)
{
	return !wanted || !*wanted || !strcmp(wanted, name);
}

int main(int argc, char **argv)
{
	uint32_t limit = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 20;
	uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1;
	const char *folder = argc > 3 && *argv[3] ? argv[3] : NULL;
	unsigned long count = 0;

	for (size_t s = 0; s < scenario_count; s++) {
		if (!is_wanted(argc > 4 ? argv[4] : NULL, scenarios[s].name))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(geometries); i++) {
			if (argc > 5 && strtoul(argv[5], NULL, 10) != i)
				continue;
			run_scenario(&scenarios[s], &geometries[i], limit, seed, folder);
			count++;
		}
		/* The whole takes minutes. */
		if (!limit)
			fprintf(stderr, "%zu of %zu: %s: %lu cuts so far\n", s + 1, scenario_count,
				scenarios[s].name, cuts + double_cuts);
	}
	printf("littlefs scenarios: %zu on %zu geometries: %lu cuts, %lu double cuts, 0 wrong, seed %u\n",
	       scenario_count, ARRAY_SIZE(geometries), cuts, double_cuts, seed);
	return count ? 0 : 1;
}
