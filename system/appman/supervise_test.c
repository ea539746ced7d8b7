// SPDX-License-Identifier: Apache-2.0
/* Unit tests of the restart policy. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "abi/app_channel.h"
#include "abi/errors.h"
#include "app.h"
#include "channel.h"
#include "console.h"
#include "records.h"
#include "safe_mode.h"
#include "start.h"
#include "supervise.h"

/* The world of supervise.c, reduced to what these tests look at. */
struct app apps[APP_MAX];
static long long clock_ms;
static int start_result;
static int starts, takes;
static int went_back;
static enum app_after left;
static uint32_t told;
static int killed;
static int last_error;
static void (*late_word)(struct app *app, long long now_ms);
static bool safe_mode;
static int failed_starts;

void records_read_end(pid_t pid, struct spherule_end *end)
{
	(void)pid;
	*end = (struct spherule_end){ 0 };
}

void records_add_end(const struct app *app, int status, uint8_t reason, long long ran_ms,
		   const struct spherule_end *end)
{
	(void)app;
	(void)status;
	(void)ran_ms;
	failed_starts += reason == CONTROL_END_START;
	(void)end;
}

bool safe_mode_holds(struct app *app)
{
	app->is_held = safe_mode && !app->is_system;
	return app->is_held;
}

int start_app(struct app *app)
{
	starts++;
	app->pid = start_result ? 0 : 1000000;
	return start_result;
}

void channel_tell(const struct app *app, uint32_t events)
{
	(void)app;
	told |= events;
}

void channel_close(const struct app *app)
{
	(void)app;
}

/* What an app has sent that was not looked at yet. */
void channel_receive(size_t number)
{
	if (late_word)
		late_word(&apps[number], clock_ms);
	late_word = NULL;
}

void control_tell(const struct app *app, const char *what)
{
	(void)app;
	(void)what;
}

void installed_leave(struct app *app, long long now_ms)
{
	(void)now_ms;
	left = app->after;
	app->deadline_ms = -1;
}

void installed_settle(struct app *app, long long now_ms)
{
	(void)now_ms;
	app->on_trial = false;
}

int installed_drop_former(struct app *app)
{
	app->on_trial = false;
	return 0;
}

void installed_go_back(struct app *app, long long now_ms)
{
	(void)now_ms;
	app->on_trial = false;
	went_back++;
}

void cgroups_kill(const struct app *app)
{
	(void)app;
	killed++;
}

bool cgroups_report_kill(struct app *app)
{
	(void)app;
	return false;
}

void gpio_take_lines(const struct app *app)
{
	(void)app;
}

void network_take(const struct app *app)
{
	(void)app;
	takes++;
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
	last_error = number;
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
	failed_starts = 0;
	for (unsigned int delay = RESTART_FIRST_MS; delay <= 2000; delay *= 2) {
		supervise_run_due(now_ms);
		assert_int_equal(apps[0].state, APP_WAITING);
		assert_int_equal(apps[0].deadline_ms - now_ms, delay);
		now_ms = apps[0].deadline_ms;
	}
	assert_int_equal(failed_starts, 1);
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

static void test_stop_and_start(void **state)
{
	(void)state;
	start_result = 0;
	apps[0] = (struct app){ .state = APP_WAITING, .deadline_ms = 5000 };
	takes = 0;
	supervise_stop(&apps[0], AFTER_NOTHING, 0);
	assert_int_equal(apps[0].state, APP_STOPPED);
	assert_int_equal(takes, 1);
	assert_int_equal(supervise_next_deadline_ms(), -1);
	supervise_start(&apps[0], 7);
	assert_int_equal(supervise_next_deadline_ms(), 7);
	supervise_stop(&apps[0], AFTER_RESTART, 8);
	assert_int_equal(apps[0].state, APP_WAITING);
	assert_int_equal(apps[0].deadline_ms, 8);
	assert_int_equal(takes, 1); /* it keeps what it has on the network */
	apps[0].state = APP_ABSENT;
}

/* What comes after the end of an app that does not run comes at its next turn. */
static void test_leaving(void **state)
{
	static const enum app_after ways[] = { AFTER_REPLACE, AFTER_GO_BACK, AFTER_REMOVE };

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		apps[0] = (struct app){ .state = APP_REFUSED };
		left = AFTER_NOTHING;
		supervise_stop(&apps[0], ways[i], 50);
		assert_int_equal(apps[0].state, APP_LEAVING);
		assert_int_equal(supervise_next_deadline_ms(), 50);
		supervise_stop(&apps[0], AFTER_REMOVE, 60); /* the last word counts */
		assert_int_equal(apps[0].deadline_ms, 50);
		supervise_stop(&apps[0], ways[i], 60);
		supervise_run_due(50);
		assert_int_equal(left, ways[i]);
	}
	apps[0].state = APP_ABSENT;
}

