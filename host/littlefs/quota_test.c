// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of quotas: each refusal beside what is allowed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "alloc.h"
#include "flash.h"
#include "make.h"
#include "mount.h"
#include "path.h"
#include "quota.h"
#include "recover.h"

#define BLOCK_BYTES	4096
#define BLOCKS		64
#define BUFFER_BYTES	512

/* Blocks of a directory, and what the tests promise besides. */
#define DIR_BLOCKS	2
#define APP_BLOCKS	6
#define OTHER_BLOCKS	8

enum { ROOT, APP = 1000, OTHER = 1001, STRANGER = 1002 };

static uint8_t bytes[BLOCK_BYTES * BLOCKS], buffer[BUFFER_BYTES];
static uint8_t data[BLOCK_BYTES * BLOCKS];
static struct flash flash;
static struct lfs_fs fs;
static struct lfs_quota quota;

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
	lfs_quota_init(&quota, true, ROOT);
	fs.quota = &quota;
	assert_int_equal(lfs_quota_set(&fs, APP, APP_BLOCKS), 0);
	assert_int_equal(lfs_quota_set(&fs, OTHER, OTHER_BLOCKS), 0);
}

static void make_dir(const char *path, uint32_t uid)
{
	const struct lfs_owner owner = { uid, uid, 0700 };

	assert_int_equal(path_mkdir_as(&fs, path, &owner), 0);
}

static int create(const char *path, uint32_t uid)
{
	const struct lfs_owner owner = { uid, uid, 0600 };

	return path_create_as(&fs, path, &owner);
}

static int make(void **state)
{
	const struct lfs_limits limits = { LFS_VERSION_2_1, BLOCKS, 255, 1000000, 1022 };

	(void)state;
	flash_init(&flash, bytes, sizeof(bytes), BLOCK_BYTES, 1);
	assert_int_equal(lfs_make(&fs, &flash.device, &limits, buffer, sizeof(buffer)), 0);
	mount();
	make_dir("app", APP);
	make_dir("other", OTHER);
	return 0;
}

/* What is charged, to all together, is what is in use. */
static void check_used(uint32_t owner, uint32_t wanted)
{
	struct lfs_account account;
	uint32_t charged = 0, used;

	assert_int_equal(lfs_quota_get(&fs, owner, &account), 0);
	assert_int_equal(account.used, wanted);
	for (uint32_t i = 0; i < quota.count; i++)
		charged += quota.accounts[i].used;
	assert_int_equal(lfs_count_used(&fs, &used), 0);
	assert_int_equal(charged, used);
}

/* The first blocks of a file have all that is left, and not one byte more. */
static void test_exact_limit(void **state)
{
	/* Behind the first block, blocks have one pointer and two in turns. */
	const uint32_t room = 4 * BLOCK_BYTES - 4 - 8 - 4;

	(void)state;
	assert_int_equal(create("app/f", APP), 0);
	assert_int_equal(path_write(&fs, "app/f", 0, data, room + 1), -EDQUOT);
	check_used(APP, DIR_BLOCKS);
	assert_int_equal(path_write(&fs, "app/f", 0, data, room), 0);
	check_used(APP, APP_BLOCKS);
	assert_int_equal(path_write(&fs, "app/f", room, data, 1), -EDQUOT);
	mount();
	check_used(APP, APP_BLOCKS);
	assert_int_equal(path_write(&fs, "app/f", room, data, 1), -EDQUOT);
	check_used(APP, APP_BLOCKS);
}

/* At the limit: others write, the app takes away, and may write again. */
static void test_at_the_limit(void **state)
{
	(void)state;
	assert_int_equal(create("app/f", APP), 0);
	assert_int_equal(path_write(&fs, "app/f", 0, data, 4 * BLOCK_BYTES - 16), 0);
	assert_int_equal(create("other/f", OTHER), 0);
	assert_int_equal(path_write(&fs, "other/f", 0, data, 6 * BLOCK_BYTES - 40), 0);
	check_used(OTHER, OTHER_BLOCKS);
	assert_int_equal(path_rename(&fs, "app/f", "app/g"), 0);
	assert_int_equal(path_truncate(&fs, "app/g", BLOCK_BYTES), 0);
	check_used(APP, DIR_BLOCKS + 1);
	assert_int_equal(path_write(&fs, "app/g", BLOCK_BYTES, data, BLOCK_BYTES), 0);
	assert_int_equal(path_remove(&fs, "app/g"), 0);
	check_used(APP, DIR_BLOCKS);
}

/* A directory of many small files costs what it takes. */
static void test_many_small_files(void **state)
{
	char path[32];
	int result = 0, count = 0;

	(void)state;
	while (!result && count < 1000) {
		snprintf(path, sizeof(path), "app/file-%d", count++);
		result = create(path, APP);
		if (!result)
			result = path_write(&fs, path, 0, data, 150);
	}
	assert_true(lfs_is_full(result));
	check_used(APP, APP_BLOCKS);
	assert_int_equal(create("other/f", OTHER), 0);
	assert_int_equal(path_write(&fs, "other/f", 0, data, 6 * BLOCK_BYTES - 40), 0);
	while (count--) {
		snprintf(path, sizeof(path), "app/file-%d", count);
		result = path_remove(&fs, path);
		assert_true(!result || result == -ENOENT);
	}
	check_used(APP, DIR_BLOCKS);
}

