// SPDX-License-Identifier: Apache-2.0
/* Unit tests of how much flash an app gets. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/manifest.h"
#include "storage_size.h"

#define SECTOR		(256 * 1024)

static void test_sizes(void **state)
{
	static const struct {
		uint32_t kib, block_bytes, blocks;
	} cases[] = {
		{ 1, SECTOR, 4 },
		{ 256, SECTOR, 4 },
		{ 257, SECTOR, 6 },
		{ 511, SECTOR, 6 },
		/* The second block begins with a pointer: a file of two blocks does not fit in two. */
		{ 512, SECTOR, 8 },
		{ 767, SECTOR, 8 },
		{ 768, SECTOR, 10 },
		{ MANIFEST_STORAGE_MAX_KIB, SECTOR, 10 },
		{ 1, 4096, 4 },
		{ 4, 4096, 4 },
		{ 5, 4096, 6 },
		{ 64, 4096, 2 + 2 * 17 },
		{ 1, 512, 2 + 2 * 3 },
		{ 64, 512, 2 + 2 * 130 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(storage_size_blocks(cases[i].kib, cases[i].block_bytes),
				 cases[i].blocks);
}

/* By hand: the pointers of n blocks are 2 (n - 1) less the ones in n - 1. */
static void test_against_the_closed_form(void **state)
{
	(void)state;
	for (uint32_t block_bytes = 512; block_bytes <= SECTOR; block_bytes *= 2)
		for (uint32_t kib = 1; kib <= MANIFEST_STORAGE_MAX_KIB; kib++) {
			uint64_t n = 1;

			while (n * block_bytes - 4 * (2 * (n - 1) -
			       (uint64_t)__builtin_popcountll(n - 1)) < kib * 1024)
				n++;
			assert_int_equal(storage_size_blocks(kib, block_bytes), 2 + 2 * n);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_against_the_closed_form),
	};

	return cmocka_run_group_tests_name("appman: storage size", tests, NULL, NULL);
}
