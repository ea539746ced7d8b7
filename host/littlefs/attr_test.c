// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of attributes that have names, and of times, which are attributes too. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "file.h"
#include "flash.h"
#include "make.h"
#include "mount.h"
#include "mtime.h"
#include "named.h"
#include "owner.h"
#include "path.h"
#include "recover.h"

#define BLOCK_BYTES	4096
#define BLOCKS		16
#define BUFFER_BYTES	512
#define ATTR_MAX	1022

static uint8_t bytes[BLOCK_BYTES * BLOCKS], buffer[BUFFER_BYTES];
static struct flash flash;
static struct lfs_fs fs;

static void mount(void)
{
	const struct lfs_config config = {
		.buffer = buffer,
		.buffer_bytes = sizeof(buffer),
		.inline_max = 200,
	};

	flash_init(&flash, bytes, sizeof(bytes), BLOCK_BYTES, 1);
	assert_int_equal(lfs_mount(&fs, &flash.device), 0);
	assert_int_equal(lfs_start_writing(&fs, &config), 0);
}

static int make(void **state)
{
	const struct lfs_limits limits = { LFS_VERSION_2_1, BLOCKS, 255, 1000000, ATTR_MAX };

	(void)state;
	flash_init(&flash, bytes, sizeof(bytes), BLOCK_BYTES, 1);
	assert_int_equal(lfs_make(&fs, &flash.device, &limits, buffer, sizeof(buffer)), 0);
	mount();
	assert_int_equal(path_create(&fs, "f"), 0);
	return 0;
}

static int find(const char *name, struct lfs_named *named)
{
	struct lfs_entry entry;

	assert_int_equal(path_find(&fs, "f", &entry), 0);
	return lfs_named_find(&fs, entry.pair, entry.id, name, named);
}

/* As a kernel does: the name, NUL and the value; NULL takes it away. */
static int set(const char *name, const char *value)
{
	struct lfs_named named;
	char whole[512];
	int result = find(name, &named), count;

	if (result && result != -ENODATA)
		return result;
	count = snprintf(whole, sizeof(whole), "%s%c%s", name, 0, value ? value : "");
	return path_set_attr(&fs, "f", named.attr.type, value ? whole : NULL, (size_t)count);
}

static void expect(const char *name, const char *value)
{
	struct lfs_named named;
	char found[512] = "";

	assert_int_equal(find(name, &named), 0);
	assert_int_equal(named.attr.bytes, strlen(value));
	assert_int_equal(lfs_read(&fs, named.attr.block, named.attr.at, found, named.attr.bytes),
			 0);
	assert_string_equal(found, value);
}

/* All names of "f", newest first, each with a blank behind it. */
static void list(char names[1024])
{
	char name[LFS_NAME_MAX_BYTES + 1];
	struct lfs_attr_walk walk;
	struct lfs_entry entry;
	struct lfs_attr attr;

	names[0] = '\0';
	assert_int_equal(path_find(&fs, "f", &entry), 0);
	assert_int_equal(lfs_attr_start(&fs, entry.pair, entry.id, &walk), 0);
	while (lfs_attr_next(&fs, &walk, &attr) == 1) {
		int count = lfs_named_name(&fs, &attr, name);

		assert_true(count >= 0);
		if (count)
			snprintf(names + strlen(names), 1024 - strlen(names), "%s ", name);
	}
}

static void test_names(void **state)
{
	struct lfs_named named;
	char names[1024];

	(void)state;
	assert_int_equal(find("colour", &named), -ENODATA);
	assert_int_equal(set("colour", "red"), 0);
	assert_int_equal(set("col", "short"), 0);
	assert_int_equal(set("empty", ""), 0);
	assert_int_equal(set("colour", "dark green"), 0);
	mount();
	expect("colour", "dark green");
	expect("col", "short");
	expect("empty", "");
	assert_int_equal(find("colou", &named), -ENODATA);
	list(names);
	assert_string_equal(names, "colour empty col ");
	assert_int_equal(set("colour", NULL), 0);
	assert_int_equal(find("colour", &named), -ENODATA);
	/* The type that became free is used again. */
	assert_int_equal(named.attr.type, LFS_NAMED_FIRST);
	expect("col", "short");
}

static void test_too_many_names(void **state)
{
	struct lfs_named named;
	char name[16];

	(void)state;
	for (int i = 0; i < LFS_NAMED_COUNT; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		assert_int_equal(set(name, name), 0);
	}
	assert_int_equal(set("more", "x"), -ENOSPC);
	assert_int_equal(find("more", &named), -ENOSPC);
	assert_int_equal(set("n7", NULL), 0);
	assert_int_equal(set("more", "x"), 0);
	expect("n31", "n31");
	expect("more", "x");
}

