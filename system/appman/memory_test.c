// SPDX-License-Identifier: Apache-2.0
/* Unit tests of the RAM figure. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "memory.h"
#include "scratch.h"

char *scratch_read_file(const char *path)
{
	(void)path;
	errno = ENOENT;
	return NULL;
}

/* As Linux 6.12 prints it, shortened. */
static const char zoneinfo[] =
	"Node 0, zone   Normal\n"
	"  per-node stats\n"
	"      nr_inactive_file 0\n"
	"      nr_file_pages 7\n"
	"      nr_shmem     2\n"
	"      nr_shmem_hugepages 9\n"
	"  pages free     700\n"
	"        boost    0\n"
	"        min      61\n"
	"        low      76\n"
	"        high     91\n"
	"        spanned  1024\n"
	"        present  1024\n"
	"        managed  960\n"
	"      nr_free_pages 700\n"
	"      nr_zone_inactive_file 3\n"
	"  pagesets\n"
	"    cpu: 0\n"
	"              count:    19\n"
	"              high:     22\n"
	"Node 0, zone  Movable\n"
	"  pages free     0\n"
	"        min      0\n"
	"        present  0\n";

static void test_sums(void **state)
{
	struct memory_usage usage;

	(void)state;
	assert_int_equal(memory_parse_zoneinfo(zoneinfo, &usage), 0);
	assert_int_equal(usage.total_kib, 4096);
	assert_int_equal(usage.free_kib, 4 * (700 + 19));
	assert_int_equal(usage.cache_kib, 4 * 5);
	assert_int_equal(usage.used_kib, 4 * (1024 - 700 - 19 - 5));
	assert_int_equal(usage.kept_kib, 4 * (61 + 22));
}

static void test_missing_figure_is_an_error(void **state)
{
	static const char *const texts[] = {
		"", "present 10\n", "  nr_free_pages 3\n  present 4\n  count: 1\n",
		"present 9\nnr_free_pages 2\ncount: 0\nnr_file_pages 0\nnr_shmem 0\nmin 1\n",
		"present 9\nnr_free_pages 2\ncount: 0\nnr_file_pages 0\nnr_shmem 0\nhigh: 1\n",
		"present 1\nnr_free_pages 2\ncount: 0\nnr_file_pages 0\nnr_shmem 0\nmin 1\nhigh: 1\n",
		"present 9\nnr_free_pages 2\ncount: 0\nnr_file_pages 0\nnr_shmem 1\nmin 1\nhigh: 1\n",
	};
	struct memory_usage usage;

	(void)state;
	assert_int_equal(memory_parse_zoneinfo(NULL, &usage), -EINVAL);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(memory_parse_zoneinfo(texts[i], &usage), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_missing_figure_is_an_error),
	};

	return cmocka_run_group_tests_name("appman: memory", tests, NULL, NULL);
}
