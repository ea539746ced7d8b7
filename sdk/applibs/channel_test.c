// SPDX-License-Identifier: MIT
/*
 * What speaks through the channel, against an application-manager that is
 * played here: socket() gives one end of a pair.  Replies are written before
 * they are asked for.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include <applibs/applications.h>
#include <applibs/eventloop.h>
#include <applibs/lifecycle.h>
#include <applibs/powermanagement.h>
#include <applibs/sysevent.h>

#include "abi/app_channel.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

int __wrap_socket(int family, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __real_socket(int family, int type, int protocol);

static int manager = -1; /* our end */
static int connect_error;
static int connections;
static EventLoop *loop;

static const struct app_channel_memory figures = { 101, 52, 203, 448, 512 };

int __wrap_socket(int family, int type, int protocol)
{
	int ends[2];

	if (family != AF_UNIX)
		return __real_socket(family, type, protocol);
	assert_int_equal(type, SOCK_SEQPACKET | SOCK_CLOEXEC);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	if (manager >= 0)
		close(manager);
	manager = ends[1];
	return ends[0];
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)address;

	(void)fd;
	assert_int_equal(un->sun_path[0], 0);
	assert_memory_equal(un->sun_path + 1, "application-manager.app",
			    length - offsetof(struct sockaddr_un, sun_path) - 1);
	connections++;
	errno = connect_error;
	return connect_error ? -1 : 0;
}

static void put(uint32_t command, int result, uint32_t events)
{
	const struct app_channel_message message = { command, result, events,
						     figures };

	assert_int_equal(send(manager, &message, sizeof(message), 0),
			 sizeof(message));
}

/* The next request is this one. */
static void expect(uint32_t command, uint32_t value)
{
	struct app_channel_request request;

	assert_int_equal(recv(manager, &request, sizeof(request), MSG_DONTWAIT),
			 sizeof(request));
	assert_int_equal(request.command, command);
	assert_int_equal(request.value, value);
}

