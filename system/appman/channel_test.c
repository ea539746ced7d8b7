// SPDX-License-Identifier: Apache-2.0
/* Channels without a kernel's word on who comes: accept4() gives ends of pairs, peer_app() what a test says. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "abi/app_channel.h"
#include "abi/array.h"
#include "abi/manifest.h"
#include "app.h"
#include "cgroups.h"
#include "channel.h"
#include "console.h"
#include "peer.h"
#include "power.h"
#include "supervise.h"

struct app apps[APP_MAX];
static long long clock_ms;
static int coming = -1;			/* what accept4() gives next */
static struct app *who;
static int readies, alives, peak_opens;
static enum power_action wanted;

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	const int next = coming;

	(void)fd;
	(void)address;
	(void)length;
	(void)flags;
	coming = -1;
	return next;
}

int peer_listen(const char *name, int backlog)
{
	(void)name;
	(void)backlog;
	return 1000;
}

struct app *peer_app(int fd)
{
	(void)fd;
	return who;
}

long long console_now_ms(void)
{
	return clock_ms;
}

void supervise_ready(struct app *app, long long now_ms)
{
	(void)app;
	(void)now_ms;
	readies++;
}

void supervise_alive(struct app *app, long long now_ms)
{
	(void)app;
	(void)now_ms;
	alives++;
}

void power_want(enum power_action action, const char *why)
{
	(void)why;
	wanted = action;
}

int cgroups_measure(const struct app *app, int peak_fd, struct app_channel_memory *memory)
{
	(void)app;
	*memory = (struct app_channel_memory){ .total = 300, .peak = peak_fd >= 0 ? 1 : 2 };
	return 0;
}

int cgroups_reset_peak(const struct app *app, int *peak_fd)
{
	(void)app;
	if (*peak_fd < 0)
		peak_opens++;
	if (*peak_fd < 0)
		*peak_fd = dup(STDIN_FILENO);
	return *peak_fd < 0 ? -errno : 0;
}

/* An app connects.  Returns its end. */
static int come(struct app *app)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
	coming = ends[1];
	who = app;
	channel_receive(APP_MAX);
	return ends[0];
}

static void put(int fd, uint32_t command, uint32_t value)
{
	const struct app_channel_request request = { command, value };

	assert_int_equal(send(fd, &request, sizeof(request), 0), sizeof(request));
	channel_receive((size_t)(who - apps));
}

/* The next message; 0 when the channel is closed, -1 when there is none. */
static int get(int fd, struct app_channel_message *message)
{
	const ssize_t got = recv(fd, message, sizeof(*message), 0);

	return got == (ssize_t)sizeof(*message) ? 1 : (int)got;
}

static int ask(int fd, uint32_t command, uint32_t value)
{
	struct app_channel_message message;

	put(fd, command, value);
	assert_int_equal(get(fd, &message), 1);
	assert_int_equal(message.command, command);
	return message.result;
}

static int begin(void **state)
{
	(void)state;
	for (size_t i = 0; i < APP_MAX; i++)
		apps[i] = (struct app){ .state = i < 2 ? APP_RUNNING : APP_STOPPED };
	channel_open();
	readies = alives = peak_opens = 0;
	wanted = POWER_STAY;
	return 0;
}

static int end(void **state)
{
	(void)state;
	for_each_app(app)
		channel_close(app);
	return 0;
}

static void test_who_comes(void **state)
{
	struct app_channel_message message;
	int first, second, other;

	(void)state;
	second = come(NULL);
	assert_int_equal(get(second, &message), 0);
	close(second);
	second = come(&apps[2]);	/* does not run */
	assert_int_equal(get(second, &message), 0);
	close(second);
	other = come(&apps[1]);
	first = come(&apps[0]);
	second = come(&apps[0]);
	assert_int_equal(get(second, &message), 0);
	close(second);
	assert_int_equal(ask(first, APP_CHANNEL_EVENTS, 0), 0);
	close(first);
	first = come(&apps[0]);		/* the end of the former one was not heard yet */
	assert_int_equal(ask(first, APP_CHANNEL_EVENTS, 0), 0);
	channel_close(&apps[0]);
	assert_int_equal(get(first, &message), 0);
	close(first);
	who = &apps[1];
	assert_int_equal(ask(other, APP_CHANNEL_EVENTS, 0), 0);
	close(other);
}

static void test_rights(void **state)
{
	static const struct {
		uint32_t command, value, flags, power;
		enum power_action wanted;
	} cases[] = {
		{ APP_CHANNEL_MEMORY, 0, MANIFEST_HEAP_MEM_STATS, 0, POWER_STAY },
		{ APP_CHANNEL_RESET_PEAK, 0, MANIFEST_RESET_MEMORY_WATERMARKS, 0, POWER_STAY },
		{ APP_CHANNEL_EVENTS, APP_CHANNEL_ON_ALL, MANIFEST_SYSTEM_EVENT_NOTIFICATIONS, 0,
		  POWER_STAY },
		{ APP_CHANNEL_REBOOT, 0, 0, MANIFEST_FORCE_REBOOT, POWER_RESET },
		{ APP_CHANNEL_POWER_DOWN, APP_CHANNEL_NO_WAKE, 0, MANIFEST_FORCE_POWER_DOWN, POWER_OFF },
	};
	const int fd = come(&apps[0]);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		wanted = POWER_STAY;
		clock_ms += 1000;
		apps[0].flags = ~cases[i].flags;
		apps[0].power_controls = ~cases[i].power;
		assert_int_equal(ask(fd, cases[i].command, cases[i].value), -EACCES);
		assert_int_equal(wanted, POWER_STAY);
		apps[0].flags = cases[i].flags;
		apps[0].power_controls = cases[i].power;
		assert_int_equal(ask(fd, cases[i].command, cases[i].value), 0);
		assert_int_equal(wanted, cases[i].wanted);
	}
	assert_int_equal(ask(fd, APP_CHANNEL_POWER_DOWN, 60), -ENOTSUP);
	assert_int_equal(peak_opens, 1);
	close(fd);
}

