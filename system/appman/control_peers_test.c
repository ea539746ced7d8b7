// SPDX-License-Identifier: Apache-2.0
/* Who may ask for what. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/control.h"
#include "control_peers.h"
#include "limits.h"

static void test_rights(void **state)
{
	const unsigned int updated = control_rights(SYSTEM_APP_UPDATED);

	(void)state;
	for (uint32_t command = 1; command < CONTROL_COMMAND_END; command++) {
		assert_int_not_equal(control_right_of(command), 0);
		assert_true(control_rights(SYSTEM_APP_CONTROLD) & control_right_of(command));
	}
	assert_true(updated & control_right_of(CONTROL_INSTALL_BEGIN));
	assert_true(updated & control_right_of(CONTROL_LIST));
	assert_false(updated & control_right_of(CONTROL_STOP));
	assert_false(updated & control_right_of(CONTROL_WATCH));
}

static void test_nobody_else(void **state)
{
	(void)state;
	assert_int_equal(control_rights(SYSTEM_APP_NETWORKD), 0);
	assert_int_equal(control_rights(""), 0);
	assert_int_equal(control_rights("00000000-0000-0000-0000-000000000000"), 0);
	assert_int_equal(control_right_of(0), 0);
	assert_int_equal(control_right_of(CONTROL_COMMAND_END), 0);
	assert_int_equal(control_right_of(CONTROL_EVENT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_nobody_else),
	};

	return cmocka_run_group_tests_name("appman: control peers", tests, NULL, NULL);
}
