// SPDX-License-Identifier: Apache-2.0
/* Unit tests of what an app can bring onto the console. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "console.h"
#include "limits.h"

/* Stands for the console: console_open() gets the writing end of a pipe. */
static int ends[2];

int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
	(void)flags;
	assert_string_equal(path, "/dev/console");
	return ends[1];
}

int __wrap_open64(const char *path, int flags, ...)
{
	return __wrap_open(path, flags);
}

static char output[4096];

/* What came out, without the time stamps. */
static const char *lines(void)
{
	char raw[4096], *from = raw, *to = output;
	ssize_t got = read(ends[0], raw, sizeof(raw) - 1);

	raw[got < 0 ? 0 : got] = '\0';
	while (*from) {
		size_t length = strcspn(from, "\n") + 1;
		char *text = strchr(from, ']') + 2;

		memcpy(to, text, length - (size_t)(text - from));
		to += length - (size_t)(text - from);
		from += length;
	}
	*to = '\0';
	return output;
}

static void test_each_line_has_its_tag(void **state)
{
	(void)state;
	console_app("hello", "one\ntwo\n", 8);
	assert_string_equal(lines(), "hello: one\nhello: two\n");
	console_app("hello", "\n\n\n", 3);
	console_app("hello", "no newline", 10);
	assert_string_equal(lines(), "hello: no newline\n");
}

static void test_control_bytes_do_not_reach_the_terminal(void **state)
{
	static const char attack[] = "a\033[2Jb\rc\bd\177e\0f";

	(void)state;
	console_app("x", attack, sizeof(attack) - 1);
	assert_string_equal(lines(), "x: a?[2Jb?c?d?e?f\n");
	console_app("x", "tab\tand \xc3\xa4", 10);
	assert_string_equal(lines(), "x: tab\tand \xc3\xa4\n");
	console_app("x", "C1 \x9b" "2J and \xc2\x9b" "2J and \xc2\xa0", 22);
	assert_string_equal(lines(), "x: C1 ?2J and ??2J and \xc2\xa0\n");
	console_app("x", "cut \xe2\x82", 6);
	assert_string_equal(lines(), "x: cut ??\n");
}

static void test_long_lines_are_cut(void **state)
{
	char text[2 * CONSOLE_LINE_BYTES];

	(void)state;
	memset(text, 'a', sizeof(text));
	console_app("x", text, sizeof(text));
	assert_true(strlen(lines()) <= CONSOLE_LINE_BYTES);
	console_info("%s", "");
	assert_string_equal(lines(), "appman: \n");
}

static void test_errors_carry_their_number(void **state)
{
	(void)state;
	console_error(4001, "proc on %s", "/proc");
	assert_string_equal(lines(), "appman: error E4001: proc on /proc\n");
}

static int open_pipe(void **state)
{
	(void)state;
	if (pipe(ends) < 0)
		return -1;
	console_open();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_line_has_its_tag),
		cmocka_unit_test(test_control_bytes_do_not_reach_the_terminal),
		cmocka_unit_test(test_long_lines_are_cut),
		cmocka_unit_test(test_errors_carry_their_number),
	};

	return cmocka_run_group_tests_name("appman: console", tests, open_pipe, NULL);
}
