// SPDX-License-Identifier: Apache-2.0
/* Each command with the values that it takes, and with those that it does not. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/app_channel.h"
#include "abi/array.h"

static const struct {
	struct app_channel_request request;
	int result;
} cases[] = {
	{ { APP_CHANNEL_READY, 0 }, 0 },
	{ { APP_CHANNEL_READY, 1 }, -EBADMSG },
	{ { APP_CHANNEL_ALIVE, 0 }, 0 },
	{ { APP_CHANNEL_ALIVE, 0x80000000u }, -EBADMSG },
	{ { APP_CHANNEL_EVENTS, 0 }, 0 },
	{ { APP_CHANNEL_EVENTS, APP_CHANNEL_ON_ALL }, 0 },
	{ { APP_CHANNEL_EVENTS, APP_CHANNEL_ON_ALL + 1 }, -EBADMSG },
	{ { APP_CHANNEL_EVENTS, 0xffffffffu }, -EBADMSG },
	{ { APP_CHANNEL_TAKEN, 0 }, 0 },
	{ { APP_CHANNEL_TAKEN, APP_CHANNEL_ON_MEMORY_HIGH }, 0 },
	{ { APP_CHANNEL_TAKEN, APP_CHANNEL_ON_ALL + 1 }, -EBADMSG },
	{ { APP_CHANNEL_MEMORY, 0 }, 0 },
	{ { APP_CHANNEL_MEMORY, 1 }, -EBADMSG },
	{ { APP_CHANNEL_RESET_PEAK, 0 }, 0 },
	{ { APP_CHANNEL_RESET_PEAK, 1 }, -EBADMSG },
	{ { APP_CHANNEL_REBOOT, 0 }, 0 },
	{ { APP_CHANNEL_REBOOT, 1 }, -EBADMSG },
	{ { APP_CHANNEL_POWER_DOWN, 0 }, -EBADMSG },
	{ { APP_CHANNEL_POWER_DOWN, 1 }, 0 },
	{ { APP_CHANNEL_POWER_DOWN, APP_CHANNEL_NO_WAKE }, 0 },
	{ { 0, 0 }, -EBADMSG },
	{ { APP_CHANNEL_COMMAND_END, 0 }, -EBADMSG },
	{ { APP_CHANNEL_EVENT, 0 }, -EBADMSG },
	{ { 0xffffffffu, 0 }, -EBADMSG },
};

static void test_values(void **state)
{
	uint8_t good[APP_CHANNEL_COMMAND_END] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct app_channel_request *request = &cases[i].request;

		assert_int_equal(app_channel_check(request, sizeof(*request)), cases[i].result);
		if (!cases[i].result)
			good[request->command] = 1;
	}
	for (size_t i = 1; i < APP_CHANNEL_COMMAND_END; i++)
		assert_int_equal(good[i], 1);
}

static void test_sizes(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes < 20; bytes++)
		assert_int_equal(app_channel_check(&cases[0].request, bytes),
				 bytes == sizeof(cases[0].request) ? 0 : -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests_name("abi app channel", tests, NULL, NULL);
}
