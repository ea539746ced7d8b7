// SPDX-License-Identifier: Apache-2.0
/* The buttons of the board that mean something to the whole device. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "buttons.h"
#include "limits.h"

static const char *const line_names[] = {
	[BUTTON_POWER] = "power-button",
	[BUTTON_RESET] = "reset-button",
};
static_assert(sizeof(line_names) / sizeof(line_names[0]) == BUTTON_COUNT,
	      "every button has a line name");

#define BUTTON_DEBOUNCE_US	10000

/* Which line of the chip is which button. */
static unsigned int lines[BUTTON_COUNT];
static enum button buttons[BUTTON_COUNT];
static unsigned int line_count;

static void note_line(unsigned int offset, const char *name)
{
	for (int button = 0; button < BUTTON_COUNT; button++) {
		if (strcmp(name, line_names[button]) || line_count == BUTTON_COUNT)
			continue;
		lines[line_count] = offset;
		buttons[line_count++] = (enum button)button;
	}
}

static int find_lines(int chip)
{
	struct gpiochip_info chip_info = { 0 };

	line_count = 0;
	if (ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &chip_info) < 0)
		return -errno;
	for (unsigned int offset = 0; offset < chip_info.lines; offset++) {
		struct gpio_v2_line_info info = { .offset = offset };

		if (ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info) < 0)
			return -errno;
		note_line(offset, info.name);
	}
	return line_count ? 0 : -ENODEV;
}

static int request_lines(int chip)
{
	struct gpio_v2_line_request request = {
		.consumer = "appman",
		.num_lines = line_count,
		.event_buffer_size = BUTTON_COUNT,
		.config = {
			.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING,
			.num_attrs = 1,
			.attrs[0] = { .attr = { .id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE,
						.debounce_period_us = BUTTON_DEBOUNCE_US },
				      .mask = (1u << line_count) - 1 },
		},
	};

	/*
	 * Contacts bounce.  And the kernel looks at a line that it debounces in a worker; for
	 * others it has a thread for each line, which takes 12 KiB.
	 */
	memcpy(request.offsets, lines, line_count * sizeof(lines[0]));
	if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) < 0)
		return -errno;
	fcntl(request.fd, F_SETFD, FD_CLOEXEC);
	return request.fd;
}

/* The buttons of a board are lines of one chip. */
int buttons_open(void)
{
	int result = -ENODEV;

	for (unsigned int i = 0; i < GPIO_CHIPS_MAX && result < 0; i++) {
		char path[32];
		int chip;

		snprintf(path, sizeof(path), "/dev/gpiochip%u", i);
		chip = open(path, O_RDWR | O_CLOEXEC);
		if (chip < 0)
			break;
		result = find_lines(chip);
		if (!result)
			result = request_lines(chip);
		close(chip);
	}
	return result;
}

enum button buttons_read(int fd)
{
	struct gpio_v2_line_event event;

	if (read(fd, &event, sizeof(event)) != (ssize_t)sizeof(event))
		return BUTTON_NONE;
	for (unsigned int i = 0; i < line_count; i++)
		if (lines[i] == event.offset)
			return buttons[i];
	return BUTTON_NONE;
}