/* What upstream's users know by number. */
static void test_numbers(void **state)
{
	struct lfs_named named;
	char names[1024];

	(void)state;
	assert_int_equal(path_set_attr(&fs, "f", 0x41, "value", 5), 0);
	expect("littlefs.41", "value");
	list(names);
	assert_string_equal(names, "littlefs.41 ");
	assert_int_equal(find("littlefs.42", &named), -ENODATA);
	assert_int_equal(named.attr.type, 0x42);
	assert_int_equal(named.prefix_bytes, 0);
}

static void test_numbers_that_are_none(void **state)
{
	static const char *const refused[] = {
		"littlefs.6f", "littlefs.74", "littlefs.80", "littlefs.9f", "littlefs.",
		"littlefs.4", "littlefs.4A", "littlefs.4g", "littlefs.411", "littlefs.colour",
	};
	struct lfs_named named;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(find(refused[i], &named), -EOPNOTSUPP);
	assert_int_equal(find("littlefs.7f", &named), -ENODATA);
	assert_int_equal(find("littlefs.a0", &named), -ENODATA);
}

/* What others put where names are: no name, no end of it, another's name. */
static void test_names_that_are_none(void **state)
{
	static uint8_t endless[ATTR_MAX];
	struct lfs_named named;
	char names[1024];

	(void)state;
	memset(endless, 'x', sizeof(endless));
	assert_int_equal(path_set_attr(&fs, "f", 0x80, "", 0), 0);
	assert_int_equal(path_set_attr(&fs, "f", 0x81, "\0value", 6), 0);
	assert_int_equal(path_set_attr(&fs, "f", 0x82, endless, sizeof(endless)), 0);
	assert_int_equal(path_set_attr(&fs, "f", 0x83, "littlefs.41\0v", 13), 0);
	assert_int_equal(path_set_attr(&fs, "f", LFS_ATTR_OWNER, endless, LFS_OWNER_BYTES), 0);
	assert_int_equal(path_set_attr(&fs, "f", LFS_ATTR_MTIME, endless, LFS_MTIME_BYTES), 0);
	list(names);
	assert_string_equal(names, "");
	assert_int_equal(find("x", &named), -ENODATA);
	assert_int_equal(named.attr.type, 0x84);
}

static int64_t load_time(void)
{
	struct lfs_entry entry;
	s64 seconds = -1;

	assert_int_equal(path_find(&fs, "f", &entry), 0);
	assert_int_equal(lfs_mtime_load(&fs, entry.pair, entry.id, &seconds), 0);
	return seconds;
}

static void set_time(int64_t seconds)
{
	struct lfs_entry entry;

	assert_int_equal(path_find(&fs, "f", &entry), 0);
	assert_int_equal(lfs_mtime_set(&fs, entry.pair, entry.id, seconds), 0);
}

static void test_times(void **state)
{
	(void)state;
	assert_int_equal(load_time(), 0);
	set_time(5000000000);
	assert_int_equal(load_time(), 5000000000);
	set_time(-1);
	assert_int_equal(load_time(), -1);
	assert_int_equal(path_set_attr(&fs, "f", LFS_ATTR_MTIME, "\x01\x00\x00\x80", 4), 0);
	assert_int_equal(load_time(), -2147483647);
	assert_int_equal(path_set_attr(&fs, "f", LFS_ATTR_MTIME, "\x01\x02", 2), 0);
	assert_int_equal(load_time(), 0);
}

/* A time that is noted with a file is there when the contents are, in one commit. */
static void test_time_of_contents(void **state)
{
	static uint8_t own[BUFFER_BYTES];
	struct lfs_entry entry;
	struct lfs_file file;
	uint32_t operations;

	(void)state;
	assert_int_equal(path_find(&fs, "f", &entry), 0);
	lfs_file_open(&fs, &file, &entry, own, sizeof(own));
	assert_int_equal(lfs_file_write(&fs, &file, 0, "one", 3), 0);
	lfs_mtime_encode(1234567890, file.time);
	file.has_time = true;
	assert_int_equal(load_time(), 0);
	operations = flash.operations;
	assert_int_equal(lfs_file_sync(&fs, &file), 0);
	assert_int_equal(flash.operations - operations, 1);
	lfs_file_close(&fs, &file);
	assert_int_equal(load_time(), 1234567890);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_names, make),
		cmocka_unit_test_setup(test_too_many_names, make),
		cmocka_unit_test_setup(test_numbers, make),
		cmocka_unit_test_setup(test_numbers_that_are_none, make),
		cmocka_unit_test_setup(test_names_that_are_none, make),
		cmocka_unit_test_setup(test_times, make),
		cmocka_unit_test_setup(test_time_of_contents, make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
