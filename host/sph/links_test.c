// SPDX-License-Identifier: Apache-2.0
/* Which symbolic links leave the image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host/sph/tree.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* /up -> X (to test); /sub/deep/, /sub/top -> .. , /sub/loop -> loop */
static int check(const char *target)
{
	struct tree_node nodes[] = {
		{ .path = "", .name = "", .first_child = 1, .child_count = 2 },
		{ .path = "sub",
		  .name = "sub",
		  .first_child = 3,
		  .child_count = 3 },
		{ .path = "up", .name = "up", .kind = TREE_SYMLINK },
		{ .path = "sub/deep", .name = "deep", .parent = 1 },
		{ .path = "sub/loop",
		  .name = "loop",
		  .kind = TREE_SYMLINK,
		  .data = (uint8_t *)(char[]){ "loop" },
		  .parent = 1 },
		{ .path = "sub/top",
		  .name = "top",
		  .kind = TREE_SYMLINK,
		  .data = (uint8_t *)(char[]){ ".." },
		  .parent = 1 },
	};
	struct tree tree = { nodes, ARRAY_SIZE(nodes), ARRAY_SIZE(nodes) };
	static struct complaint complaint;

	nodes[2].data = (uint8_t *)target;
	return tree_check_links(&tree, &complaint);
}

static void test_inside(void **state)
{
	static const char *const targets[] = {
		"sub", "./sub/./deep", "nowhere", "sub/top/sub", "sub//deep", "up", "a/b...", "...",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		assert_int_equal(check(targets[i]), 0);
}

static void test_outside(void **state)
{
	static const char *const targets[] = {
		"..", "/", "/sub", "../sub", "sub/../..", "sub/top/..", "sub/deep/..", "./../x",
		"a/b/../..",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		assert_int_equal(check(targets[i]), -E_PACK_SYMLINK);
}

/* One level down, one level up is inside. */
static void test_levels(void **state)
{
	struct tree_node nodes[] = {
		{ .path = "", .name = "", .first_child = 1, .child_count = 1 },
		{ .path = "a", .name = "a", .first_child = 2, .child_count = 1 },
		{ .path = "a/b", .name = "b", .parent = 1, .first_child = 3, .child_count = 1 },
		{ .path = "a/b/l", .name = "l", .kind = TREE_SYMLINK, .parent = 2 },
	};
	struct tree tree = { nodes, ARRAY_SIZE(nodes), ARRAY_SIZE(nodes) };
	static struct complaint complaint;

	(void)state;
	nodes[3].data = (uint8_t *)(char[]){ "../../x" };
	assert_int_equal(tree_check_links(&tree, &complaint), 0);
	nodes[3].data = (uint8_t *)(char[]){ "../../../x" };
	assert_int_equal(tree_check_links(&tree, &complaint), -E_PACK_SYMLINK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