static void expect_nothing(void)
{
	char byte;

	assert_int_equal(recv(manager, &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

static void test_nothing_is_opened_in_vain(void **state)
{
	(void)state;
	assert_int_equal(PowerManagement_ForceSystemPowerDown(0), -1);
	assert_int_equal(errno, EINVAL);
	assert_null(Lifecycle_RegisterForMemoryHigh(loop, NULL, NULL));
	assert_int_equal(errno, EFAULT);
	assert_null(SysEvent_RegisterForEventNotifications(loop, 8, NULL, NULL));
	assert_int_equal(errno, EFAULT);
	assert_int_equal(connections, 0);
	connect_error = ECONNREFUSED;
	assert_int_equal(Lifecycle_Ready(), -1);
	assert_int_equal(errno, ECONNREFUSED);
	connect_error = 0;
	connections = 0;
}

static void test_words(void **state)
{
	(void)state;
	assert_int_equal(Lifecycle_Ready(), 0);
	assert_int_equal(Lifecycle_Alive(), 0);
	expect(APP_CHANNEL_READY, 0);
	expect(APP_CHANNEL_ALIVE, 0);
	assert_int_equal(connections, 1);
}

static void test_questions(void **state)
{
	(void)state;
	put(APP_CHANNEL_MEMORY, 0, 0);
	assert_int_equal(Applications_GetTotalMemoryUsageInKB(), 101);
	put(APP_CHANNEL_MEMORY, 0, 0);
	assert_int_equal(Applications_GetUserModeMemoryUsageInKB(), 52);
	put(APP_CHANNEL_MEMORY, 0, 0);
	assert_int_equal(Applications_GetPeakUserModeMemoryUsageInKB(), 203);
	put(APP_CHANNEL_RESET_PEAK, -EACCES, 0);
	assert_int_equal(Applications_ResetPeakMemoryUsage(), -1);
	assert_int_equal(errno, EACCES);
	put(APP_CHANNEL_REBOOT, 0, 0);
	assert_int_equal(PowerManagement_ForceSystemReboot(), 0);
	put(APP_CHANNEL_POWER_DOWN, -ENOTSUP, 0);
	assert_int_equal(PowerManagement_ForceSystemPowerDown(60), -1);
	assert_int_equal(errno, ENOTSUP);
	for (int i = 0; i < 3; i++)
		expect(APP_CHANNEL_MEMORY, 0);
	expect(APP_CHANNEL_RESET_PEAK, 0);
	expect(APP_CHANNEL_REBOOT, 0);
	expect(APP_CHANNEL_POWER_DOWN, 60);
	expect_nothing();
}

static int calls;
static uint32_t seen;

static void memory_high(const Lifecycle_Memory *memory, void *context)
{
	assert_ptr_equal(context, &calls);
	assert_int_equal(memory->totalKB, figures.total);
	assert_int_equal(memory->userKB, figures.user);
	assert_int_equal(memory->peakKB, figures.peak);
	assert_int_equal(memory->highKB, figures.high);
	assert_int_equal(memory->limitKB, figures.limit);
	calls++;
}

static void updates(SysEvent_Events event, SysEvent_Status status,
		    const SysEvent_Info *info, void *context)
{
	SysEvent_Info_UpdateData update;

	assert_ptr_equal(context, &seen);
	assert_int_equal(status, SysEvent_Status_Final);
	assert_int_equal(SysEvent_Info_GetUpdateData(info, &update), 0);
	assert_int_equal(update.update_type, SysEvent_UpdateType_App);
	seen |= event;
}

static EventRegistration *listen_memory(void)
{
	EventRegistration *reg;

	put(APP_CHANNEL_EVENTS, 0, 0);
	reg = Lifecycle_RegisterForMemoryHigh(loop, memory_high, &calls);
	assert_non_null(reg);
	return reg;
}

static void test_events(void **state)
{
	EventRegistration *memory = listen_memory(), *update;

	(void)state;
	expect(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_MEMORY_HIGH);
	assert_null(Lifecycle_RegisterForMemoryHigh(loop, memory_high, NULL));
	assert_int_equal(errno, EEXIST);
	put(APP_CHANNEL_EVENTS, -EACCES, 0);
	assert_null(SysEvent_RegisterForEventNotifications(
		loop, SysEvent_Events_Mask, updates, &seen));
	assert_int_equal(errno, EACCES);
	put(APP_CHANNEL_EVENTS, 0, 0);
	update = SysEvent_RegisterForEventNotifications(
		loop, SysEvent_Events_Mask, updates, &seen);
	assert_non_null(update);
	for (int i = 0; i < 2; i++)
		expect(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_ALL);

	calls = 0;
	seen = 0;
	put(APP_CHANNEL_EVENT, 0, APP_CHANNEL_ON_MEMORY_HIGH);
	EventLoop_Run(loop, 0, true);
	assert_int_equal(calls, 1);
	assert_int_equal(seen, 0);
	expect(APP_CHANNEL_TAKEN, APP_CHANNEL_ON_MEMORY_HIGH);
	put(APP_CHANNEL_EVENT, 0, APP_CHANNEL_ON_ALL);
	EventLoop_Run(loop, 0, true);
	assert_int_equal(calls, 2);
	assert_int_equal(seen, SysEvent_Events_Mask);
	expect(APP_CHANNEL_TAKEN, APP_CHANNEL_ON_ALL);
	EventLoop_Run(loop, 0, true);
	assert_int_equal(calls, 2);

	assert_int_equal(Lifecycle_UnregisterForMemoryHigh(update), -1);
	assert_int_equal(errno, EINVAL);
	put(APP_CHANNEL_EVENTS, 0, 0);
	assert_int_equal(SysEvent_UnregisterForEventNotifications(update), 0);
	expect(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_MEMORY_HIGH);
	put(APP_CHANNEL_EVENTS, 0, 0);
	assert_int_equal(Lifecycle_UnregisterForMemoryHigh(memory), 0);
	expect(APP_CHANNEL_EVENTS, 0);
	assert_int_equal(Lifecycle_UnregisterForMemoryHigh(NULL), 0);
	expect_nothing();
}

/* An event before the reply: no callback now, and it is asked for again. */
static void test_event_between(void **state)
{
	EventRegistration *memory = listen_memory();

	(void)state;
	expect(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_MEMORY_HIGH);
	calls = 0;
	put(APP_CHANNEL_EVENT, 0, APP_CHANNEL_ON_MEMORY_HIGH);
	put(APP_CHANNEL_MEMORY, 0, 0);
	assert_int_equal(Applications_GetTotalMemoryUsageInKB(), 101);
	assert_int_equal(calls, 0);
	expect(APP_CHANNEL_MEMORY, 0);
	expect(APP_CHANNEL_TAKEN, 0);
	put(APP_CHANNEL_EVENT, 0, APP_CHANNEL_ON_MEMORY_HIGH);
	EventLoop_Run(loop, 0, true);
	assert_int_equal(calls, 1);
	expect(APP_CHANNEL_TAKEN, APP_CHANNEL_ON_MEMORY_HIGH);
	put(APP_CHANNEL_EVENTS, 0, 0);
	assert_int_equal(Lifecycle_UnregisterForMemoryHigh(memory), 0);
	expect(APP_CHANNEL_EVENTS, 0);
}

/* The loop is not woken for ever, and the next call connects again. */
static void test_channel_that_is_closed(void **state)
{
	EventRegistration *memory = listen_memory();

	(void)state;
	connections = 0;
	close(manager);
	manager = -1;
	EventLoop_Run(loop, 0, true);
	assert_int_equal(EventLoop_Run(loop, 0, true),
			 EventLoop_Run_FinishedEmpty);
	assert_int_equal(Lifecycle_UnregisterForMemoryHigh(memory), 0);
	assert_int_equal(connections, 0);
	assert_int_equal(Lifecycle_Alive(), 0);
	expect(APP_CHANNEL_ALIVE, 0);
	assert_int_equal(connections, 1);

	shutdown(manager, SHUT_WR);
	assert_int_equal(Applications_GetTotalMemoryUsageInKB(), 0);
	assert_int_equal(errno, ECONNRESET);
	assert_int_equal(Lifecycle_Alive(), 0);
	assert_int_equal(connections, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_opened_in_vain),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_event_between),
		cmocka_unit_test(test_channel_that_is_closed),
	};

	loop = EventLoop_Create();
	return cmocka_run_group_tests_name("applibs channel", tests, NULL, NULL);
}
