// SPDX-License-Identifier: MIT
/* applibs/log.h: what arrives at the other end of standard error. */
#include <applibs/log.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct console {
	int reader;
	int saved_stderr;
};

static int open_console(void **state)
{
	static struct console console;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       pair) < 0)
		return -1;
	console.reader = pair[0];
	console.saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	dup2(pair[1], STDERR_FILENO);
	close(pair[1]);
	*state = &console;
	return 0;
}

static int close_console(void **state)
{
	struct console *console = *state;

	dup2(console->saved_stderr, STDERR_FILENO);
	close(console->saved_stderr);
	close(console->reader);
	return 0;
}

static void assert_message(struct console *console, const char *expected)
{
	char message[1024];
	ssize_t length = recv(console->reader, message, sizeof(message) - 1, 0);

	assert_true(length >= 0);
	message[length] = '\0';
	assert_string_equal(message, expected);
}

static void assert_no_message(struct console *console)
{
	char byte;

	assert_int_equal(recv(console->reader, &byte, 1, 0), -1);
	assert_int_equal(errno, EAGAIN);
}

static void one_call_is_one_datagram(void **state)
{
	assert_int_equal(Log_Debug("number %d, %s\n", 42, "text"), 0);
	assert_int_equal(Log_Debug("second\n"), 0);
	assert_message(*state, "number 42, text\n");
	assert_message(*state, "second\n");
	assert_no_message(*state);
}

static void empty_message_sends_nothing(void **state)
{
	assert_int_equal(Log_Debug("%s", ""), 0);
	assert_no_message(*state);
}

static void longest_message_is_whole(void **state)
{
	char text[LOG_DEBUG_MAX_BYTES + 1];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(Log_Debug("%s", text), 0);
	assert_message(*state, text);
}

static void longer_message_is_cut(void **state)
{
	char text[LOG_DEBUG_MAX_BYTES + 2];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(Log_Debug("%s", text), 0);
	memcpy(text + LOG_DEBUG_MAX_BYTES - 3, "...", sizeof("..."));
	assert_message(*state, text);
}

static int call_with_va_list(const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = Log_DebugVarArgs(fmt, args);
	va_end(args);
	return ret;
}

static void null_format_is_efault(void **state)
{
	/* By way of a pointer, because the compiler would refuse the call. */
	int (*log_debug)(const char *, ...) = Log_Debug;

	assert_int_equal(log_debug(NULL), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(call_with_va_list(NULL), -1);
	assert_int_equal(errno, EFAULT);
	assert_no_message(*state);
	assert_int_equal(call_with_va_list("%c", 'x'), 0);
	assert_message(*state, "x");
}

static void full_socket_is_an_error_not_a_wait(void **state)
{
	struct console *console = *state;
	unsigned int sent = 0;
	char message[16];

	while (Log_Debug("m") == 0)
		sent++;
	assert_true(errno == EAGAIN || errno == ENOBUFS);
	assert_true(sent > 0);
	assert_int_equal(recv(console->reader, message, sizeof(message), 0), 1);
	assert_int_equal(Log_Debug("again"), 0);
}

static void no_reader_is_an_error(void **state)
{
	struct console *console = *state;

	assert_int_equal(Log_Debug("heard"), 0);
	close(console->reader);
	console->reader = -1;
	assert_int_equal(Log_Debug("unheard"), -1);
	assert_true(errno == ECONNREFUSED || errno == ENOTCONN);
}

static void success_keeps_errno(void **state)
{
	errno = ENOTTY;
	assert_int_equal(Log_Debug("%m"), 0);
	assert_int_equal(errno, ENOTTY);
	assert_message(*state, strerror(ENOTTY));
}

#define CONSOLE_TEST(test) \
	cmocka_unit_test_setup_teardown(test, open_console, close_console)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONSOLE_TEST(one_call_is_one_datagram),
		CONSOLE_TEST(empty_message_sends_nothing),
		CONSOLE_TEST(longest_message_is_whole),
		CONSOLE_TEST(longer_message_is_cut),
		CONSOLE_TEST(null_format_is_efault),
		CONSOLE_TEST(full_socket_is_an_error_not_a_wait),
		CONSOLE_TEST(no_reader_is_an_error),
		CONSOLE_TEST(success_keeps_errno),
	};

	return cmocka_run_group_tests_name("applibs/log", tests, NULL, NULL);
}
