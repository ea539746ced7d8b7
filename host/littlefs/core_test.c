// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of the core: promises that random changes do not look at. */
#include <assert.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alloc.h"
#include "attr.h"
#include "ctz.h"
#include "file.h"
#include "flash.h"
#include "make.h"
#include "mount.h"
#include "path.h"
#include "recover.h"
#include "table.h"

#define BLOCK_BYTES	4096
#define BLOCKS		32
#define BUFFER_BYTES	512

static_assert(sizeof(struct lfs_fs) <= 4096, "a mount with a buffer of 4 KiB takes 8 KiB");
static_assert(sizeof(struct lfs_file) + BUFFER_BYTES <= 1024, "an open file takes 1 KiB");

static uint8_t bytes[BLOCK_BYTES * BLOCKS], buffer[BUFFER_BYTES], file_buffer[BUFFER_BYTES];
static struct flash flash;
static struct lfs_fs fs;

static void mount_blocks(uint32_t block_bytes)
{
	const struct lfs_config config = {
		.buffer = buffer,
		.buffer_bytes = sizeof(buffer),
		.inline_max = 200,
	};

	flash_init(&flash, bytes, sizeof(bytes), block_bytes, 1);
	assert_int_equal(lfs_mount(&fs, &flash.device), 0);
	assert_int_equal(lfs_start_writing(&fs, &config), 0);
}

static void mount(void)
{
	mount_blocks(BLOCK_BYTES);
}

static void make_blocks(uint32_t block_bytes)
{
	const struct lfs_limits limits = { LFS_VERSION_2_1, sizeof(bytes) / block_bytes, 255,
					   1000000, 1022 };

	flash_init(&flash, bytes, sizeof(bytes), block_bytes, 1);
	assert_int_equal(lfs_make(&fs, &flash.device, &limits, buffer, sizeof(buffer)), 0);
	mount_blocks(block_bytes);
}

static int make(void **state)
{
	(void)state;
	make_blocks(BLOCK_BYTES);
	return 0;
}

static void open_file(struct lfs_file *file, const char *path)
{
	struct lfs_entry entry;

	assert_int_equal(path_find(&fs, path, &entry), 0);
	lfs_file_open(&fs, file, &entry, file_buffer, sizeof(file_buffer));
}

/* Byte by byte: block n has the payload that its pointers leave. */
static void test_ctz_index(void **state)
{
	uint32_t index = 0, at = 0, seen;

	(void)state;
	for (uint32_t position = 0; position < 60000; position++) {
		if (at == 512) {
			index++;
			at = 4 * ((uint32_t)__builtin_ctz(index) + 1);
		}
		assert_int_equal(lfs_ctz_index(512, position, &seen), index);
		assert_int_equal(seen, at);
		at++;
	}
}

/* The longer of two names comes first, as upstream looks for them. */
static void test_order(void **state)
{
	static const char *const wanted[] = { "aaa", "aab", "aa", "a", "b" };
	struct lfs_entry entry;
	struct lfs_dir dir;

	(void)state;
	for (int i = 4; i >= 0; i--)
		assert_int_equal(path_create(&fs, wanted[i]), 0);
	dir = lfs_dir_make(&fs, fs.root);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(lfs_dir_next(&fs, &dir, &entry), 1);
		assert_int_equal(entry.name_bytes, strlen(wanted[i]));
		assert_memory_equal(bytes + entry.name_block * BLOCK_BYTES + entry.name_at,
				    wanted[i], entry.name_bytes);
	}
	assert_int_equal(lfs_dir_next(&fs, &dir, &entry), 0);
}

/* An open file keeps what it has when it is removed: inline, and in blocks. */
static void test_removed_file(void **state)
{
	static uint8_t wanted[20000], seen[20000];
	static const uint32_t sizes[] = { 100, 20000 };
	struct lfs_file file;
	uint32_t before, during, after;

	(void)state;
	memset(wanted, 0x5a, sizeof(wanted));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lfs_count_used(&fs, &before), 0);
		assert_int_equal(path_create(&fs, "f"), 0);
		assert_int_equal(path_write(&fs, "f", 0, wanted, sizes[i]), 0);
		open_file(&file, "f");
		assert_int_equal(path_remove(&fs, "f"), 0);
		for (int k = 0; k < 200; k++)
			assert_int_equal(path_set_attr(&fs, "", 1, wanted, 100), 0);
		assert_int_equal(lfs_count_used(&fs, &during), 0);
		assert_int_equal(lfs_file_read(&fs, &file, 0, seen, sizeof(seen)), sizes[i]);
		assert_memory_equal(seen, wanted, sizes[i]);
		lfs_file_close(&fs, &file);
		assert_int_equal(lfs_count_used(&fs, &after), 0);
		assert_int_equal(after, before);
		assert_int_equal(during > before, i);
	}
}

