// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks that fail: with an error, without one, for a while, on a full device, in the first pair;
 * and blocks that wear out.
 *
 *	fault_test [CHANGES [SEED]]
 *
 * Random changes, compared with a model.  A change may be refused when there is no room, or when the
 * filesystem can be read only; what was synced is there in any case, and after a mount.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "flash.h"
#include "make.h"
#include "model.h"
#include "mount.h"
#include "path.h"
#include "recover.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BLOCK_BYTES	4096
#define BLOCKS_MAX	64
#define BUFFER_BYTES	256
#define FILE_BYTES_MAX	6000

/* Of the blocks that are erased at all, the most worn one and the average of all. */
#define SPREAD_MAX	4

struct bench {
	struct flash flash;
	struct lfs_fs fs;
	uint8_t bytes[BLOCK_BYTES * BLOCKS_MAX], faults[BLOCKS_MAX];
	uint32_t erase_counts[BLOCKS_MAX], erases_max, blocks, wear_cycles, random;
	struct model model;
	const char *name;
	enum flash_fault fault;
	unsigned long changes, refused, broken, needless;
};

static struct bench bench;
static uint8_t buffer[BUFFER_BYTES];
static unsigned long all_changes, all_refused, all_broken;

static void fail(const struct bench *b, const char *what, int result)
{
	printf("FAIL %s, fault %d: change %lu: %s: %d\n", b->name, b->fault, b->changes, what, result);
	exit(1);
}

static int mount(struct bench *b)
{
	const struct lfs_config config = {
		.buffer = buffer,
		.buffer_bytes = sizeof(buffer),
		.inline_max = 200,
		.wear_cycles = b->wear_cycles,
	};
	uint32_t operations = b->flash.operations, faults_end = b->flash.faults_end;
	int result;

	flash_init(&b->flash, b->bytes, (size_t)b->blocks * BLOCK_BYTES, BLOCK_BYTES, 1);
	b->flash.faults = b->faults;
	b->flash.operations = operations;
	b->flash.faults_end = faults_end;
	b->flash.erase_counts = b->erase_counts;
	b->flash.erases_max = b->erases_max;
	result = lfs_mount(&b->fs, &b->flash.device);
	return result ? result : lfs_start_writing(&b->fs, &config);
}

static void open_bench(struct bench *b, const char *name, uint32_t blocks, uint32_t seed)
{
	const struct lfs_limits limits = { LFS_VERSION_2_1, blocks, 255, LFS_FILE_LIMIT_BYTES, 1022 };
	int result;

	model_free(&b->model);
	memset(b, 0, sizeof(*b));
	b->name = name;
	b->blocks = blocks;
	b->random = seed;
	flash_init(&b->flash, b->bytes, (size_t)blocks * BLOCK_BYTES, BLOCK_BYTES, 1);
	result = lfs_make(&b->fs, &b->flash.device, &limits, buffer, sizeof(buffer));
	if (!result)
		result = mount(b);
	if (result)
		fail(b, "cannot be made", result);
}

static bool shows(struct bench *b)
{
	char *wanted = model_manifest(&b->model), *seen = model_read(&b->fs);
	bool is_same = seen && !strcmp(wanted, seen);

	free(wanted);
	free(seen);
	return is_same;
}

/* What was refused has not happened; what ended half-way has or has not, after the next mount. */
static void check(struct bench *b, const struct model_change *change)
{
	if (shows(b))
		return;
	if (!b->fs.is_broken)
		fail(b, "shows something else", 0);
	if (mount(b))
		fail(b, "does not mount after it ended half-way", 0);
	if (shows(b))
		return;
	model_apply(&b->model, change);
	if (!shows(b))
		fail(b, "neither the old nor the new state", 0);
}

/* There was room, even if some of the free blocks are bad. */
static bool is_half_empty(struct bench *b)
{
	uint32_t used = 0;

	return !lfs_count_used(&b->fs, &used) && used < b->blocks / 2;
}

static int make_change(struct bench *b)
{
	struct model_change change = model_choose(&b->model, &b->random, FILE_BYTES_MAX);
	int result = model_run(&b->fs, &change);

	b->changes++;
	if (!result)
		model_apply(&b->model, &change);
	else if (result == -ENOSPC || result == -EROFS || b->fs.is_broken)
		b->refused++;
	else
		fail(b, "another error", result);
	b->broken += b->fs.is_broken;
	b->needless += result && (b->fs.is_broken || is_half_empty(b));
	check(b, &change);
	if (b->fs.is_broken && mount(b))
		fail(b, "does not mount again", 0);
	/* Where an erase did nothing without a word, that is seen by reading back. */
	if (b->flash.dirty_programs && !b->flash.faults_end)
		fail(b, "programmed what was not blank", (int)b->flash.dirty_programs);
	return result;
}

static void run_changes(struct bench *b, unsigned long count)
{
	while (count--) {
		make_change(b);
		if (b->changes % 10)
			continue;
		if (mount(b))
			fail(b, "does not mount", 0);
		if (!shows(b))
			fail(b, "shows something else after a mount", 0);
	}
	all_changes += b->changes;
	all_refused += b->refused;
	all_broken += b->broken;
}

/* Fills the device with what the model has, too. */
static void fill(struct bench *b)
{
	while (make_change(b) != -ENOSPC)
		;
}

