// SPDX-License-Identifier: Apache-2.0
/* What application-manager reads of a cgroup. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cgroups.h"

static void events_are_read(void **state)
{
	static const struct {
		const char *text;
		uint32_t high, over, kills;
	} cases[] = {
		{ "low 1\nhigh 22\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n", 22, 4, 5 },
		{ "high 7", 7, 0, 0 },
		{ "oom_kill 8\nhigh 9\n", 9, 0, 8 },
		{ "xhigh 1\nhighest 2\noom 3\n", 0, 3, 0 },
		{ "\n\n", 0, 0, 0 },
		{ "", 0, 0, 0 },
		{ NULL, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cgroup_memory memory = { 1, 1, 1, 1 };

		cgroups_parse_events(cases[i].text, &memory);
		assert_int_equal(memory.high, cases[i].high);
		assert_int_equal(memory.over, cases[i].over);
		assert_int_equal(memory.kills, cases[i].kills);
	}
}

static void user_memory_is_read(void **state)
{
	(void)state;
	assert_int_equal(cgroups_parse_user_kib("anon 8192\nfile 4096\nkernel 77777\n"), 12);
	assert_int_equal(cgroups_parse_user_kib("kernel 4096\nanon_thp 4096\nfile 1023\n"), 0);
	assert_int_equal(cgroups_parse_user_kib(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_read),
		cmocka_unit_test(user_memory_is_read),
	};

	return cmocka_run_group_tests_name("appman/cgroups", tests, NULL, NULL);
}
