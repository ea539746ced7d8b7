// SPDX-License-Identifier: Apache-2.0
/* One line of text for each thing that is wrong. */
#include "host/sph/complaint.h"

#include <stdarg.h>
#include <stdio.h>

int complain(struct complaint *complaint, int number, const char *format, ...)
{
	va_list arguments;

	complaint->number = number;
	va_start(arguments, format);
	vsnprintf(complaint->text, sizeof(complaint->text), format, arguments);
	va_end(arguments);
	return -number;
}

void complaint_print(const struct complaint *complaint)
{
	const char *p;

	fprintf(stderr, "sph: error E%04d: ", complaint->number);
	for (p = complaint->text; *p; p++)
		fputc((unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p,
		      stderr);
	fputc('\n', stderr);
}
