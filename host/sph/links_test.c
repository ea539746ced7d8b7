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
static int check(const char *target, bool is_root)
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
	return tree_check_links(&tree, is_root, &complaint);
}

static void test_inside(void **state)
{
	static const char *const targets[] = {
		"sub",		"sub/deep/../..",
		"./sub/./deep", "nowhere",
		"sub/top",	"sub/top/sub",
		"sub/loop/..",	"a/b/../..",
		"sub//deep",	"sub/top/sub/deep/../..",
		"up",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		assert_int_equal(check(targets[i], false), 0);
}

static void test_outside(void **state)
{
	static const char *const targets[] = {
		"..",
		"/",
		"/sub",
		"../sub",
		"sub/../..",
		"sub/top/..",
		"sub/top/../etc",
		"a/../..",
		"sub/deep/../../..",
		"./../x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		assert_int_equal(check(targets[i], false), -E_PACK_SYMLINK);
		assert_int_equal(check(targets[i], true), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
