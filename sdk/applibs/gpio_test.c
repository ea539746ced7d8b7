// SPDX-License-Identifier: MIT
/* applibs/gpio.h against a kernel that is played here: open, ioctl and close are wrapped. */
#include <applibs/gpio.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

#define CHIP_FD 101
#define LINE_FD 102
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* What the kernel is to answer, 0 for success, and what it was asked. */
static struct {
	int open_error;
	int ioctl_error;
	uint64_t level;
	char path[64];
	int open_flags;
	int ioctl_fd;
	unsigned int chip_closed;
	struct gpio_v2_line_request request;
	struct gpio_v2_line_values values;
} kernel;

int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_close(int fd);
int __real_close(int fd);

static int answer(int error, int success)
{
	if (!error)
		return success;
	errno = error;
	return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
	assert_true(strlen(path) < sizeof(kernel.path));
	memcpy(kernel.path, path, strlen(path) + 1);
	kernel.open_flags = flags;
	return answer(kernel.open_error, CHIP_FD);
}

/* The name that open(2) has with 64-bit file offsets. */
int __wrap_open64(const char *path, int flags, ...)
{
	return __wrap_open(path, flags);
}

int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
	kernel.ioctl_fd = fd;
	switch (request) {
	case GPIO_V2_GET_LINE_IOCTL:
		kernel.request = *(struct gpio_v2_line_request *)argument;
		((struct gpio_v2_line_request *)argument)->fd = LINE_FD;
		break;
	case GPIO_V2_LINE_GET_VALUES_IOCTL:
		kernel.values = *(struct gpio_v2_line_values *)argument;
		((struct gpio_v2_line_values *)argument)->bits = kernel.level;
		break;
	case GPIO_V2_LINE_SET_VALUES_IOCTL:
		kernel.values = *(struct gpio_v2_line_values *)argument;
		break;
	default:
		fail_msg("unexpected ioctl %lx", request);
	}
	return answer(kernel.ioctl_error, 0);
}

int __wrap_close(int fd)
{
	if (fd != CHIP_FD)
		return __real_close(fd);
	kernel.chip_closed++;
	/* What the caller reports must not come from here. */
	errno = EIO;
	return 0;
}

