// SPDX-License-Identifier: Apache-2.0
/*
 * application-manager: pid 1 and the only program that is not an app.
 *
 * Comes up, mounts the images that are in flash, starts what is in them, and then waits for
 * processes that end, messages of the apps, buttons and deadlines.  It never ends by itself: the
 * kernel would panic.  See appman.8.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "abi/array.h"
#include "app.h"
#include "applog.h"
#include "buttons.h"
#include "cgroups.h"
#include "channel.h"
#include "console.h"
#include "control.h"
#include "counter.h"
#include "deadline.h"
#include "devices.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "monitor.h"
#include "mounts.h"
#include "firewall/firewall.h"
#include "power.h"
#include "records.h"
#include "report.h"
#include "resolver.h"
#include "safe_mode.h"
#include "seccomp.h"
#include "storage.h"
#include "supervise.h"

enum { SIGNALS, LOG, BUTTONS, MEMORY, CONTROL, RESOLVER, NETWORKD, SOURCE_COUNT };

static struct pollfd sources[SOURCE_COUNT + CONTROL_CLIENTS_MAX + CHANNEL_SOURCES];
static struct pollfd *const clients = sources + SOURCE_COUNT;
static struct pollfd *const channels = sources + SOURCE_COUNT + CONTROL_CLIENTS_MAX;
static long long report_deadline_ms = -1;

/* Signals to pid 1 come from the kernel only: Ctrl-Alt-Del is SIGINT once it is disabled. */
static void handle_signals(void)
{
	struct signalfd_siginfo info;

	while (read(sources[SIGNALS].fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			supervise_reap();
		else if (info.ssi_signo == SIGINT)
			power_want(POWER_RESET, "reset requested");
		else
			power_want(POWER_OFF, "power off requested");
	}
}

static void handle_button(void)
{
	static const struct {
		enum power_action action;
		const char *why;
	} wishes[BUTTON_COUNT] = {
		[BUTTON_POWER] = { POWER_OFF, "power button" },
		[BUTTON_RESET] = { POWER_RESET, "reset button" },
	};
	const enum button button = buttons_read(sources[BUTTONS].fd);

	if (button != BUTTON_NONE)
		power_want(wishes[button].action, wishes[button].why);
}

static void handle_resolver(void)
{
	sources[NETWORKD].fd = sources[RESOLVER].revents ? resolver_accept() : resolver_receive();
}

static void (*const handlers[SOURCE_COUNT])(void) = {
	[SIGNALS] = handle_signals,
	[LOG] = applog_receive,
	[BUTTONS] = handle_button,
	[CONTROL] = control_accept,
	[MEMORY] = cgroups_notice,
	[RESOLVER] = handle_resolver,
	[NETWORKD] = handle_resolver,
};

static int open_signals(void)
{
	static const int wanted[] = { SIGCHLD, SIGINT, SIGTERM, SIGPWR };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		sigaddset(&set, wanted[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	reboot(RB_DISABLE_CAD);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A source that could not be opened is left out of poll() by its negative descriptor. */
static void open_source(int source, int fd, const char *what)
{
	sources[source] = (struct pollfd){ .fd = fd, .events = POLLIN };
	if (fd < 0 && fd != -ENODEV)
		console_failure(E_APPMAN_INTERNAL, what, fd);
}

static void come_up(void)
{
	uint64_t power_on_us = counter_since_power_on_us();

	console_open();
	mounts_prepare();
	devices_prepare();
	console_open();
	monitor_open();
	monitor_feed_watchdog(console_now_ms());
	console_info("%s, here %llu.%03llu ms after power-on", report_release(),
		     (unsigned long long)power_on_us / 1000, (unsigned long long)power_on_us % 1000);

	open_source(SIGNALS, open_signals(), "signals");
	open_source(LOG, applog_open(), "log");
	open_source(BUTTONS, buttons_open(), "buttons");
	open_source(CONTROL, control_open(), "control socket");
	console_failure(E_APPMAN_INTERNAL, "channels of apps", channel_open());
	open_source(MEMORY, cgroups_open(), "cgroups");
	open_source(RESOLVER, resolver_open(), "resolver");
	open_source(NETWORKD, -ENODEV, "networkd");
	sources[MEMORY].events = POLLPRI;
	console_failure(E_APPMAN_INTERNAL, "filter of system calls", seccomp_prepare());
	firewall_open();
	app_load_system();
	app_load_installed();
	storage_open();
	records_open();
	safe_mode_begin();
}

/* Once, when every app has been started or has failed to. */
static void report_when_settled(long long now_ms)
{
	static bool done;

	if (done || !supervise_all_tried())
		return;
	if (report_deadline_ms < 0)
		report_deadline_ms = now_ms + REPORT_DELAY_MS;
	if (now_ms < report_deadline_ms)
		return;
	done = true;
	report_deadline_ms = -1;
	report_print();
	monitor_confirm(SPH_SMC_BOOT_OK);
}

static int poll_timeout_ms(long long now_ms)
{
	long long next = deadline_earlier(supervise_next_deadline_ms(), report_deadline_ms);

	next = deadline_earlier(next, monitor_watchdog_deadline_ms());
	next = deadline_earlier(next, channel_sources(channels, now_ms));
	if (next < 0)
		return -1;
	return next <= now_ms ? 0 : (int)(next - now_ms);
}

static void wait_for_events(void)
{
	const long long now_ms = console_now_ms();

	control_sources(clients);
	if (poll(sources, ARRAY_SIZE(sources), poll_timeout_ms(now_ms)) <= 0)
		return;
	for (int i = 0; i < SOURCE_COUNT; i++)
		if (sources[i].revents)
			handlers[i]();
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (clients[i].revents)
			control_receive(i);
	for (size_t i = 0; i < CHANNEL_SOURCES; i++)
		if (channels[i].revents)
			channel_receive(i);
}

int main(void)
{
	come_up();
	for (;;) {
		long long now_ms = console_now_ms();

		monitor_feed_watchdog(now_ms);
		supervise_run_due(now_ms);
		records_write(false, now_ms);
		safe_mode_settle(now_ms);
		if (power_wanted() == POWER_STAY)
			report_when_settled(now_ms);
		else if (supervise_all_stopped())
			power_down(power_wanted());
		wait_for_events();
	}
}
