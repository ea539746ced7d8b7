// SPDX-License-Identifier: Apache-2.0
/* Keeping the apps running. */

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <linux/spherule.h>

#include "abi/app_channel.h"
#include "app.h"
#include "cgroups.h"
#include "channel.h"
#include "console.h"
#include "control.h"
#include "deadline.h"
#include "installed.h"
#include "abi/errors.h"
#include "abi/manifest.h"
#include "gpio.h"
#include "network.h"
#include "records.h"
#include "safe_mode.h"
#include "start.h"
#include "supervise.h"

/* Set once; after it no app is started. */
static bool going_down;

/* Set once: no system app keeps those of OEMs waiting any more. */
static bool system_is_up;

unsigned int supervise_next_delay_ms(unsigned int previous_ms, long long ran_ms)
{
	if (!previous_ms || ran_ms >= RESTART_STABLE_MS)
		return RESTART_FIRST_MS;
	return previous_ms < RESTART_MAX_MS / 2 ? previous_ms * 2 : RESTART_MAX_MS;
}

/* The state in which the app waits for its next start. */
static void schedule_restart(struct app *app, long long now_ms, long long ran_ms)
{
	app->delay_ms = supervise_next_delay_ms(app->delay_ms, ran_ms);
	app->deadline_ms = now_ms + app->delay_ms;
	app->restarts++;
	app->state = APP_WAITING;
}

void supervise_alive(struct app *app, long long now_ms)
{
	if (app->state == APP_RUNNING && app->watchdog_ms && app->ready_by_ms < 0)
		app->alive_by_ms = now_ms + app->watchdog_ms;
}

void supervise_ready(struct app *app, long long now_ms)
{
	app->ready_by_ms = -1;
	supervise_alive(app, now_ms);
}

static void begin_run(struct app *app, long long now_ms)
{
	app->state = APP_RUNNING;
	app->started_ms = now_ms;
	app->deadline_ms = now_ms + RESTART_STABLE_MS;
	app->ready_by_ms = app->ready_ms ? now_ms + app->ready_ms : -1;
	app->alive_by_ms = -1;
	app->is_hung = false;
	supervise_alive(app, now_ms);
}

static void start(struct app *app, long long now_ms)
{
	static const struct spherule_end nowhere;
	int err = start_app(app);

	/* Once, and not at each further try. */
	if (err && !app->delay_ms)
		records_add_end(app, -err << 8, CONTROL_END_START, 0, &nowhere);
	if (err && app->on_trial) {
		installed_go_back(app, now_ms);
	} else if (err == -ENOEXEC) {
		app->state = APP_REFUSED;
	} else if (err) {
		schedule_restart(app, now_ms, 0);
		console_info("%s is tried again in %u ms", app->name, app->delay_ms);
	} else {
		begin_run(app, now_ms);
		control_tell(app, "started");
		console_info("%s started, pid %d, uid %d, in %u us", app->name, (int)app->pid,
			     (int)app->uid, app->start_us);
	}
}

/* Its children too: the app leads a session, and its group has its pid. */
static void signal_app(const struct app *app, int signal_number)
{
	/* 0 would be our own group, and pid 1 takes SIGTERM for a wish to power off. */
	if (app->pid > 0)
		kill(-app->pid, signal_number);
}

static void kill_late(struct app *app)
{
	console_info("%s did not stop within %u ms and is killed", app->name, app->grace_ms);
	signal_app(app, SIGKILL);
	app->deadline_ms = -1;
}

/* A system app that is yet to start, or has not said yet that it is ready. */
static bool is_waited_for(const struct app *app)
{
	return app->is_system && ((app->state == APP_WAITING && !app->restarts) ||
				  (app->state == APP_RUNNING && app->ready_by_ms >= 0));
}

static bool may_start(const struct app *wanted)
{
	if (wanted->is_system || system_is_up)
		return true;
	for_each_app(app)
		if (is_waited_for(app))
			return false;
	system_is_up = true;
	return true;
}

