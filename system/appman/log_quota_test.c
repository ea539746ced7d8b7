// SPDX-License-Identifier: Apache-2.0
/* What of a flood of messages is taken, and when again. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "limits.h"
#include "log_quota.h"

#define RATE	1000u

/* Messages of 100 bytes from @from_ms on, one each ms: how many are taken. */
static unsigned int flood(struct log_quota *quota, long long from_ms, long long to_ms)
{
	unsigned int taken = 0;

	for (long long now_ms = from_ms; now_ms < to_ms; now_ms++)
		taken += log_quota_takes(quota, 100, now_ms);
	return taken;
}

static void test_burst_and_mean(void **state)
{
	struct log_quota quota = { 0 };
	unsigned int taken;

	(void)state;
	log_quota_set(&quota, RATE, 500);
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
	struct log_quota quota = { 0 };
	const long long half_ms = LOG_QUOTA_S * 1000 / 2;

	(void)state;
	log_quota_set(&quota, RATE, 0);
	flood(&quota, 0, 1000);
	assert_true(quota.is_closed);
	assert_int_equal(flood(&quota, 1000, half_ms - 1000), 0);
	assert_true(log_quota_takes(&quota, 100, 1000 + half_ms));
	assert_in_range(flood(&quota, 1000 + half_ms, 2000 + half_ms), LOG_QUOTA_S * RATE / 200 - 20,
			LOG_QUOTA_S * RATE / 200 + 20);
}

/* The least quota lets one full message through. */
static void test_least_quota(void **state)
{
	struct log_quota quota = { 0 };

	(void)state;
	log_quota_set(&quota, 16, 0);
	assert_true(log_quota_takes(&quota, LOG_MESSAGE_BYTES, 0));
	assert_true(log_quota_takes(&quota, LOG_MESSAGE_BYTES, 0));
	assert_false(log_quota_takes(&quota, LOG_MESSAGE_BYTES, 1));
	assert_false(log_quota_takes(&quota, 1, 15000));
	assert_true(log_quota_takes(&quota, LOG_MESSAGE_BYTES, 16100));
}

/* Short messages cost what their lines do, and a restart gives nothing back. */
static void test_short_messages_and_restarts(void **state)
{
	struct log_quota quota = { 0 };
	unsigned int taken = 0;

	(void)state;
	log_quota_set(&quota, RATE, 0);
	while (taken < 100000 && log_quota_takes(&quota, 0, 0))
		taken++;
	assert_int_equal(taken, LOG_QUOTA_S * RATE / LOG_MESSAGE_COST_MIN);
	log_quota_set(&quota, RATE, 1);
	assert_false(log_quota_takes(&quota, 1, 1));
	log_quota_set(&quota, 2 * RATE, 1);
	assert_true(log_quota_takes(&quota, 1, 1));
}

static void test_time_that_stands_still_or_jumps(void **state)
{
	struct log_quota quota = { 0 };

	(void)state;
	log_quota_set(&quota, 65536, 0);
	assert_true(log_quota_takes(&quota, 256, 0x7fffffffffffll));
	assert_int_equal(quota.room_bytes, 65536 * LOG_QUOTA_S - 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_and_mean),
		cmocka_unit_test(test_hears_again_after_a_pause),
		cmocka_unit_test(test_least_quota),
		cmocka_unit_test(test_short_messages_and_restarts),
		cmocka_unit_test(test_time_that_stands_still_or_jumps),
	};

	return cmocka_run_group_tests_name("appman: log quota", tests, NULL, NULL);
}