/* An open file is still that file under another name. */
static void test_renamed_file(void **state)
{
	struct lfs_file file;
	struct lfs_entry entry;

	(void)state;
	assert_int_equal(path_mkdir(&fs, "d"), 0);
	assert_int_equal(path_create(&fs, "f"), 0);
	open_file(&file, "f");
	assert_int_equal(path_rename(&fs, "f", "d/g"), 0);
	assert_int_equal(path_create(&fs, "f"), 0);
	assert_int_equal(lfs_file_write(&fs, &file, 0, "text", 4), 0);
	assert_int_equal(lfs_file_sync(&fs, &file), 0);
	lfs_file_close(&fs, &file);
	mount();
	assert_int_equal(path_find(&fs, "d/g", &entry), 0);
	assert_int_equal(entry.ctz.size, 4);
	assert_int_equal(path_find(&fs, "f", &entry), 0);
	assert_int_equal(entry.ctz.size, 0);
}

/* The last block goes on to be filled: upstream programs 33 bytes for each, and erases 65. */
static void test_append_cost(void **state)
{
	static uint8_t data[64];
	struct lfs_file file;
	uint64_t programmed = 0;
	uint32_t erases = 0;

	(void)state;
	assert_int_equal(path_create(&fs, "log"), 0);
	open_file(&file, "log");
	for (int i = 0; i < 1000; i++) {
		if (i == 100) {
			programmed = flash.bytes_programmed;
			erases = flash.erases;
		}
		assert_int_equal(lfs_file_write(&fs, &file, (uint32_t)i * 64, data, 64), 0);
		assert_int_equal(lfs_file_sync(&fs, &file), 0);
	}
	lfs_file_close(&fs, &file);
	programmed = flash.bytes_programmed - programmed;
	erases = flash.erases - erases;
	printf("append 64 bytes and sync: %.2f programmed, %.2f erased per byte\n",
	       (double)programmed / (900 * 64), (double)erases * BLOCK_BYTES / (900 * 64));
	assert_true(programmed <= 4 * 900 * 64);
	assert_true((uint64_t)erases * BLOCK_BYTES <= 8 * 900 * 64);
}

/* Who has counted the blocks knows which ones are free. */
static void test_count(void **state)
{
	uint32_t used, block, before;

	(void)state;
	assert_int_equal(path_create(&fs, "f"), 0);
	assert_int_equal(path_write(&fs, "f", 0, bytes, 3 * BLOCK_BYTES), 0);
	assert_int_equal(lfs_count_used(&fs, &used), 0);
	assert_int_equal(used, 2 + 4);
	before = (uint32_t)flash.bytes_read;
	lfs_alloc_start(&fs);
	for (uint32_t i = used; i < BLOCKS; i++)
		assert_int_equal(lfs_alloc(&fs, &block), 0);
	assert_int_equal(flash.bytes_read, before);
	assert_int_equal(lfs_alloc(&fs, &block), -ENOSPC);
}

#define MANY_FILES	499
#define SMALL_BLOCK	512

static const char *many_name(uint32_t number)
{
	static char name[32];

	snprintf(name, sizeof(name), "a-longer-name-%u", number * 131 % MANY_FILES);
	return name;
}

/* The numbers below @removed are not there any more, those from @created on not yet. */
static void check_many(uint32_t removed, uint32_t created)
{
	struct lfs_entry entry;

	for (uint32_t i = 0; i < MANY_FILES; i++)
		assert_int_equal(path_find(&fs, many_name(i), &entry),
				 i < removed || i >= created ? -ENOENT : 0);
}

