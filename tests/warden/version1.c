// SPDX-License-Identifier: Apache-2.0
/*
 * GPIO lines (attacks.md, AS-42) by version 1 of the interface.  The product's kernel does not have it;
 * that of the KUnit tests does.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/gpio.h>

#include "attempt.h"
#include "identity.h"
#include "nodes.h"
#include "ward.h"

#define NO_SUCH_LINE	200
#define USER		20001

static int on_chip(unsigned long request, void *argument)
{
	int fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
	int result = fd < 0 ? -1 : ioctl(fd, request, argument);

	attempt_close(fd);
	return result;
}

static int request(uint32_t first, uint32_t second, uint32_t count)
{
	struct gpiohandle_request lines = {
		.lineoffsets = { first, second },
		.flags = GPIOHANDLE_REQUEST_INPUT,
		.lines = count,
	};

	return on_chip(GPIO_GET_LINEHANDLE_IOCTL, &lines);
}

static int event(uint32_t line)
{
	struct gpioevent_request events = {
		.lineoffset = line,
		.handleflags = GPIOHANDLE_REQUEST_INPUT,
		.eventflags = GPIOEVENT_REQUEST_RISING_EDGE,
	};

	return on_chip(GPIO_GET_LINEEVENT_IOCTL, &events);
}

static int info(unsigned long which, uint32_t line)
{
	struct gpioline_info answer = { .line_offset = line };

	return on_chip(which, &answer);
}

static int request_own(void) { return request(OWN_LINE, 0, 1); }
static int request_other(void) { return request(OTHER_LINE, 0, 1); }
static int request_both(void) { return request(OWN_LINE, OTHER_LINE, 2); }
static int request_both_then_own(void) { return request_both() < 0 ? request_own() : -1; }
static int request_none(void) { return request(NO_SUCH_LINE, 0, 1); }
static int event_own(void) { return event(OWN_LINE); }
static int event_other(void) { return event(OTHER_LINE); }
static int info_own(void) { return info(GPIO_GET_LINEINFO_IOCTL, OWN_LINE); }
static int info_other(void) { return info(GPIO_GET_LINEINFO_IOCTL, OTHER_LINE); }
static int info_none(void) { return info(GPIO_GET_LINEINFO_IOCTL, NO_SUCH_LINE); }
static int watch_own(void) { return info(GPIO_GET_LINEINFO_WATCH_IOCTL, OWN_LINE); }
static int watch_other(void) { return info(GPIO_GET_LINEINFO_WATCH_IOCTL, OTHER_LINE); }

static int own_by_version2(void)
{
	struct gpio_v2_line_info answer = { .offset = OWN_LINE };

	return on_chip(GPIO_V2_GET_LINEINFO_IOCTL, &answer);
}

static const struct attempt attempts[] = {
	{ "AS-42", "request its own line", request_own, 0 },
	{ "AS-42", "request another line", request_other, EPERM },
	{ "AS-42", "request both", request_both, EPERM },
	{ "AS-42", "after that its own", request_both_then_own, 0 },
	{ "AS-25", "request a line that is not there", request_none, EINVAL },
	{ "AS-42", "events of its own line", event_own, 0 },
	{ "AS-42", "events of another line", event_other, EPERM },
	{ "AS-42", "information of its own line", info_own, 0 },
	{ "AS-42", "information of another line", info_other, EPERM },
	{ "AS-25", "information of a line that is not there", info_none, EINVAL },
	{ "AS-42", "watch its own line", watch_own, 0 },
	{ "AS-42", "watch another line", watch_other, EPERM },
	{ "AS-42", "its own line by version 2", own_by_version2, 0 },
};

void try_version1(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}

static _Noreturn void become_component(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(COMPONENT_LINES, SPHERULE_CAP_GPIO, text);
	if (identity_set_by_call(text, SPHERULE_IDENTITY_BYTES) ||
	    setresgid(USER, USER, USER) || setresuid(USER, USER, USER))
		_exit(errno);
	execl("/bin/ward", "ward", "version1-lines", (char *)NULL);
	_exit(errno);
}

void run_version1(void)
{
	nodes_make_world();
	mknod("/dev/gpiochip0", S_IFCHR | 0666,
	      makedev(nodes_number("/proc/devices", "gpiochip"), 0));
	if (nodes_give_line(OWN_LINE, COMPONENT_LINES))
		dprintf(1, "version1: cannot give the line: errno %d\n", errno);
	if (fork() == 0)
		become_component();
	wait(NULL);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
