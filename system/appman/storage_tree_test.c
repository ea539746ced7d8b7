// SPDX-License-Identifier: Apache-2.0
/* Folders as an app may have left them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "storage_tree.h"

#define DEPTH	3000	/* far more than a path can name */
#define FILES	500

static char top[] = "/tmp/storage-tree-XXXXXX";
static char outside[] = "/tmp/storage-outside-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	memcpy(strrchr(top, '-') + 1, "XXXXXX", 6);
	memcpy(strrchr(outside, '-') + 1, "XXXXXX", 6);
	return !mkdtemp(top) || !mkdtemp(outside);
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(outside);
}

static void make_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	close(fd);
}

/* Into a new folder; the old one is closed. */
static int go_down(int folder, const char *name)
{
	int next;

	assert_int_equal(mkdirat(folder, name, 0700), 0);
	next = openat(folder, name, O_RDONLY | O_DIRECTORY);
	assert_true(next >= 0);
	close(folder);
	return next;
}

static void assert_removed(void)
{
	assert_int_equal(storage_tree_remove(top), 0);
	assert_int_equal(access(top, F_OK), -1);
}

static void test_empty(void **state)
{
	(void)state;
	assert_removed();
	assert_int_equal(storage_tree_remove(top), -ENOENT);
}

static void test_deep(void **state)
{
	int folder = open(top, O_RDONLY | O_DIRECTORY);

	(void)state;
	for (int i = 0; i < DEPTH; i++) {
		make_file(folder, "file");
		folder = go_down(folder, "folder");
	}
	close(folder);
	assert_removed();
}

static void test_wide(void **state)
{
	int folder = open(top, O_RDONLY | O_DIRECTORY);
	char name[32];

	(void)state;
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "folder %d", i);
		close(go_down(dup(folder), name));
		snprintf(name, sizeof(name), "folder %d/file", i);
		make_file(folder, name);
		snprintf(name, sizeof(name), "file %d", i);
		make_file(folder, name);
	}
	close(folder);
	assert_removed();
}

/* The link goes, and not what it names. */
static void test_links(void **state)
{
	int folder = open(top, O_RDONLY | O_DIRECTORY);
	int other = open(outside, O_RDONLY | O_DIRECTORY);

	(void)state;
	make_file(other, "precious");
	assert_int_equal(symlinkat(outside, folder, "link"), 0);
	assert_int_equal(symlinkat("..", folder, "up"), 0);
	close(folder);
	assert_removed();
	assert_int_equal(unlinkat(other, "precious", 0), 0);
	close(other);
}

static void test_a_link_instead(void **state)
{
	(void)state;
	assert_int_equal(rmdir(top), 0);
	assert_int_equal(symlink(outside, top), 0);
	assert_true(storage_tree_remove(top) < 0);
	assert_int_equal(access(outside, F_OK), 0);
	assert_int_equal(unlink(top), 0);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_empty), TREE_TEST(test_deep),	   TREE_TEST(test_wide),
		TREE_TEST(test_links), TREE_TEST(test_a_link_instead),
	};

	return cmocka_run_group_tests_name("appman: storage tree", tests, NULL, NULL);
}