static void test_without_a_limit(void **state)
{
	const struct lfs_owner stranger = { STRANGER, STRANGER, 0700 };

	(void)state;
	assert_int_equal(path_mkdir_as(&fs, "s", &stranger), -EDQUOT);
	assert_int_equal(create("s", STRANGER), 0);
	assert_int_equal(path_write(&fs, "s", 0, data, 150), 0);
	assert_int_equal(path_write(&fs, "s", 0, data, 300), -EDQUOT);
	check_used(STRANGER, 0);
}

/* Promises fit the medium, and the owner 0 gets no more than is left. */
static void test_promises(void **state)
{
	const uint32_t left = BLOCKS - APP_BLOCKS - OTHER_BLOCKS - LFS_QUOTA_ROOT -
			      LFS_QUOTA_SPARE;
	struct lfs_account account;
	int result;

	(void)state;
	assert_int_equal(lfs_quota_set(&fs, STRANGER, left + 1), -ENOSPC);
	assert_int_equal(lfs_quota_set(&fs, STRANGER, left), 0);
	assert_int_equal(lfs_quota_set(&fs, ROOT, 1), -EINVAL);
	assert_int_equal(create("f", ROOT), 0);
	result = path_write(&fs, "f", 0, data, 3 * BLOCK_BYTES);
	assert_int_equal(result, -ENOSPC);
	assert_int_equal(path_write(&fs, "f", 0, data, 2 * BLOCK_BYTES - 4), 0);
	assert_int_equal(lfs_quota_get(&fs, ROOT, &account), 0);
	assert_int_equal(account.used, LFS_QUOTA_ROOT);
}

static void check_all(void)
{
	struct lfs_account account;

	assert_int_equal(lfs_quota_get(&fs, ROOT, &account), 0);
	check_used(ROOT, account.used);
}

/* More owners than accounts: the rest is charged to all others together, and nothing gets lost. */
static void test_many_owners(void **state)
{
	const uint32_t owners = LFS_ACCOUNTS_MAX + 4;
	char path[16];

	(void)state;
	quota.is_enforced = false;
	assert_int_equal(lfs_quota_set(&fs, APP, 0), 0);
	assert_int_equal(lfs_quota_set(&fs, OTHER, 0), 0);
	for (uint32_t i = 0; i < owners; i++) {
		snprintf(path, sizeof(path), "f%u", i);
		assert_int_equal(create(path, 2000 + i), 0);
		assert_int_equal(path_write(&fs, path, 0, data, 300), 0);
	}
	/* Of the accounts, owner 0, the others, and the owners of both directories have one. */
	check_used(LFS_OWNER_OTHERS, owners - (LFS_ACCOUNTS_MAX - 4));
	/* The first ones leave their accounts to the last, who were charged without one. */
	for (uint32_t i = 0; i < owners; i++) {
		snprintf(path, sizeof(path), "f%u", i);
		assert_int_equal(path_remove(&fs, path), 0);
		check_all();
	}
	check_used(LFS_OWNER_OTHERS, 0);
}

/* Giving a file away gives its blocks away, to who may have them. */
static void test_chown(void **state)
{
	const struct lfs_owner other = { OTHER, OTHER, 0600 };
	const struct lfs_owner stranger = { STRANGER, STRANGER, 0600 };
	struct lfs_owner seen = { 0 };
	struct lfs_entry entry;

	(void)state;
	assert_int_equal(create("app/f", APP), 0);
	assert_int_equal(path_write(&fs, "app/f", 0, data, 2 * BLOCK_BYTES - 4), 0);
	assert_int_equal(path_find(&fs, "app/f", &entry), 0);
	assert_int_equal(lfs_owner_set(&fs, entry.pair, entry.id, &stranger), -EDQUOT);
	check_used(APP, DIR_BLOCKS + 2);
	assert_int_equal(lfs_owner_set(&fs, entry.pair, entry.id, &other), 0);
	check_used(APP, DIR_BLOCKS);
	check_used(OTHER, DIR_BLOCKS + 2);
	assert_int_equal(path_find(&fs, "app/f", &entry), 0);
	assert_int_equal(lfs_owner_load(&fs, entry.pair, entry.id, &seen), 0);
	assert_int_equal(seen.uid, OTHER);
	assert_int_equal(seen.mode, 0600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_exact_limit, make),
		cmocka_unit_test_setup(test_at_the_limit, make),
		cmocka_unit_test_setup(test_many_small_files, make),
		cmocka_unit_test_setup(test_without_a_limit, make),
		cmocka_unit_test_setup(test_promises, make),
		cmocka_unit_test_setup(test_many_owners, make),
		cmocka_unit_test_setup(test_chown, make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