static void test_trial(void **state)
{
	(void)state;
	start_result = 0;
	apps[0] = (struct app){ .state = APP_WAITING, .on_trial = true };
	supervise_run_due(0);
	assert_int_equal(apps[0].state, APP_RUNNING);
	assert_int_equal(supervise_next_deadline_ms(), RESTART_STABLE_MS);
	supervise_run_due(RESTART_STABLE_MS - 1);
	assert_true(apps[0].on_trial);
	supervise_run_due(RESTART_STABLE_MS);
	assert_false(apps[0].on_trial);
	assert_int_equal(supervise_next_deadline_ms(), -1);
	for (int i = 0; i < 2; i++) {
		apps[0] = (struct app){ .state = APP_WAITING, .on_trial = true };
		start_result = i ? -ENOEXEC : -EIO;
		went_back = 0;
		supervise_run_due(0);
		assert_int_equal(went_back, 1);
		assert_int_not_equal(apps[0].state, APP_REFUSED);
	}
	apps[0].state = APP_ABSENT;
}

/* An app that says nothing, one that does, one whose word was not heard yet. */
static void test_watchdog(void **state)
{
	(void)state;
	start_result = 0;
	killed = 0;
	apps[0] = (struct app){ .state = APP_WAITING, .watchdog_ms = 1000 };
	supervise_run_due(0);
	assert_int_equal(supervise_next_deadline_ms(), 1000);
	supervise_alive(&apps[0], 600);
	assert_int_equal(supervise_next_deadline_ms(), 1600);
	clock_ms = 1600;
	late_word = supervise_alive;
	supervise_run_due(1600);
	assert_int_equal(killed, 0);
	supervise_run_due(2599);
	assert_int_equal(killed, 0);
	last_error = 0;
	supervise_run_due(2600);
	assert_int_equal(killed, 1);
	assert_int_equal(last_error, E_APPMAN_WATCHDOG);
	assert_true(apps[0].is_hung);
	assert_int_equal(supervise_next_deadline_ms(), -1);
	supervise_run_due(9000);
	assert_int_equal(killed, 1);
	apps[0].state = APP_ABSENT;
}

/* Its watchdog counts when it has said that it is ready, or should have. */
static void test_watchdog_behind_readiness(void **state)
{
	(void)state;
	start_result = 0;
	killed = 0;
	for (int says_it = 0; says_it < 2; says_it++) {
		apps[0] = (struct app){ .state = APP_WAITING, .watchdog_ms = 1000, .ready_ms = 5000 };
		supervise_run_due(0);
		supervise_alive(&apps[0], 10); /* before it is ready: nothing */
		assert_int_equal(supervise_next_deadline_ms(), 5000);
		last_error = 0;
		if (says_it)
			supervise_ready(&apps[0], 2000);
		else
			supervise_run_due(5000);
		assert_int_equal(last_error, says_it ? 0 : E_APPMAN_NOT_READY);
		assert_int_equal(supervise_next_deadline_ms(), says_it ? 3000 : 6000);
	}
	assert_int_equal(killed, 0);
	apps[0].state = APP_STOPPED;
	supervise_ready(&apps[0], 0);
	assert_int_equal(supervise_next_deadline_ms(), -1);
	apps[0].state = APP_ABSENT;
}