/* A directory of more pairs than there are marks: not each has one. */
static void test_many_pairs(void **state)
{
	uint32_t pairs = 1;
	int result;

	(void)state;
	make_blocks(SMALL_BLOCK);
	for (uint32_t i = 0; i < MANY_FILES; i++) {
		assert_int_equal(path_create(&fs, many_name(i)), 0);
		if (i % 50 == 0)
			check_many(0, i + 1);
	}
	result = lfs_table_load(&fs, fs.root);
	for (; !result && fs.table.pair.is_split; pairs++)
		result = lfs_table_load(&fs, fs.table.pair.tail);
	assert_int_equal(result, 0);
	assert_true(pairs > LFS_MARKS_MAX);
	assert_int_equal(fs.index.count, LFS_MARKS_MAX);
	mount_blocks(SMALL_BLOCK);
	assert_true(fs.index.stride > 1);
	for (uint32_t i = 0; i < MANY_FILES; i++) {
		if (i % 50 == 0)
			check_many(i, MANY_FILES);
		assert_int_equal(path_remove(&fs, many_name(i)), 0);
	}
	check_many(MANY_FILES, MANY_FILES);
}

#define ATTR_FILES	20
#define ATTR_TYPES	5

/* Each attribute has another value; of some there are older ones, some were taken away. */
static uint32_t attr_bytes(uint32_t file, uint32_t type)
{
	return (file + type) % 3 ? 1 + (file * 7 + type * 3) % 20 : 0;
}

static void set_attr(uint32_t file, uint32_t type, uint32_t count)
{
	static uint8_t value[32];
	char name[16];

	snprintf(name, sizeof(name), "f%u", file);
	memset(value, (int)(file + 31 * type), sizeof(value));
	assert_int_equal(path_set_attr(&fs, name, type, count ? value : NULL, count), 0);
}

static void check_attrs(uint32_t file)
{
	struct lfs_entry entry;
	struct lfs_attr_walk walk;
	struct lfs_attr attr;
	uint32_t wanted = 0, seen = 0;
	char name[16];

	snprintf(name, sizeof(name), "f%u", file);
	assert_int_equal(path_find(&fs, name, &entry), 0);
	assert_int_equal(lfs_attr_start(&fs, entry.pair, entry.id, &walk), 0);
	for (uint32_t type = 0; type < ATTR_TYPES; type++)
		wanted += attr_bytes(file, type) > 0;
	for (; lfs_attr_next(&fs, &walk, &attr) == 1; seen++) {
		assert_int_equal(attr.bytes, attr_bytes(file, attr.type));
		assert_int_equal(bytes[attr.block * BLOCK_BYTES + attr.at],
				 (uint8_t)(file + 31 * attr.type));
	}
	assert_int_equal(seen, wanted);
}

/* Several types of attributes, through compactions, splits and changes of names. */
static void test_attrs(void **state)
{
	uint32_t erases = flash.erases;
	char name[16];

	(void)state;
	for (uint32_t i = 0; i < ATTR_FILES; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		assert_int_equal(path_create(&fs, name), 0);
	}
	for (uint32_t round = 0; round < 12; round++)
		for (uint32_t i = 0; i < ATTR_FILES; i++)
			set_attr(i, round % ATTR_TYPES, 1 + (round + i) % 20);
	for (uint32_t i = 0; i < ATTR_FILES; i++)
		for (uint32_t type = 0; type < ATTR_TYPES; type++)
			set_attr(i, type, attr_bytes(i, type));
	assert_true(flash.erases > erases + 2);
	for (uint32_t i = 0; i < ATTR_FILES; i++)
		check_attrs(i);
	for (uint32_t round = 0; round < 60; round++) {
		assert_int_equal(path_rename(&fs, "f3", "g"), 0);
		assert_int_equal(path_rename(&fs, "g", "f3"), 0);
	}
	for (uint32_t i = 0; i < ATTR_FILES; i++)
		check_attrs(i);
}

static void test_full(void **state)
{
	static uint8_t data[3000];
	char name[16];
	int result = 0, count = 0;

	(void)state;
	while (!result && count < 100) {
		snprintf(name, sizeof(name), "f%d", count++);
		result = path_create(&fs, name);
		if (!result)
			result = path_write(&fs, name, 0, data, sizeof(data));
	}
	assert_int_equal(result, -ENOSPC);
	assert_int_equal(path_rename(&fs, "f0", "other"), 0);
	assert_int_equal(path_set_attr(&fs, "f1", 1, "x", 1), 0);
	assert_int_equal(path_remove(&fs, "other"), 0);
	assert_int_equal(path_remove(&fs, "f1"), 0);
	assert_int_equal(path_write(&fs, "f2", 0, data, sizeof(data)), 0);
}

