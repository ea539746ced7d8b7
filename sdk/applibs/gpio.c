// SPDX-License-Identifier: MIT
/* GPIOs by the kernel's character device, version 2 of its interface (linux/gpio.h). */
#include <applibs/gpio.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINES_PER_CHIP 32
#define ONE_LINE 1 /* masks and values of a request for a single line */

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const uint64_t output_mode_flags[] = {
	[GPIO_OutputMode_PushPull] = GPIO_V2_LINE_FLAG_OUTPUT,
	[GPIO_OutputMode_OpenDrain] = GPIO_V2_LINE_FLAG_OUTPUT |
				      GPIO_V2_LINE_FLAG_OPEN_DRAIN,
	[GPIO_OutputMode_OpenSource] = GPIO_V2_LINE_FLAG_OUTPUT |
				       GPIO_V2_LINE_FLAG_OPEN_SOURCE,
};

static int fail(int error)
{
	errno = error;
	return -1;
}

static int open_chip(unsigned int chip)
{
	char path[sizeof("/dev/gpiochip4294967295")];
	int fd;

	snprintf(path, sizeof(path), "/dev/gpiochip%u", chip);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == ENXIO))
		return fail(ENODEV);
	if (fd < 0 && errno == EPERM)
		return fail(EACCES);
	return fd;
}

static int request_line(GPIO_Id id, uint64_t flags, GPIO_Value_Type value)
{
	struct gpio_v2_line_request request = {
		.offsets = { (uint32_t)id % LINES_PER_CHIP },
		.num_lines = 1,
		.config = {
			.flags = flags,
			.num_attrs = flags & GPIO_V2_LINE_FLAG_OUTPUT ? 1 : 0,
			.attrs = { {
				.attr = {
					.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES,
					.values = value,
				},
				.mask = ONE_LINE,
			} },
		},
	};
	int chip_fd, error;

	if (id < 0)
		return fail(ENODEV);
	chip_fd = open_chip((unsigned int)id / LINES_PER_CHIP);
	if (chip_fd < 0)
		return -1;
	memcpy(request.consumer, program_invocation_short_name,
	       strnlen(program_invocation_short_name,
		       sizeof(request.consumer) - 1));
	error = ioctl(chip_fd, GPIO_V2_GET_LINE_IOCTL, &request) < 0 ? errno :
								       0;
	close(chip_fd);

	/* The request is well formed, so what the kernel finds invalid is the line's number. */
	if (error == EINVAL)
		error = ENODEV;
	else if (error == EPERM)
		error = EACCES;
	return error ? fail(error) : request.fd;
}

int GPIO_OpenAsInput(GPIO_Id gpioId)
{
	return request_line(gpioId, GPIO_V2_LINE_FLAG_INPUT, GPIO_Value_Low);
}

int GPIO_OpenAsOutput(GPIO_Id gpioId, GPIO_OutputMode_Type outputMode,
		      GPIO_Value_Type initialValue)
{
	if (outputMode >= ARRAY_SIZE(output_mode_flags) ||
	    initialValue > GPIO_Value_High)
		return fail(EINVAL);
	return request_line(gpioId, output_mode_flags[outputMode],
			    initialValue);
}

/* Errors of an ioctl(2) on something that is not a requested line. */
static int fail_line_ioctl(void)
{
	return fail(errno == ENOTTY || errno == EINVAL ? EBADF : errno);
}

int GPIO_GetValue(int gpioFd, GPIO_Value_Type *outValue)
{
	struct gpio_v2_line_values values = { .mask = ONE_LINE };

	if (!outValue)
		return fail(EFAULT);
	if (ioctl(gpioFd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) < 0)
		return fail_line_ioctl();
	*outValue = values.bits & ONE_LINE ? GPIO_Value_High : GPIO_Value_Low;
	return 0;
}

int GPIO_SetValue(int gpioFd, GPIO_Value_Type value)
{
	struct gpio_v2_line_values values = { .bits = value, .mask = ONE_LINE };

	if (value > GPIO_Value_High)
		return fail(EINVAL);
	if (ioctl(gpioFd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0)
		return 0;
	/* The kernel's answer for an input, on which this call has no effect. */
	if (errno == EPERM)
		return 0;
	return fail_line_ioctl();
}