static const struct {
	const char *name;
	uint32_t first, every;	/* the blocks that fail */
	uint32_t blocks;
	uint32_t end;		/* after how many operations it is over, 0 for never */
	bool is_full;		/* when the device is full */
	bool is_refusing;	/* changes may be refused while half of the device is free */
} cases[] = {
	{ "one block", 5, 64, 64, 0, false, false },
	{ "blocks here and there", 2, 5, 64, 0, false, false },
	{ "most blocks", 3, 2, 64, 0, false, true },
	{ "for a while", 2, 3, 64, 300, false, false },
	{ "all but the first pair", 2, 1, 64, 0, false, true },
	{ "on a full device", 2, 3, 24, 0, true, true },
	{ "a block of the first pair", 1, 64, 32, 0, false, true },
	{ "the first pair", 0, 64, 32, 0, false, true },
};

static void try_fault(size_t number, enum flash_fault fault, unsigned long changes, uint32_t seed)
{
	struct bench *b = &bench;

	open_bench(b, cases[number].name, cases[number].blocks, seed);
	b->wear_cycles = 1 + seed % 4 * 20;
	if (mount(b))
		fail(b, "does not mount", 0);
	for (int i = 0; i < 10; i++)
		make_change(b);
	if (cases[number].is_full)
		fill(b);
	b->refused = 0;
	b->needless = 0;
	b->fault = fault;
	/* What is read no more is lost: only blocks that nothing is on yet. */
	for (uint32_t i = cases[number].first; i < b->blocks; i += cases[number].every)
		b->faults[i] = fault;
	b->flash.faults_end = cases[number].end ? b->flash.operations + cases[number].end : 0;
	run_changes(b, changes);
	if (b->needless && !cases[number].is_refusing)
		fail(b, "refused without need", (int)b->needless);
}

/* A block that cannot be read from the begin on is not used. */
static void try_unreadable(unsigned long changes, uint32_t seed)
{
	open_bench(&bench, "unreadable blocks", 64, seed);
	for (uint32_t i = 2; i < bench.blocks; i += 4)
		bench.faults[i] = FLASH_FAULT_READ_ERROR;
	run_changes(&bench, changes);
	if (bench.needless)
		fail(&bench, "refused without need", (int)bench.needless);
}

/* How many changes a device lives for whose blocks fail after some erases. */
static unsigned long live(uint32_t blocks, uint32_t seed)
{
	struct bench *b = &bench;
	unsigned long refused_in_a_row = 0;
	char name[16];
	uint8_t data[5000];

	open_bench(b, "wearing out", blocks, seed);
	b->wear_cycles = 5;
	b->erases_max = 40;
	if (mount(b))
		fail(b, "does not mount", 0);
	while (refused_in_a_row < 3) {
		snprintf(name, sizeof(name), "f%lu", b->changes % 4);
		memset(data, (int)b->changes, sizeof(data));
		int result = path_create(&b->fs, name);

		if (!result || result == -EEXIST)
			result = path_write(&b->fs, name, 0, data, sizeof(data));
		if (result && result != -ENOSPC && result != -EROFS)
			fail(b, "another error", result);
		refused_in_a_row = result ? refused_in_a_row + 1 : 0;
		b->changes++;
	}
	/* What is there can be read. */
	char *before = model_read(&b->fs), *after = NULL;

	if (!mount(b))
		after = model_read(&b->fs);
	if (!before || !after || strcmp(before, after))
		fail(b, "lost at the end of its life", 0);
	free(before);
	free(after);
	return b->changes;
}

static void check_life(uint32_t seed)
{
	unsigned long one = live(24, seed), two = live(48, seed);

	printf("blocks that fail after 40 erases: 24 live for %lu changes, 48 for %lu\n", one, two);
	if (two < one * 17 / 10)
		fail(&bench, "twice the blocks do not live twice as long", (int)(two * 100 / one));
}

/* The same file again and again: all blocks get their share. */
static void check_spread(uint32_t wear_cycles, uint32_t seed)
{
	struct bench *b = &bench;
	uint32_t most = 0, sum = 0;
	uint8_t data[3000];

	open_bench(b, "wear levelling", 32, seed);
	b->wear_cycles = wear_cycles;
	if (mount(b) || path_create(&b->fs, "f"))
		fail(b, "cannot begin", 0);
	for (; b->changes < 4000; b->changes++) {
		memset(data, (int)b->changes, sizeof(data));
		if (path_write(&b->fs, "f", 0, data, b->changes % 3 ? 100 : sizeof(data)))
			fail(b, "write", 0);
	}
	for (uint32_t i = 2; i < b->blocks; i++) {
		sum += b->erase_counts[i];
		most = b->erase_counts[i] > most ? b->erase_counts[i] : most;
	}
	printf("wear cycles %u: the average block was erased %u times, the most worn one %u times, 0 and 1 %u\n",
	       wear_cycles, sum / (b->blocks - 2), most, b->erase_counts[0] + b->erase_counts[1]);
	if (most * (b->blocks - 2) > SPREAD_MAX * sum)
		fail(b, "one block was erased too often", (int)most);
}

int main(int argc, char **argv)
{
	unsigned long changes = argc > 1 ? strtoul(argv[1], NULL, 10) : 30;
	uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (enum flash_fault fault = FLASH_FAULT_ERROR; fault < FLASH_FAULTS; fault++)
			if (fault != FLASH_FAULT_READ_ERROR)
				try_fault(i, fault, changes, seed);
	try_unreadable(changes, seed);
	printf("littlefs faults: %lu changes, %lu refused, %lu of them half-way, seed %u\n", all_changes,
	       all_refused, all_broken, seed);
	for (uint32_t cycles = 1; cycles <= 5; cycles++)
		check_spread(cycles, seed);
	check_life(seed);
	return 0;
}
