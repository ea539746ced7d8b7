/* SPDX-License-Identifier: MIT */
/*
 * Messages for whoever debugs the app.
 *
 * A message is one write(2) to standard error, which application-manager connects to the debug
 * console; nothing is buffered, so a message is out when the call returns, and no memory is
 * allocated.  A message is at most 255 bytes; a longer one is cut and ends in "...".  It ends where
 * the caller ends it: write the newline.
 *
 * Both functions may be called from several threads at once: messages do not mix.
 *
 * Names and behaviour are those of Azure Sphere's applibs.
 */
#ifndef APPLIBS_LOG_H
#define APPLIBS_LOG_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest message, without the terminating NUL. */
#define LOG_DEBUG_MAX_BYTES 255

/*
 * Formats as printf(3) does and sends the message.
 *
 * Returns 0, or -1 with errno: EFAULT @fmt is NULL; EAGAIN or ENOBUFS the reader is behind and the
 * message is lost; EBADF or ECONNREFUSED nobody reads; others of vsnprintf(3) and write(2).
 */
int Log_Debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same with the arguments in @args, which is indeterminate afterwards, as with vprintf(3). */
int Log_DebugVarArgs(const char *fmt, va_list args)
	__attribute__((format(printf, 1, 0)));

#ifdef __cplusplus
}
#endif

#endif