static void look_after(struct app *app, long long now_ms)
{
	/* What it has said meanwhile counts: we may have been late ourselves. */
	if (deadline_is_over(deadline_earlier(app->ready_by_ms, app->alive_by_ms), now_ms))
		channel_receive((size_t)(app - apps));
	if (deadline_is_over(app->ready_by_ms, now_ms)) {
		console_error(E_APPMAN_NOT_READY, "%s did not say within %u ms that it is ready",
			      app->name, app->ready_ms);
		supervise_ready(app, now_ms);
	}
	if (deadline_is_over(app->alive_by_ms, now_ms)) {
		console_error(E_APPMAN_WATCHDOG,
			      "%s did not say for %u ms that it is well and is killed", app->name,
			      app->watchdog_ms);
		app->alive_by_ms = -1;
		app->is_hung = true;
		cgroups_kill(app);
	}
}

void supervise_run_due(long long now_ms)
{
	for_each_app(app) {
		if (app->state == APP_RUNNING)
			look_after(app, now_ms);
		if (!deadline_is_over(app->deadline_ms, now_ms))
			continue;
		if (app->state == APP_WAITING && safe_mode_holds(app))
			app->state = APP_STOPPED;
		else if (app->state == APP_WAITING && !going_down && may_start(app))
			start(app, now_ms);
		else if (app->state == APP_STOPPING)
			kill_late(app);
		else if (app->state == APP_LEAVING)
			installed_leave(app, now_ms);
		else if (app->state == APP_RUNNING && app->on_trial)
			installed_settle(app, now_ms);
	}
}

static bool has_deadline(const struct app *app)
{
	return (app->state == APP_WAITING && may_start(app)) || app->state == APP_STOPPING ||
	       app->state == APP_LEAVING || (app->state == APP_RUNNING && app->on_trial);
}

long long supervise_next_deadline_ms(void)
{
	long long next = -1;

	for_each_app(app) {
		if (has_deadline(app))
			next = deadline_earlier(next, app->deadline_ms);
		if (app->state != APP_RUNNING)
			continue;
		next = deadline_earlier(next, app->ready_by_ms);
		next = deadline_earlier(next, app->alive_by_ms);
	}
	return next;
}

/* It has no process any more. */
static void finish_stop(struct app *app, long long now_ms)
{
	app->state = APP_STOPPED;
	app->deadline_ms = -1;
	if (app->after == AFTER_RESTART)
		supervise_start(app, now_ms);
	else
		network_take(app);
	if (app->state == APP_STOPPED && app->after != AFTER_NOTHING) {
		app->state = APP_LEAVING;
		app->deadline_ms = now_ms;
	}
}

void supervise_start(struct app *app, long long now_ms)
{
	app->state = APP_WAITING;
	app->delay_ms = 0;
	app->crashes = 0;
	app->deadline_ms = now_ms;
}

void supervise_stop(struct app *app, enum app_after after, long long now_ms)
{
	app->after = after;
	if (app->state == APP_STOPPING || app->state == APP_LEAVING)
		return;
	if (app->state != APP_RUNNING) {
		finish_stop(app, now_ms);
		return;
	}
	if (after == AFTER_REPLACE)
		channel_tell(app, APP_CHANNEL_ON_UPDATE_READY);
	if (app->grace_ms)
		signal_app(app, SIGTERM);
	app->state = APP_STOPPING;
	app->deadline_ms = now_ms + app->grace_ms;
}

static void describe_exit(int status, char *text, size_t room)
{
	if (WIFSIGNALED(status))
		snprintf(text, room, "was ended by signal %d", WTERMSIG(status));
	else
		snprintf(text, room, "exited with status %d", WEXITSTATUS(status));
}

static bool is_started_again(const struct app *app, int status)
{
	const bool has_failed = !WIFEXITED(status) || WEXITSTATUS(status);

	return app->restart == MANIFEST_RESTART_ALWAYS ||
	       (app->restart == MANIFEST_RESTART_ON_FAILURE && has_failed);
}