/* A block that an earlier change has left is found, wherever the window stands. */
static void test_last_free_blocks(void **state)
{
	static uint8_t data[3000];
	uint32_t used;
	char name[16];

	(void)state;
	for (uint32_t i = 0; i < BLOCKS - 4; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		assert_int_equal(path_create(&fs, name), 0);
		assert_int_equal(path_write(&fs, name, 0, data, sizeof(data)), 0);
	}
	for (uint32_t i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "f%u", i * 2654435761u % (BLOCKS - 4));
		assert_int_equal(path_write(&fs, name, 1000, "x", 1), 0);
	}
	assert_int_equal(lfs_count_used(&fs, &used), 0);
	assert_int_equal(used, BLOCKS - 2);
}

/* For each block a fault; none at first. */
static uint8_t faults[BLOCKS];

static void fail_blocks(uint32_t first, enum flash_fault fault)
{
	memset(faults, FLASH_FAULT_NONE, sizeof(faults));
	memset(faults + first, fault, sizeof(faults) - first);
	flash.faults = faults;
}

static uint32_t count_names(void)
{
	struct lfs_dir dir = lfs_dir_make(&fs, fs.root);
	struct lfs_entry entry;
	uint32_t count = 0;

	while (lfs_dir_next(&fs, &dir, &entry) == 1)
		count++;
	return count;
}

#define LATE_FILES	60

/* Blocks that report a failure, and hold all that they were given: nothing is made twice. */
static void test_late_failure(void **state)
{
	char name[32];

	(void)state;
	fail_blocks(0, FLASH_FAULT_PROGRAM_LATE);
	for (uint32_t i = 0; i < LATE_FILES; i++) {
		snprintf(name, sizeof(name), "file-%u", i);
		assert_int_equal(path_create(&fs, name), 0);
		assert_int_equal(count_names(), i + 1);
	}
	mount();
	assert_int_equal(count_names(), LATE_FILES);
}

/* A pair that has no block to go to goes on in its log, and then is full. */
static void test_rest_of_log(void **state)
{
	uint32_t count = 0;
	int result = 0;

	(void)state;
	assert_int_equal(path_create(&fs, "f"), 0);
	fs.metadata_max = 512;
	assert_int_equal(lfs_table_load(&fs, fs.root), 0);
	fail_blocks(0, FLASH_FAULT_ERROR);
	faults[fs.table.pair.blocks[0]] = FLASH_FAULT_NONE;
	while (!result && count < 1000) {
		uint8_t value = (uint8_t)++count;

		result = path_set_attr(&fs, "f", 1, &value, 1);
	}
	assert_int_equal(result, -ENOSPC);
	assert_true(count > 60);
	fail_blocks(0, FLASH_FAULT_NONE);
	mount();
	assert_int_equal(path_set_attr(&fs, "f", 1, "x", 1), 0);
}

/* What was synced stays when the blocks fail that it was to go to, and sync says what is lost. */
static void test_lost_stream(void **state)
{
	static uint8_t data[3000], seen[8];
	struct lfs_file file;

	(void)state;
	assert_int_equal(path_create(&fs, "f"), 0);
	assert_int_equal(path_write(&fs, "f", 0, "synced", 6), 0);
	open_file(&file, "f");
	assert_int_equal(lfs_file_write(&fs, &file, 6, "!", 1), 0);
	fail_blocks(0, FLASH_FAULT_PROGRAM_NOTHING);
	assert_int_equal(lfs_file_write(&fs, &file, 7, data, sizeof(data)), -ENOSPC);
	fail_blocks(0, FLASH_FAULT_NONE);
	assert_int_equal(lfs_file_sync(&fs, &file), -EIO);
	assert_int_equal(lfs_file_sync(&fs, &file), 0);
	assert_int_equal(lfs_file_read(&fs, &file, 0, seen, sizeof(seen)), 6);
	assert_memory_equal(seen, "synced", 6);
	lfs_file_close(&fs, &file);
	mount();
	open_file(&file, "f");
	assert_int_equal(lfs_file_read(&fs, &file, 0, seen, sizeof(seen)), 6);
	assert_memory_equal(seen, "synced", 6);
	lfs_file_close(&fs, &file);
}

