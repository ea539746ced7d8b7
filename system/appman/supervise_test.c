// SPDX-License-Identifier: Apache-2.0
/* Unit tests of the restart policy. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "app.h"
#include "console.h"
#include "start.h"
#include "supervise.h"

/* The world of supervise.c, reduced to what these tests look at. */
struct app apps[APP_MAX];
static long long clock_ms;
static int start_result;
static int starts;

int start_app(struct app *app)
{
	starts++;
	app->pid = start_result ? 0 : 1000000;
	return start_result;
}

void start_end_user(const struct app *app)
{
	(void)app;
}

void gpio_take_lines(const struct app *app)
{
	(void)app;
}

struct app *app_by_pid(pid_t pid)
{
	(void)pid;
	return NULL;
}

long long console_now_ms(void)
{
	return clock_ms;
}

void console_info(const char *format, ...)
{
	(void)format;
}

void console_error(int number, const char *format, ...)
{
	(void)number;
	(void)format;
}

static void test_delay_doubles_up_to_the_limit(void **state)
{
	unsigned int delay = 0;

	(void)state;
	for (unsigned int expected = RESTART_FIRST_MS; expected <= RESTART_MAX_MS; expected *= 2) {
		delay = supervise_next_delay_ms(delay, 1);
		assert_int_equal(delay, expected);
	}
	assert_int_equal(supervise_next_delay_ms(delay, 1), RESTART_MAX_MS);
}

static void test_delay_starts_again_after_a_stable_run(void **state)
{
	(void)state;
	assert_int_equal(supervise_next_delay_ms(8000, RESTART_STABLE_MS), RESTART_FIRST_MS);
	assert_int_equal(supervise_next_delay_ms(8000, RESTART_STABLE_MS - 1), 16000);
}

static void test_nothing_to_do_without_apps(void **state)
{
	(void)state;
	assert_int_equal(supervise_next_deadline_ms(), -1);
	assert_true(supervise_all_tried());
	assert_true(supervise_all_stopped());
}

static void test_start_when_due_and_not_before(void **state)
{
	(void)state;
	apps[0] = (struct app){ .state = APP_WAITING, .deadline_ms = 100 };
	starts = 0;
	start_result = 0;

	assert_int_equal(supervise_next_deadline_ms(), 100);
	supervise_run_due(99);
	assert_int_equal(starts, 0);
	assert_false(supervise_all_tried());
	supervise_run_due(100);
	assert_int_equal(starts, 1);
	assert_int_equal(apps[0].state, APP_RUNNING);
	assert_true(supervise_all_tried());
	assert_int_equal(supervise_next_deadline_ms(), -1);
	apps[0].state = APP_ABSENT;
}

static void test_failed_start_waits_longer_each_time(void **state)
{
	long long now_ms = 0;

	(void)state;
	apps[0] = (struct app){ .state = APP_WAITING };
	start_result = -1;
	for (unsigned int delay = RESTART_FIRST_MS; delay <= 2000; delay *= 2) {
		supervise_run_due(now_ms);
		assert_int_equal(apps[0].state, APP_WAITING);
		assert_int_equal(apps[0].deadline_ms - now_ms, delay);
		now_ms = apps[0].deadline_ms;
	}
	assert_true(supervise_all_tried());
	apps[0].state = APP_ABSENT;
}

static void test_refused_image_is_not_tried_again(void **state)
{
	(void)state;
	apps[0] = (struct app){ .state = APP_WAITING };
	starts = 0;
	start_result = -ENOEXEC;
	supervise_run_due(0);
	assert_int_equal(apps[0].state, APP_REFUSED);
	assert_int_equal(supervise_next_deadline_ms(), -1);
	supervise_run_due(1000000);
	assert_int_equal(starts, 1);
	assert_true(supervise_all_tried());
	apps[0].state = APP_ABSENT;
}

/* Last: going down cannot be undone. */
static void test_nothing_starts_on_the_way_down(void **state)
{
	(void)state;
	apps[0] = (struct app){ .state = APP_WAITING };
	starts = 0;
	start_result = 0;
	supervise_stop_all(0);
	assert_int_equal(apps[0].state, APP_STOPPED);
	apps[0].state = APP_WAITING;
	supervise_run_due(1000);
	assert_int_equal(starts, 0);
	apps[0].state = APP_STOPPED;
	assert_true(supervise_all_stopped());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delay_doubles_up_to_the_limit),
		cmocka_unit_test(test_delay_starts_again_after_a_stable_run),
		cmocka_unit_test(test_nothing_to_do_without_apps),
		cmocka_unit_test(test_start_when_due_and_not_before),
		cmocka_unit_test(test_failed_start_waits_longer_each_time),
		cmocka_unit_test(test_refused_image_is_not_tried_again),
		cmocka_unit_test(test_nothing_starts_on_the_way_down),
	};

	return cmocka_run_group_tests_name("appman: supervise", tests, NULL, NULL);
}
