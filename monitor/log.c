// SPDX-License-Identifier: GPL-2.0-only
/* A formatter of three conversions; the rest of printf() has no use here. */
#include <stdarg.h>
#include <stdint.h>

#include "log.h"
#include "plat.h"

static void put_string(const char *s)
{
	while (*s)
		plat_console_putc(*s++);
}

static void put_number(uint32_t value, uint32_t base, uint32_t min_digits)
{
	char digits[10]; /* 2^32 has ten decimal digits */
	uint32_t n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value || n < min_digits);
	while (n)
		plat_console_putc(digits[--n]);
}

/* Puts one conversion and returns what follows it. */
static const char *put_conversion(const char *format, va_list *args)
{
	uint32_t min_digits = 1;

	if (format[0] == '0' && format[1] == '8') {
		min_digits = 8;
		format += 2;
	}
	switch (*format) {
	case 's':
		put_string(va_arg(*args, const char *));
		break;
	case 'u':
		put_number(va_arg(*args, uint32_t), 10, min_digits);
		break;
	case 'x':
		put_number(va_arg(*args, uint32_t), 16, min_digits);
		break;
	default: /* a format we do not know: its arguments are lost, the line is not */
		put_string("(?)");
		break;
	}
	return *format ? format + 1 : format;
}

void log_line(unsigned int number, const char *format, ...)
{
	va_list args;

	put_string("monitor: ");
	if (number) {
		plat_console_putc('E');
		put_number(number, 10, 4);
		plat_console_putc(' ');
	}
	va_start(args, format);
	while (*format) {
		if (*format == '%')
			format = put_conversion(format + 1, &args);
		else
			plat_console_putc(*format++);
	}
	va_end(args);
	put_string("\r\n");
}
