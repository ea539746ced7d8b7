// SPDX-License-Identifier: Apache-2.0
/* What of a flood of messages is taken, and when again. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "applog.h"
#include "limits.h"

#define RATE	1000u

/* Messages of 100 bytes from @from_ms on, one each ms: how many are taken. */
static unsigned int flood(struct log_quota *quota, long long from_ms, long long to_ms)
{
	unsigned int taken = 0;

	for (long long now_ms = from_ms; now_ms < to_ms; now_ms++)
		taken += applog_takes(quota, 100, now_ms);
	return taken;
}

static void test_burst_and_mean(void **state)
{
	struct log_quota quota = { .bytes_per_s = RATE };
	unsigned int taken;

	(void)state;
	taken = flood(&quota, 500, 1500);
	assert_in_range(taken, LOG_QUOTA_S * RATE / 100, LOG_QUOTA_S * RATE / 100 + 20);
	assert_int_equal(quota.dropped_messages, 1000 - taken);
	assert_int_equal(quota.dropped_bytes, 100 * (1000 - taken));
	taken += flood(&quota, 1500, 100500);
	assert_in_range(taken * 100, 95 * RATE, (100 + LOG_QUOTA_S) * RATE);
}

/* Silent until half of its room is there again, then heard for a while. */
static void test_hears_again_after_a_pause(void **state)
{
	struct log_quota quota = { .bytes_per_s = RATE };
	const long long half_ms = LOG_QUOTA_S * 1000 / 2;

	(void)state;
	flood(&quota, 1, 1000);
	assert_true(quota.is_closed);
	assert_int_equal(flood(&quota, 1000, half_ms - 1000), 0);
	assert_true(applog_takes(&quota, 100, 1000 + half_ms));
	assert_in_range(flood(&quota, 1000 + half_ms, 2000 + half_ms), LOG_QUOTA_S * RATE / 200 - 20,
			LOG_QUOTA_S * RATE / 200 + 20);
}

/* The least quota lets one full message through. */
static void test_least_quota(void **state)
{
	struct log_quota quota = { .bytes_per_s = RATE };

	(void)state;
	quota.bytes_per_s = 16;
	assert_true(applog_takes(&quota, LOG_MESSAGE_BYTES, 1));
	assert_true(applog_takes(&quota, LOG_MESSAGE_BYTES, 1));
	assert_false(applog_takes(&quota, LOG_MESSAGE_BYTES, 1));
	assert_false(applog_takes(&quota, 1, 15000));
	assert_true(applog_takes(&quota, LOG_MESSAGE_BYTES, 16100));
}

/* Short messages cost what their lines do. */
static void test_short_messages(void **state)
{
	struct log_quota quota = { .bytes_per_s = RATE };
	unsigned int taken = 0;

	(void)state;
	while (taken < 100000 && applog_takes(&quota, 0, 1))
		taken++;
	assert_int_equal(taken, LOG_QUOTA_S * RATE / LOG_MESSAGE_COST_MIN);
}

static void test_room_is_bounded(void **state)
{
	struct log_quota quota = { .bytes_per_s = 65536 };

	(void)state;
	assert_true(applog_takes(&quota, 256, 1));
	assert_true(applog_takes(&quota, 256, 100ll * 365 * 86400 * 1000));
	assert_int_equal(quota.room, 1000ll * (65536 * LOG_QUOTA_S - 256));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_and_mean),
		cmocka_unit_test(test_hears_again_after_a_pause),
		cmocka_unit_test(test_least_quota),
		cmocka_unit_test(test_short_messages),
		cmocka_unit_test(test_room_is_bounded),
	};

	return cmocka_run_group_tests_name("appman: log quota", tests, NULL, NULL);
}
