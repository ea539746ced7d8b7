// SPDX-License-Identifier: Apache-2.0
/* What a person reads on the console. */

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "abi/json.h"
#include "console.h"
#include "limits.h"

static int console_fd = -1;

void console_open(void)
{
	int fd = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (console_fd >= 0)
		close(console_fd);
	console_fd = fd;
}

long long console_now_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* snprintf() and friends return what they would have written. */
static size_t clamp(int wanted, size_t room)
{
	if (wanted < 0)
		return 0;
	return (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static size_t stamp(char *line, size_t room, const char *who)
{
	long long now = console_now_ms();

	return clamp(snprintf(line, room, "[%5lld.%03lld] %s: ", now / 1000, now % 1000, who),
		     room);
}

static void write_line(char *line, size_t length)
{
	line[length++] = '\n';
	if (console_fd >= 0 && write(console_fd, line, length) < 0)
		return;		/* there is nobody else to tell */
}

static void print_line(const char *prefix, const char *format, va_list args)
{
	char line[CONSOLE_LINE_BYTES + 1];
	size_t used = prefix ? stamp(line, CONSOLE_LINE_BYTES, prefix) : 0;

	used += clamp(vsnprintf(line + used, CONSOLE_LINE_BYTES - used, format, args),
		      CONSOLE_LINE_BYTES - used);
	write_line(line, used);
}

void console_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("appman", format, args);
	va_end(args);
}

void console_error(int number, const char *format, ...)
{
	char prefix[32];
	va_list args;

	snprintf(prefix, sizeof(prefix), "appman: error E%d", number);
	va_start(args, format);
	print_line(prefix, format, args);
	va_end(args);
}

int console_failure(int number, const char *what, int err)
{
	if (err)
		console_error(number, "%s: %s", what, strerror(-err));
	return err;
}

void console_plain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(NULL, format, args);
	va_end(args);
}

/*
 * Bytes at @text that may go to the terminal as they are, 0 for a byte that may not.  U+0080 to
 * U+009F (0xc2 0x80 to 0xc2 0x9f) are control characters too: U+009B begins a command.
 */
static size_t printable_length(const char *text, size_t length)
{
	unsigned char first = (unsigned char)text[0];

	if (first < 0x80)
		return first == '\t' || (first >= 0x20 && first != 0x7f);
	if (first == 0xc2 && length > 1 && (unsigned char)text[1] < 0xa0)
		return 0;
	return json_utf8_length(text, length);
}

/* Appends what can be printed of a line; returns the bytes used in @line. */
static size_t append_printable(char *line, size_t used, const char *text, size_t length)
{
	while (length) {
		size_t step = printable_length(text, length);
		const char *from = step ? text : "?";

		step = step ? step : 1;
		if (used + step > CONSOLE_LINE_BYTES)
			break;
		memcpy(line + used, from, step);
		used += step;
		text += step;
		length -= step;
	}
	return used;
}

void console_app(const char *who, const char *text, size_t length)
{
	while (length) {
		char line[CONSOLE_LINE_BYTES + 1];
		const char *end = memchr(text, '\n', length);
		size_t part = end ? (size_t)(end - text) : length;

		/* Empty lines would let a short message scroll everything else away. */
		if (part)
			write_line(line, append_printable(line, stamp(line, CONSOLE_LINE_BYTES, who),
							  text, part));
		if (end)
			part++;
		text += part;
		length -= part;
	}
}