static void rest(struct app *app, const char *how, long long now_ms)
{
	console_info("%s %s and is not started again", app->name, how);
	if (app->on_trial)
		installed_drop_former(app);
	app->after = AFTER_NOTHING;
	finish_stop(app, now_ms);
}

static uint8_t reason_of(const struct app *app, int status, bool was_for_memory)
{
	if (was_for_memory)
		return CONTROL_END_MEMORY;
	if (app->is_hung)
		return CONTROL_END_WATCHDOG;
	if (app->state == APP_STOPPING)
		return CONTROL_END_STOPPED;
	return WIFSIGNALED(status) ? CONTROL_END_SIGNAL : CONTROL_END_EXIT;
}

/* A system app is tried for ever: without it nobody could repair the device. */
static bool has_crashed_too_often(struct app *app, long long ran_ms)
{
	app->crashes = ran_ms < RESTART_STABLE_MS ? app->crashes + 1 : 0;
	if (app->crashes < CRASHES_MAX || app->is_system)
		return false;
	console_error(E_APPMAN_CRASH_LOOP, "%s ended %u times in a row within %d s; it stays stopped",
		      app->name, app->crashes, RESTART_STABLE_MS / 1000);
	return true;
}

static void handle_exit(struct app *app, int status, const struct spherule_end *end)
{
	long long now_ms = console_now_ms();
	long long ran_ms = now_ms - app->started_ms;
	bool was_for_memory;
	char how[48];

	describe_exit(status, how, sizeof(how));
	/* What it left behind does not outlive it, not even in a session of its own. */
	cgroups_kill(app);
	channel_close(app);
	was_for_memory = cgroups_report_kill(app);
	/* What a whole device that goes down stops is no news. */
	if (!going_down)
		records_add_end(app, status, reason_of(app, status, was_for_memory), ran_ms, end);
	gpio_take_lines(app);
	app->pid = 0;
	control_tell(app, how);
	if (app->state == APP_STOPPING) {
		console_info("%s stopped: it %s", app->name, how);
		finish_stop(app, now_ms);
	} else if (!is_started_again(app, status) ||
		   (!app->on_trial && has_crashed_too_often(app, ran_ms))) {
		rest(app, how, now_ms);
	} else if (app->on_trial) {
		console_error(E_APPMAN_EXIT, "%s %s after %lld ms", app->name, how, ran_ms);
		app->state = APP_STOPPED;
		installed_go_back(app, now_ms);
	} else {
		schedule_restart(app, now_ms, ran_ms);
		console_error(E_APPMAN_EXIT,
			      "%s %s after %lld ms, its memory had a peak of %u KiB; it starts again in %u ms",
			      app->name, how, ran_ms, app->memory_peak_kib, app->delay_ms);
	}
}

void supervise_reap(void)
{
	siginfo_t info = { 0 };

	/* Only as long as it is not collected can the kernel say where it was. */
	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid) {
		struct app *app = app_by_pid(info.si_pid);
		struct spherule_end end;
		int status;

		if (app)
			records_read_end(info.si_pid, &end);
		/* Orphans become our children; they only have to be collected. */
		if (waitpid(info.si_pid, &status, 0) > 0 && app)
			handle_exit(app, status, &end);
		info.si_pid = 0;
	}
}

void supervise_stop_all(long long now_ms)
{
	going_down = true;
	for_each_app(app) {
		supervise_stop(app, AFTER_NOTHING, now_ms);
		if (app->state != APP_STOPPING)
			app->state = APP_STOPPED;
	}
}

bool supervise_all_stopped(void)
{
	for_each_app(app)
		if (app->state != APP_STOPPED)
			return false;
	return true;
}

bool supervise_all_tried(void)
{
	for_each_app(app)
		if (app->state == APP_WAITING && !app->restarts)
			return false;
	return true;
}