static void test_words_have_no_reply(void **state)
{
	struct app_channel_message message;
	const int fd = come(&apps[0]);

	(void)state;
	put(fd, APP_CHANNEL_READY, 0);
	put(fd, APP_CHANNEL_ALIVE, 0);
	assert_int_equal(readies, 1);
	assert_int_equal(alives, 1);
	assert_int_equal(get(fd, &message), -1);
	close(fd);
}

static void test_one_event_at_a_time(void **state)
{
	struct app_channel_message message;
	int fd = come(&apps[0]);

	(void)state;
	channel_tell(&apps[0], APP_CHANNEL_ON_MEMORY_HIGH);
	assert_int_equal(get(fd, &message), -1);	/* not asked for */
	assert_int_equal(ask(fd, APP_CHANNEL_EVENTS, APP_CHANNEL_ON_MEMORY_HIGH), 0);
	assert_int_equal(get(fd, &message), 1);		/* and not forgotten */
	assert_int_equal(message.command, APP_CHANNEL_EVENT);
	assert_int_equal(message.events, APP_CHANNEL_ON_MEMORY_HIGH);
	assert_int_equal(message.memory.total, 300);
	for (int i = 0; i < 100; i++)
		channel_tell(&apps[0], APP_CHANNEL_ON_MEMORY_HIGH);
	assert_int_equal(get(fd, &message), -1);
	put(fd, APP_CHANNEL_TAKEN, 0);			/* told again */
	assert_int_equal(get(fd, &message), 1);
	put(fd, APP_CHANNEL_TAKEN, APP_CHANNEL_ON_MEMORY_HIGH);
	assert_int_equal(get(fd, &message), -1);
	channel_tell(&apps[0], APP_CHANNEL_ON_UPDATE_READY);
	assert_int_equal(get(fd, &message), -1);
	channel_tell(&apps[1], APP_CHANNEL_ON_MEMORY_HIGH);	/* another app, without a channel */
	close(fd);
	channel_tell(&apps[0], APP_CHANNEL_ON_MEMORY_HIGH);
}

static void test_what_is_no_request_ends_it(void **state)
{
	static const uint32_t packets[][4] = {
		{ 4, APP_CHANNEL_ALIVE }, { 12, APP_CHANNEL_ALIVE }, { 8, 0 },
		{ 8, APP_CHANNEL_EVENT }, { 8, APP_CHANNEL_ALIVE, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(packets); i++) {
		struct app_channel_message message;
		const int fd = come(&apps[0]);

		assert_int_equal(send(fd, packets[i] + 1, packets[i][0], 0), packets[i][0]);
		channel_receive(0);
		assert_int_equal(get(fd, &message), 0);
		close(fd);
	}
	assert_int_equal(alives, 0);
}

/* Four are heard; then the app is left out of poll() for a while. */
static void test_rest(void **state)
{
	const struct app_channel_request request = { APP_CHANNEL_ALIVE, 0 };
	struct pollfd sources[CHANNEL_SOURCES];
	const int fd = come(&apps[0]);

	(void)state;
	clock_ms = 5000;
	for (int i = 0; i < 3 * CHANNEL_BURST; i++)
		assert_true(send(fd, &request, sizeof(request), 0) > 0);
	assert_int_equal(channel_sources(sources, clock_ms), -1);
	assert_true(sources[0].fd >= 0);
	assert_int_equal(sources[1].fd, -1);
	assert_int_equal(sources[APP_MAX].fd, 1000);
	channel_receive(0);
	assert_int_equal(alives, CHANNEL_BURST);
	assert_int_equal(channel_sources(sources, clock_ms + CHANNEL_REST_MS - 1),
			 clock_ms + CHANNEL_REST_MS);
	assert_int_equal(sources[0].fd, -1);
	assert_int_equal(channel_sources(sources, clock_ms + CHANNEL_REST_MS), -1);
	assert_true(sources[0].fd >= 0);
	close(fd);
}

static void test_replies_that_are_not_read(void **state)
{
	const struct app_channel_request request = { APP_CHANNEL_EVENTS, 0 };
	struct app_channel_message message;
	const int fd = come(&apps[0]);
	int count = 0, sent = 0;

	(void)state;
	while (sent < 1000 && send(fd, &request, sizeof(request), MSG_NOSIGNAL) > 0) {
		sent++;
		channel_receive(0);
	}
	assert_in_range(sent, 1, 100);
	while (get(fd, &message) == 1)
		count++;
	assert_in_range(count, 1, 16);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_comes, begin, end),
		cmocka_unit_test_setup_teardown(test_rights, begin, end),
		cmocka_unit_test_setup_teardown(test_words_have_no_reply, begin, end),
		cmocka_unit_test_setup_teardown(test_one_event_at_a_time, begin, end),
		cmocka_unit_test_setup_teardown(test_what_is_no_request_ends_it, begin, end),
		cmocka_unit_test_setup_teardown(test_rest, begin, end),
		cmocka_unit_test_setup_teardown(test_replies_that_are_not_read, begin, end),
	};

	return cmocka_run_group_tests_name("appman: channels", tests, NULL, NULL);
}