/* Without a buffer the contents of a removed file would have no place. */
static void test_remove_without_buffer(void **state)
{
	struct lfs_file file;
	struct lfs_entry entry;

	(void)state;
	assert_int_equal(path_create(&fs, "f"), 0);
	assert_int_equal(path_write(&fs, "f", 0, "text", 4), 0);
	assert_int_equal(path_find(&fs, "f", &entry), 0);
	lfs_file_open(&fs, &file, &entry, NULL, 0);
	assert_int_equal(path_remove(&fs, "f"), -ENOBUFS);
	lfs_file_close(&fs, &file);
	assert_int_equal(path_remove(&fs, "f"), 0);
}

/* The move that a cut has left is finished before the change, and gives the entry another id. */
static void test_place_after_recovery(void **state)
{
	struct lfs_entry entry;
	uint8_t seen;

	(void)state;
	assert_int_equal(path_mkdir(&fs, "d"), 0);
	assert_int_equal(path_create(&fs, "a"), 0);
	assert_int_equal(path_create(&fs, "b"), 0);
	assert_int_equal(path_create(&fs, "c"), 0);
	/* The first commit makes the new name, the second takes the old one. */
	flash.cut_at = flash.operations + 2;
	assert_int_equal(path_rename(&fs, "a", "d/a"), -ENODEV);
	mount();
	assert_int_equal(path_find(&fs, "b", &entry), 0);
	assert_int_equal(lfs_attr_set(&fs, entry.pair, entry.id, 1, "x", 1), 0);
	assert_int_equal(path_find(&fs, "a", &entry), -ENOENT);
	assert_int_equal(path_find(&fs, "b", &entry), 0);
	assert_int_equal(lfs_attr_read(&fs, entry.pair, entry.id, 1, &seen, 1), 1);
	assert_int_equal(seen, 'x');
}

/* Each refusal beside what is allowed. */
static void test_refusals(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	assert_int_equal(path_create(&fs, name), -ENAMETOOLONG);
	assert_int_equal(path_create(&fs, name + 1), 0);
	assert_int_equal(path_create(&fs, name + 1), -EEXIST);
	assert_int_equal(path_mkdir(&fs, "d"), 0);
	assert_int_equal(path_create(&fs, "d/f"), 0);
	assert_int_equal(path_remove(&fs, "d"), -ENOTEMPTY);
	assert_int_equal(path_rename(&fs, "d", "d2"), 0);
	assert_int_equal(path_rename(&fs, "d2", "d2/f"), -ENOTDIR);
	assert_int_equal(path_rename(&fs, "d2/f", "d2"), -EISDIR);
	assert_int_equal(path_write(&fs, "d2/f", 1000000, "x", 1), -EFBIG);
	assert_int_equal(path_write(&fs, "d2/f", 1, "x", 1), 0);
	fs.is_writable = false;
	assert_int_equal(path_write(&fs, "d2/f", 1, "x", 1), -EROFS);
	assert_int_equal(path_remove(&fs, "d2/f"), -EROFS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ctz_index),
		cmocka_unit_test_setup(test_order, make),
		cmocka_unit_test_setup(test_removed_file, make),
		cmocka_unit_test_setup(test_renamed_file, make),
		cmocka_unit_test_setup(test_append_cost, make),
		cmocka_unit_test_setup(test_count, make),
		cmocka_unit_test(test_many_pairs),
		cmocka_unit_test_setup(test_attrs, make),
		cmocka_unit_test_setup(test_full, make),
		cmocka_unit_test_setup(test_last_free_blocks, make),
		cmocka_unit_test_setup(test_late_failure, make),
		cmocka_unit_test_setup(test_rest_of_log, make),
		cmocka_unit_test_setup(test_lost_stream, make),
		cmocka_unit_test_setup(test_remove_without_buffer, make),
		cmocka_unit_test_setup(test_place_after_recovery, make),
		cmocka_unit_test_setup(test_refusals, make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
