/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads on the console: lines with the time since boot.
 *
 *	[    0.412] appman: hello started, pid 21, uid 10000, in 4031 us
 *	[    0.413] appman: error E4006: blink: ...
 *	[    1.413] hello[21]: hello, world 1
 *
 * Each line is one write, so that the kernel's own messages do not cut it.
 */
#ifndef APPMAN_CONSOLE_H
#define APPMAN_CONSOLE_H

#include <stddef.h>

/* Opens the console; without one all output is dropped.  Called again after /dev is mounted. */
void console_open(void);

/* Longer lines are cut at CONSOLE_LINE_BYTES. */
void console_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* @number: of abi/errors.h. */
void console_error(int number, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with the text of @err behind @what, unless it is 0.  Returns @err, which is a negative errno. */
int console_failure(int number, const char *what, int err);

/* A line without time and tag, for the report. */
void console_plain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A message of an app: each of its lines gets the tag @who, name and process number, which no line
 * of our own has.  Everything but printable ASCII and UTF-8 becomes '?', so that no app can drive the
 * terminal or forge the line of another.  Empty lines are left out.
 */
void console_app(const char *who, const char *text, size_t length);

/* Milliseconds since boot, the clock of every deadline in appman. */
long long console_now_ms(void);

#endif
