// SPDX-License-Identifier: Apache-2.0
/* GPIO lines (attacks.md, AS-25 and AS-42): one's own, another's, by every way to name one. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/gpio.h>
#include <linux/spherule.h>

#include "attempt.h"
#include "ward.h"

#define NO_SUCH_LINE	200

static int on_chip(unsigned long request, void *argument)
{
	int fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
	int result = fd < 0 ? -1 : ioctl(fd, request, argument);

	attempt_close(fd);
	return result;
}

static int request(const uint32_t *lines, uint32_t count)
{
	struct gpio_v2_line_request line = {
		.num_lines = count,
		.config.flags = GPIO_V2_LINE_FLAG_INPUT,
	};

	memcpy(line.offsets, lines, count * sizeof(*lines));
	return on_chip(GPIO_V2_GET_LINE_IOCTL, &line);
}

static int request_one(uint32_t line) { return request(&line, 1); }
static int request_own(void) { return request_one(OWN_LINE); }
static int request_other(void) { return request_one(OTHER_LINE); }
static int request_none(void) { return request_one(NO_SUCH_LINE); }
static int request_last(void) { return request_one(UINT32_MAX); }

static int request_both(void)
{
	static const uint32_t lines[] = { OWN_LINE, OTHER_LINE };

	return request(lines, ARRAY_SIZE(lines));
}

/* After the refusal of both, the own one is not left requested. */
static int request_both_then_own(void)
{
	return request_both() < 0 ? request_own() : -1;
}

static int info(unsigned long which, uint32_t line)
{
	struct gpio_v2_line_info answer = { .offset = line };

	return on_chip(which, &answer);
}

static int info_own(void) { return info(GPIO_V2_GET_LINEINFO_IOCTL, OWN_LINE); }
static int info_other(void) { return info(GPIO_V2_GET_LINEINFO_IOCTL, OTHER_LINE); }
static int info_none(void) { return info(GPIO_V2_GET_LINEINFO_IOCTL, NO_SUCH_LINE); }
static int watch_own(void) { return info(GPIO_V2_GET_LINEINFO_WATCH_IOCTL, OWN_LINE); }
static int watch_other(void) { return info(GPIO_V2_GET_LINEINFO_WATCH_IOCTL, OTHER_LINE); }

/* The answer to a refused question is the question. */
static int other_stays_unknown(void)
{
	struct gpio_v2_line_info answer = { .offset = OTHER_LINE }, before = answer;

	if (on_chip(GPIO_V2_GET_LINEINFO_IOCTL, &answer) == 0 || errno != EPERM)
		return -1;
	return memcmp(&answer, &before, sizeof(answer)) ? -1 : 0;
}

/* Every byte of the answer is written or as it was asked to be. */
static int own_has_no_residue(void)
{
	struct gpio_v2_line_info answer = { .offset = OWN_LINE };

	memset(answer.name, 0xaa, sizeof(answer.name));
	memset(answer.consumer, 0xaa, sizeof(answer.consumer));
	memset(answer.attrs, 0xaa, sizeof(answer.attrs));
	if (on_chip(GPIO_V2_GET_LINEINFO_IOCTL, &answer) < 0)
		return -1;
	return memchr(&answer, 0xaa, sizeof(answer)) ? -1 : 0;
}

static int chip_info(void)
{
	struct gpiochip_info chip = { 0 };

	return on_chip(GPIO_GET_CHIPINFO_IOCTL, &chip);
}

/* Version 1 of the interface is compiled out; version1.c tries it where it is not. */
static int request_v1(void)
{
	struct gpiohandle_request line = { .lineoffsets = { OWN_LINE }, .lines = 1 };

	return on_chip(GPIO_GET_LINEHANDLE_IOCTL, &line);
}

static int event_v1(void)
{
	struct gpioevent_request line = { .lineoffset = OWN_LINE };

	return on_chip(GPIO_GET_LINEEVENT_IOCTL, &line);
}

static int info_v1(void)
{
	struct gpioline_info line = { .line_offset = OWN_LINE };

	return on_chip(GPIO_GET_LINEINFO_IOCTL, &line);
}

static int take_line(void)
{
	struct spherule_gpio_owner owner = { .line = OTHER_LINE, .component = { 1 } };

	return on_chip(SPHERULE_GPIO_SET_OWNER, &owner);
}

static int free_line(void)
{
	struct spherule_gpio_owner owner = { .line = OWN_LINE };

	return on_chip(SPHERULE_GPIO_SET_OWNER, &owner);
}

static int bad_pointer(void) { return on_chip(GPIO_V2_GET_LINEINFO_IOCTL, (void *)16); }

static const struct attempt with_a_line[] = {
	{ "AS-42", "request its own line", request_own, 0 },
	{ "AS-42", "request another line", request_other, EPERM },
	{ "AS-42", "request both", request_both, EPERM },
	{ "AS-42", "after that its own", request_both_then_own, 0 },
	{ "AS-25", "request a line that is not there", request_none, EINVAL },
	{ "AS-25", "request the last number", request_last, EINVAL },
	{ "AS-42", "information of its own line", info_own, 0 },
	{ "AS-42", "information of another line", info_other, EPERM },
	{ "AS-25", "information of a line that is not there", info_none, EINVAL },
	{ "AS-25", "information to a bad address", bad_pointer, EFAULT },
	{ "AS-25", "nothing is said of another line", other_stays_unknown, 0 },
	{ "AS-25", "no residue in the information", own_has_no_residue, 0 },
	{ "AS-42", "watch its own line", watch_own, 0 },
	{ "AS-42", "watch another line", watch_other, EPERM },
	{ "AS-42", "information of the chip", chip_info, 0 },
	{ "AS-42", "request by version 1", request_v1, EINVAL },
	{ "AS-42", "event by version 1", event_v1, EINVAL },
	{ "AS-42", "information by version 1", info_v1, EINVAL },
	{ "AS-42", "give itself a line", take_line, EPERM },
	{ "AS-42", "give its line away", free_line, EPERM },
};

static const struct attempt without_a_line[] = {
	{ "AS-42", "request a line of another component", request_own, EPERM },
	{ "AS-42", "request a line of nobody", request_other, EPERM },
	{ "AS-42", "information of a line of another", info_own, EPERM },
	{ "AS-42", "watch a line of another", watch_own, EPERM },
	{ "AS-42", "information of a chip without a line", chip_info, EPERM },
	{ "AS-42", "give itself a line", take_line, EPERM },
};

void try_lines(void)
{
	attempt_all(with_a_line, ARRAY_SIZE(with_a_line));
}

void try_no_lines(void)
{
	attempt_all(without_a_line, ARRAY_SIZE(without_a_line));
}
