// SPDX-License-Identifier: GPL-2.0-only
/*
 * What littlefs costs, beside what the upstream implementation costs with the same work.
 *
 *	workloads [FILE]
 *
 * Prints a table, and writes the figures to FILE, one flat JSON object.  Ends with status 1 when one
 * of them is over its limit.  All of them are counted, so that they are the same each time.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "format.h"
#include "workload.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define UPSTREAM	3	/* of the shapes, the first ones */
#define NONE		INFINITY

static const struct {
	const char *name;
	struct workload_flash flash;
} shapes[] = {
	{ "4k", { 4096, 2048, 16, 0, 512 } },
	{ "64k", { 65536, 256, 16, 0, 512 } },
	{ "64k_max4k", { 65536, 256, 16, 4096, 512 } },
	{ "4k_program4", { 4096, 2048, 4, 0, 16384 } },
	{ "256k", { 262144, 16, 4, 65536, 16384 } },
};

/* With a larger unit each append programs one that the next append would have to program again. */
static bool has_small_unit(const struct workload_flash *flash)
{
	return flash->program_bytes <= LFS_POINTER_BYTES;
}

/* One pair is read in any case. */
static bool has_small_metadata(const struct workload_flash *flash)
{
	return flash->block_bytes <= 4096 || flash->metadata_max == 4096;
}

/*
 * Upstream's figures are those of library 2.11.2 for the first shapes; a last digit of theirs is
 * worth @digit.  @aim is what is wanted of ours, on shapes for which @applies, or on all.
 */
static const struct {
	const char *name;
	double digit;
	double upstream[UPSTREAM];
	double aim;
	bool (*applies)(const struct workload_flash *flash);
} rows[COSTS] = {
	[COST_WRITE_READ] = { "write_read_per_byte", 0.01, { 1.01, 1.00, 1.00 }, NONE },
	[COST_WRITE_PROGRAMMED] = { "write_programmed_per_byte", 0.01, { 1.00, 1.00, 1.00 }, NONE },
	[COST_WRITE_ERASED] = { "write_erased_per_byte", 0.01, { 1.00, 1.06, 1.06 }, NONE },
	[COST_READ_READ] = { "read_read_per_byte", 0.01, { 1.02, 1.00, 1.00 }, NONE },
	[COST_RANDOM_READ] = { "random_read_per_byte", 0.1, { 5.0, 4.5, 4.5 }, NONE },
	[COST_OVERWRITE_READ] = { "overwrite_read_per_byte", 1, { 239, 245, 245 }, NONE },
	[COST_OVERWRITE_PROGRAMMED] = { "overwrite_programmed_per_byte", 1, { 117, 122, 122 }, NONE },
	[COST_OVERWRITE_ERASED] = { "overwrite_erased_per_byte", 1, { 117, 138, 138 }, NONE },
	[COST_APPEND_READ] = { "append_read_per_byte", 1, { 76, 508, 513 }, NONE },
	[COST_APPEND_PROGRAMMED] = { "append_programmed_per_byte", 1, { 33, 251, 251 }, 4, has_small_unit },
	[COST_APPEND_ERASED] = { "append_erased_per_byte", 1, { 65, 1016, 1024 }, 8, has_small_unit },
	[COST_CREATE_READ] = { "create_read_bytes", 100, { 75500, 130000, 75600 }, NONE },
	[COST_CREATE_PROGRAMMED] = { "create_programmed_bytes", 1, { 270, 169, 253 }, NONE },
	[COST_CREATE_ERASES] = { "create_erases", 0.01, { 0.10, 0.01, 0.09 }, NONE },
	[COST_STAT_READ] = { "stat1000_read_bytes", 1000, { 52000, 92000, 54000 }, 8192,
			     has_small_metadata },
	[COST_READDIR_READ] = { "readdir_read_bytes", 100, { 1800, 17800, 1800 }, NONE },
	[COST_MOUNT_READ] = { "mount_read_bytes", 1000, { 128000, 202000, 132000 }, NONE },
	[COST_FIRST_WRITE_READ] = { "first_write_read_bytes", 10000, { 920000, 8970000, 940000 },
				    NONE },
	[COST_REMOVE_READ] = { "remove_read_bytes", 1000, { 59000, 81000, 58000 }, NONE },
	[COST_REMOVE_PROGRAMMED] = { "remove_programmed_bytes", 1, { 48, NONE, NONE }, NONE },
	[COST_COMPACT_READ] = { "compact_read_per_byte", 1, { NONE, NONE, NONE }, 3 },
};

