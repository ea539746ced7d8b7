// SPDX-License-Identifier: MIT
/* @NAME@: says once a second that it is well, until SIGTERM. */
#include <applibs/eventloop.h>
#include <applibs/log.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* One for each cause: the log of the device shows how an app ended. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_EVENT_LOOP = 1,
	EXIT_TIMER = 2,
	EXIT_SIGNAL = 3,
};

static void on_tick(EventLoop *el, int fd, EventLoop_IoEvents events, void *context)
{
	uint64_t ticks;

	(void)el;
	(void)events;
	(void)context;
	if (read(fd, &ticks, sizeof(ticks)) == sizeof(ticks))
		Log_Debug("@NAME@ is well\n");
}

static void on_signal(EventLoop *el, int fd, EventLoop_IoEvents events, void *context)
{
	(void)fd;
	(void)events;
	(void)context;
	EventLoop_Stop(el);
}

static bool start_timer(EventLoop *el)
{
	const struct itimerspec each_second = {
		.it_value.tv_sec = 1,
		.it_interval.tv_sec = 1,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	return fd >= 0 && timerfd_settime(fd, 0, &each_second, NULL) == 0 &&
	       EventLoop_RegisterIo(el, fd, EventLoop_Input, on_tick, NULL);
}

static bool watch_sigterm(EventLoop *el)
{
	sigset_t sigterm;
	int fd;

	sigemptyset(&sigterm);
	sigaddset(&sigterm, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &sigterm, NULL) < 0)
		return false;
	fd = signalfd(-1, &sigterm, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd >= 0 && EventLoop_RegisterIo(el, fd, EventLoop_Input, on_signal, NULL);
}

int main(void)
{
	EventLoop *el = EventLoop_Create();

	if (!el)
		return EXIT_EVENT_LOOP;
	if (!watch_sigterm(el))
		return EXIT_SIGNAL;
	if (!start_timer(el))
		return EXIT_TIMER;
	if (EventLoop_Run(el, -1, false) == EventLoop_Run_Failed) {
		Log_Debug("@NAME@: the event loop failed: %s\n", strerror(errno));
		return EXIT_EVENT_LOOP;
	}
	EventLoop_Close(el);
	return EXIT_OK;
}
