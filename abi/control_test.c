// SPDX-License-Identifier: Apache-2.0
/* Each command with what it takes, and with one thing that it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/control.h"

#define BYTES		sizeof(struct control_request)
#define COMPONENT	{ [15] = 1 }

static const struct {
	struct control_request request;
	size_t data_bytes;
} good[] = {
	{ { .command = CONTROL_LIST }, 0 },
	{ { .command = CONTROL_LIST, .tag = 0xffffffff, .value = 0xffffffff }, 0 },
	{ { .command = CONTROL_STATUS, .component_id = COMPONENT }, 0 },
	{ { .command = CONTROL_START, .component_id = COMPONENT }, 0 },
	{ { .command = CONTROL_STOP, .component_id = COMPONENT }, 0 },
	{ { .command = CONTROL_RESTART, .component_id = COMPONENT }, 0 },
	{ { .command = CONTROL_MEMORY }, 0 },
	{ { .command = CONTROL_WATCH }, 0 },
	{ { .command = CONTROL_WATCH, .flags = CONTROL_WATCH_EVENTS | CONTROL_WATCH_LOG }, 0 },
	{ { .command = CONTROL_INSTALL_BEGIN, .value = 4 }, 0 },
	{ { .command = CONTROL_INSTALL_DATA }, 4 },
	{ { .command = CONTROL_INSTALL_DATA, .value = 4096 }, CONTROL_DATA_MAX },
	{ { .command = CONTROL_INSTALL_COMMIT }, 0 },
	{ { .command = CONTROL_INSTALL_ABORT }, 0 },
	{ { .command = CONTROL_REMOVE, .component_id = COMPONENT }, 0 },
	{ { .command = CONTROL_REMOVE, .component_id = COMPONENT, .flags = CONTROL_REMOVE_STORAGE }, 0 },
	{ { .command = CONTROL_RECORDS }, 0 },
	{ { .command = CONTROL_RECORDS, .value = 0xffffffff }, 0 },
	{ { .command = CONTROL_SAFE_MODE }, 0 },
	{ { .command = CONTROL_SAFE_MODE, .flags = CONTROL_SAFE_MODE_ON }, 0 },
};

static const struct {
	struct control_request request;
	size_t data_bytes;
	const char *reason;
} bad[] = {
	{ { .command = 0 }, 0, "no such command" },
	{ { .command = CONTROL_COMMAND_END }, 0, "no such command" },
	{ { .command = CONTROL_EVENT }, 0, "no such command" },
	{ { .command = 0xffffffff }, 0, "no such command" },
	{ { .command = CONTROL_STATUS }, 0, "needs a component" },
	{ { .command = CONTROL_REMOVE }, 0, "needs a component" },
	{ { .command = CONTROL_LIST, .component_id = COMPONENT }, 0, "no component" },
	{ { .command = CONTROL_STOP, .component_id = COMPONENT, .value = 1 }, 0, "no value" },
	{ { .command = CONTROL_WATCH, .flags = 4 }, 0, "flags" },
	{ { .command = CONTROL_REMOVE, .component_id = COMPONENT, .flags = 2 }, 0, "flags" },
	{ { .command = CONTROL_LIST, .flags = 1 }, 0, "flags" },
	{ { .command = CONTROL_RECORDS, .component_id = COMPONENT }, 0, "no component" },
	{ { .command = CONTROL_SAFE_MODE, .value = 1 }, 0, "no value" },
	{ { .command = CONTROL_SAFE_MODE, .flags = 2 }, 0, "flags" },
	{ { .command = CONTROL_LIST }, 4, "no data" },
	{ { .command = CONTROL_INSTALL_COMMIT }, 4, "no data" },
	{ { .command = CONTROL_INSTALL_DATA }, 0, "data are" },
	{ { .command = CONTROL_INSTALL_DATA }, 3, "data are" },
	{ { .command = CONTROL_INSTALL_DATA }, CONTROL_DATA_MAX + 4, "data are" },
};

static void test_good(void **state)
{
	uint8_t seen[CONTROL_COMMAND_END] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_null(control_check(&good[i].request, BYTES + good[i].data_bytes));
		seen[good[i].request.command] = 1;
	}
	for (size_t i = 1; i < CONTROL_COMMAND_END; i++)
		assert_int_equal(seen[i], 1);
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *reason = control_check(&bad[i].request, BYTES + bad[i].data_bytes);

		assert_non_null(reason);
		assert_non_null(strstr(reason, bad[i].reason));
	}
}

static void test_short(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes < BYTES; bytes++)
		assert_non_null(control_check(&good[0].request, bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_short),
	};

	return cmocka_run_group_tests_name("abi control", tests, NULL, NULL);
}