/* Figures whose names do not have the shape. */
static const struct {
	size_t shape;
	enum cost row;
} headlines[] = {
	{ 3, COST_APPEND_PROGRAMMED },
	{ 3, COST_APPEND_ERASED },
	{ 0, COST_STAT_READ },
};

static double costs[ARRAY_SIZE(shapes)][COSTS];

static double limit_of(size_t shape, enum cost row)
{
	double limit = NONE;

	if (!rows[row].applies || rows[row].applies(&shapes[shape].flash))
		limit = rows[row].aim;
	if (shape < UPSTREAM)
		limit = fmin(limit, rows[row].upstream[shape] + rows[row].digit / 2);
	return limit;
}

static void print_heads(void)
{
	printf("| |");
	for (size_t shape = 0; shape < ARRAY_SIZE(shapes); shape++)
		printf(" %s |%s", shapes[shape].name, shape < UPSTREAM ? " upstream |" : "");
	printf("\n|---|");
	for (size_t column = 0; column < ARRAY_SIZE(shapes) + UPSTREAM; column++)
		printf("--:|");
	putchar('\n');
}

/* Digits as they are worth reading. */
static void print_number(double number)
{
	if (isinf(number))
		printf(" - |");
	else
		printf(" %.*f |", number < 100 ? 2 : 0, number);
}

static unsigned int print_row(enum cost row)
{
	unsigned int over = 0;

	printf("| %s |", rows[row].name);
	for (size_t shape = 0; shape < ARRAY_SIZE(shapes); shape++) {
		print_number(costs[shape][row]);
		if (shape < UPSTREAM)
			print_number(rows[row].upstream[shape]);
		over += costs[shape][row] > limit_of(shape, row);
	}
	putchar('\n');
	for (size_t shape = 0; shape < ARRAY_SIZE(shapes); shape++)
		if (costs[shape][row] > limit_of(shape, row))
			fprintf(stderr, "%s of %s: %g, over its limit of %g\n", rows[row].name,
				shapes[shape].name, costs[shape][row], limit_of(shape, row));
	return over;
}

static void write_json(const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out) {
		perror(path);
		exit(2);
	}
	fprintf(out, "{");
	for (size_t i = 0; i < ARRAY_SIZE(headlines); i++)
		fprintf(out, "\n  \"littlefs_%s\": %.2f,", rows[headlines[i].row].name,
			costs[headlines[i].shape][headlines[i].row]);
	for (size_t shape = 0; shape < ARRAY_SIZE(shapes); shape++)
		for (int row = 0; row < COSTS; row++)
			fprintf(out, "%s\n  \"littlefs_%s_%s\": %.2f", shape || row ? "," : "",
				shapes[shape].name, rows[row].name, costs[shape][row]);
	fprintf(out, "\n}\n");
	if (fclose(out)) {
		perror(path);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	unsigned int over = 0;

	for (size_t shape = 0; shape < ARRAY_SIZE(shapes); shape++)
		workload_run(&shapes[shape].flash, costs[shape]);
	print_heads();
	for (int row = 0; row < COSTS; row++)
		over += print_row(row);
	if (argc > 1)
		write_json(argv[1]);
	printf("littlefs workloads: %u over their limits\n", over);
	return over ? 1 : 0;
}