/* First of all: what is up does not go down again. */
static void test_start_order(void **state)
{
	(void)state;
	start_result = 0;
	starts = 0;
	apps[0] = (struct app){ .state = APP_WAITING, .is_system = true, .ready_ms = 300 };
	apps[1] = (struct app){ .state = APP_WAITING, .is_system = true };
	apps[2] = (struct app){ .state = APP_WAITING };
	supervise_run_due(0);
	assert_int_equal(starts, 2);
	assert_int_equal(apps[2].state, APP_WAITING);
	assert_false(supervise_all_tried());
	assert_int_equal(supervise_next_deadline_ms(), 300);
	supervise_run_due(299);
	assert_int_equal(starts, 2);
	supervise_ready(&apps[0], 299);
	assert_int_equal(supervise_next_deadline_ms(), 0);
	supervise_run_due(299);
	assert_int_equal(apps[2].state, APP_RUNNING);

	/* It starts once more: nobody waits again. */
	apps[0].state = APP_WAITING;
	apps[2].state = APP_WAITING;
	supervise_run_due(20000);
	assert_int_equal(apps[2].state, APP_RUNNING);
	for (int i = 0; i < 3; i++)
		apps[i].state = APP_ABSENT;
}

static void test_app_is_told_that_it_is_replaced(void **state)
{
	(void)state;
	told = 0;
	apps[0] = (struct app){ .state = APP_RUNNING, .grace_ms = 100 };
	supervise_stop(&apps[0], AFTER_RESTART, 0);
	assert_int_equal(told, 0);
	apps[0] = (struct app){ .state = APP_RUNNING, .grace_ms = 100 };
	supervise_stop(&apps[0], AFTER_REPLACE, 0);
	assert_int_equal(told, APP_CHANNEL_ON_UPDATE_READY);
	apps[0].state = APP_ABSENT;
}

static void test_safe_mode_holds_apps_of_oems(void **state)
{
	(void)state;
	apps[0] = (struct app){ .state = APP_WAITING };
	apps[1] = (struct app){ .state = APP_WAITING, .is_system = true };
	start_result = 0;
	safe_mode = true;
	supervise_run_due(0);
	assert_int_equal(apps[0].state, APP_STOPPED);
	assert_int_equal(apps[1].state, APP_RUNNING);
	assert_int_equal(supervise_next_deadline_ms(), -1);
	safe_mode = false;
	supervise_start(&apps[0], 0);
	supervise_run_due(0);
	assert_int_equal(apps[0].state, APP_RUNNING);
	apps[0].state = apps[1].state = APP_ABSENT;
}

static void test_start_forgets_crashes(void **state)
{
	(void)state;
	apps[0] = (struct app){ .state = APP_STOPPED, .crashes = CRASHES_MAX };
	supervise_start(&apps[0], 0);
	assert_int_equal(apps[0].crashes, 0);
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
		cmocka_unit_test(test_start_order),
		cmocka_unit_test(test_delay_doubles_up_to_the_limit),
		cmocka_unit_test(test_delay_starts_again_after_a_stable_run),
		cmocka_unit_test(test_nothing_to_do_without_apps),
		cmocka_unit_test(test_start_when_due_and_not_before),
		cmocka_unit_test(test_failed_start_waits_longer_each_time),
		cmocka_unit_test(test_refused_image_is_not_tried_again),
		cmocka_unit_test(test_stop_and_start),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_trial),
		cmocka_unit_test(test_watchdog),
		cmocka_unit_test(test_watchdog_behind_readiness),
		cmocka_unit_test(test_app_is_told_that_it_is_replaced),
		cmocka_unit_test(test_safe_mode_holds_apps_of_oems),
		cmocka_unit_test(test_start_forgets_crashes),
		cmocka_unit_test(test_nothing_starts_on_the_way_down),
	};

	return cmocka_run_group_tests_name("appman: supervise", tests, NULL, NULL);
}
