// SPDX-License-Identifier: Apache-2.0
/* blink: changes LED1 every half second, until SIGTERM. */
#include <applibs/eventloop.h>
#include <applibs/gpio.h>
#include <applibs/log.h>
#include <hw/qemu_virt.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define HALF_PERIOD_NS 500000000
#define CHANGES_PER_LOG 10

/* One for each cause: an exit status is all that remains of an app that ended. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_EVENT_LOOP = 1,
	EXIT_TIMER = 2,
	EXIT_SIGNAL = 3,
	EXIT_TIMER_READ = 4,
	EXIT_LED_OPEN = 5,
	EXIT_LED_SET = 6,
};

static enum exit_code exit_code = EXIT_OK;
static int led_fd;

static void end(EventLoop *el, enum exit_code code)
{
	exit_code = code;
	EventLoop_Stop(el);
}

static void on_tick(EventLoop *el, int fd, EventLoop_IoEvents events,
		    void *context)
{
	static GPIO_Value_Type level = GPIO_Value_Low;
	static unsigned int changes;
	uint64_t ticks;

	(void)events;
	(void)context;
	if (read(fd, &ticks, sizeof(ticks)) != sizeof(ticks)) {
		Log_Debug("blink: timer cannot be read: %s\n", strerror(errno));
		end(el, EXIT_TIMER_READ);
		return;
	}
	level = level == GPIO_Value_Low ? GPIO_Value_High : GPIO_Value_Low;
	if (GPIO_SetValue(led_fd, level) < 0) {
		Log_Debug("blink: LED1 cannot be set: %s\n", strerror(errno));
		end(el, EXIT_LED_SET);
		return;
	}
	if (++changes % CHANGES_PER_LOG == 0)
		Log_Debug("blink: %u changes\n", changes);
}

static void on_signal(EventLoop *el, int fd, EventLoop_IoEvents events,
		      void *context)
{
	(void)fd;
	(void)events;
	(void)context;
	end(el, EXIT_OK);
}

static bool start_timer(EventLoop *el)
{
	const struct itimerspec each_half_second = {
		.it_value.tv_nsec = HALF_PERIOD_NS,
		.it_interval.tv_nsec = HALF_PERIOD_NS,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	return fd >= 0 &&
	       timerfd_settime(fd, 0, &each_half_second, NULL) == 0 &&
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
	return fd >= 0 &&
	       EventLoop_RegisterIo(el, fd, EventLoop_Input, on_signal, NULL);
}

/* Returns the exit status. */
static enum exit_code blink(EventLoop *el)
{
	if (EventLoop_Run(el, -1, false) == EventLoop_Run_Failed) {
		Log_Debug("blink: event loop failed: %s\n", strerror(errno));
		exit_code = EXIT_EVENT_LOOP;
	}
	/* The line keeps its level when it is closed: leave it dark. */
	if (GPIO_SetValue(led_fd, GPIO_Value_Low) < 0 && exit_code == EXIT_OK) {
		Log_Debug("blink: LED1 cannot be put out: %s\n",
			  strerror(errno));
		exit_code = EXIT_LED_SET;
	}
	return exit_code;
}

int main(void)
{
	EventLoop *el = EventLoop_Create();

	if (!el) {
		Log_Debug("blink: no event loop: %s\n", strerror(errno));
		return EXIT_EVENT_LOOP;
	}
	if (!watch_sigterm(el)) {
		Log_Debug("blink: cannot wait for SIGTERM: %s\n",
			  strerror(errno));
		return EXIT_SIGNAL;
	}
	led_fd = GPIO_OpenAsOutput(QEMU_VIRT_LED1, GPIO_OutputMode_PushPull,
				   GPIO_Value_Low);
	if (led_fd < 0) {
		Log_Debug("blink: LED1 cannot be opened: %s\n",
			  strerror(errno));
		return EXIT_LED_OPEN;
	}
	if (!start_timer(el)) {
		Log_Debug("blink: no timer: %s\n", strerror(errno));
		return EXIT_TIMER;
	}
	return blink(el);
}
