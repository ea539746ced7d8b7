/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The monitor's log: one line a call, on the secure console.
 *
 * Formats: %s, %u, %x (all with 32-bit arguments, no width) and %08x.  Errors carry their number
 * of abi/errors.h: "monitor: E1003 no valid boot record, starting slot A".
 */
#ifndef MONITOR_LOG_H
#define MONITOR_LOG_H

#include "abi/errors.h"

#define LOG_LEVEL_ERROR		0
#define LOG_LEVEL_INFO		1

#ifndef LOG_LEVEL
#define LOG_LEVEL		LOG_LEVEL_INFO
#endif

/* `number` of abi/errors.h, or 0 for a line that is no error. */
void log_line(unsigned int number, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(number, ...)	log_line(number, __VA_ARGS__)

#define log_info(...)                                \
	do {                                         \
		if (LOG_LEVEL >= LOG_LEVEL_INFO)     \
			log_line(0, __VA_ARGS__);    \
	} while (0)

#endif