static int reset_kernel(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

static void input_is_requested(void **state)
{
	(void)state;
	assert_int_equal(GPIO_OpenAsInput(5), LINE_FD);
	assert_string_equal(kernel.path, "/dev/gpiochip0");
	assert_true(kernel.open_flags & O_CLOEXEC);
	assert_int_equal(kernel.request.num_lines, 1);
	assert_int_equal(kernel.request.offsets[0], 5);
	assert_int_equal(kernel.request.config.flags, GPIO_V2_LINE_FLAG_INPUT);
	assert_int_equal(kernel.request.config.num_attrs, 0);
	assert_string_equal(kernel.request.consumer,
			    program_invocation_short_name);
	assert_int_equal(kernel.chip_closed, 1);
}

static void id_names_chip_and_line(void **state)
{
	static const struct {
		GPIO_Id id;
		const char *path;
		uint32_t line;
	} cases[] = {
		{ 0, "/dev/gpiochip0", 0 },
		{ 31, "/dev/gpiochip0", 31 },
		{ 32, "/dev/gpiochip1", 0 },
		{ 255, "/dev/gpiochip7", 31 },
		{ INT32_MAX, "/dev/gpiochip67108863", 31 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(GPIO_OpenAsInput(cases[i].id), LINE_FD);
		assert_string_equal(kernel.path, cases[i].path);
		assert_int_equal(kernel.request.offsets[0], cases[i].line);
	}
}

static void output_modes_and_first_value(void **state)
{
	static const uint64_t flags[] = {
		[GPIO_OutputMode_PushPull] = GPIO_V2_LINE_FLAG_OUTPUT,
		[GPIO_OutputMode_OpenDrain] = GPIO_V2_LINE_FLAG_OUTPUT |
					      GPIO_V2_LINE_FLAG_OPEN_DRAIN,
		[GPIO_OutputMode_OpenSource] = GPIO_V2_LINE_FLAG_OUTPUT |
					       GPIO_V2_LINE_FLAG_OPEN_SOURCE,
	};

	(void)state;
	for (uint8_t mode = 0; mode < ARRAY_SIZE(flags); mode++)
		for (uint8_t value = GPIO_Value_Low; value <= GPIO_Value_High;
		     value++) {
			const struct gpio_v2_line_config *config =
				&kernel.request.config;

			assert_int_equal(GPIO_OpenAsOutput(1, mode, value),
					 LINE_FD);
			assert_int_equal(config->flags, flags[mode]);
			assert_int_equal(config->num_attrs, 1);
			assert_int_equal(config->attrs[0].attr.id,
					 GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES);
			assert_int_equal(config->attrs[0].attr.values, value);
			assert_int_equal(config->attrs[0].mask, 1);
		}
}

static void invalid_arguments_reach_no_kernel(void **state)
{
	(void)state;
	assert_int_equal(
		GPIO_OpenAsOutput(1, GPIO_OutputMode_OpenSource + 1, 0), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(GPIO_OpenAsOutput(1, GPIO_OutputMode_PushPull, 2), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(GPIO_OpenAsInput(-1), -1);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(GPIO_SetValue(LINE_FD, 2), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(GPIO_GetValue(LINE_FD, NULL), -1);
	assert_int_equal(errno, EFAULT);
	assert_string_equal(kernel.path, "");
	assert_int_equal(kernel.ioctl_fd, 0);
}

static void open_errors(void **state)
{
	static const struct {
		int kernel;
		int expected;
	} cases[] = {
		{ ENOENT, ENODEV }, { ENXIO, ENODEV }, { ENODEV, ENODEV },
		{ EACCES, EACCES }, { EPERM, EACCES }, { EMFILE, EMFILE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		kernel.open_error = cases[i].kernel;
		assert_int_equal(GPIO_OpenAsInput(0), -1);
		assert_int_equal(errno, cases[i].expected);
	}
	assert_int_equal(kernel.chip_closed, 0);
	kernel.open_error = 0;
	assert_int_equal(GPIO_OpenAsInput(0), LINE_FD);
}

static void request_errors(void **state)
{
	static const struct {
		int kernel;
		int expected;
	} cases[] = {
		{ EINVAL, ENODEV }, { EACCES, EACCES }, { EPERM, EACCES },
		{ EBUSY, EBUSY },   { ENOMEM, ENOMEM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		kernel.ioctl_error = cases[i].kernel;
		assert_int_equal(
			GPIO_OpenAsOutput(0, GPIO_OutputMode_PushPull, 0), -1);
		assert_int_equal(errno, cases[i].expected);
		assert_int_equal(kernel.chip_closed, i + 1);
	}
	kernel.ioctl_error = 0;
	assert_int_equal(GPIO_OpenAsOutput(0, GPIO_OutputMode_PushPull, 0),
			 LINE_FD);
}

static void values_are_read(void **state)
{
	GPIO_Value_Type value;

	(void)state;
	for (uint64_t level = 0; level <= 1; level++) {
		kernel.level = level;
		assert_int_equal(GPIO_GetValue(LINE_FD, &value), 0);
		assert_int_equal(value, level);
		assert_int_equal(kernel.values.mask, 1);
		assert_int_equal(kernel.ioctl_fd, LINE_FD);
	}
}

static void values_are_written(void **state)
{
	(void)state;
	for (uint8_t value = GPIO_Value_Low; value <= GPIO_Value_High;
	     value++) {
		assert_int_equal(GPIO_SetValue(LINE_FD, value), 0);
		assert_int_equal(kernel.values.mask, 1);
		assert_int_equal(kernel.values.bits, value);
	}
}

static void writing_an_input_has_no_effect(void **state)
{
	(void)state;
	kernel.ioctl_error = EPERM;
	assert_int_equal(GPIO_SetValue(LINE_FD, GPIO_Value_High), 0);
}

static void other_descriptors_are_ebadf(void **state)
{
	static const int errors[] = { EBADF, ENOTTY, EINVAL };
	GPIO_Value_Type value = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		kernel.ioctl_error = errors[i];
		assert_int_equal(GPIO_GetValue(3, &value), -1);
		assert_int_equal(errno, EBADF);
		assert_int_equal(value, 7);
		assert_int_equal(GPIO_SetValue(3, GPIO_Value_High), -1);
		assert_int_equal(errno, EBADF);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(input_is_requested, reset_kernel),
		cmocka_unit_test_setup(id_names_chip_and_line, reset_kernel),
		cmocka_unit_test_setup(output_modes_and_first_value,
				       reset_kernel),
		cmocka_unit_test_setup(invalid_arguments_reach_no_kernel,
				       reset_kernel),
		cmocka_unit_test_setup(open_errors, reset_kernel),
		cmocka_unit_test_setup(request_errors, reset_kernel),
		cmocka_unit_test_setup(values_are_read, reset_kernel),
		cmocka_unit_test_setup(values_are_written, reset_kernel),
		cmocka_unit_test_setup(writing_an_input_has_no_effect,
				       reset_kernel),
		cmocka_unit_test_setup(other_descriptors_are_ebadf,
				       reset_kernel),
	};

	return cmocka_run_group_tests_name("applibs/gpio", tests, NULL, NULL);
}
