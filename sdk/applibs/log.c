// SPDX-License-Identifier: MIT
/* Debug messages: formatted on the stack, sent by one write(2). */
#include <applibs/log.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int Log_DebugVarArgs(const char *fmt, va_list args)
{
	static const char cut[] = "...";
	char message[LOG_DEBUG_MAX_BYTES + 1];
	ssize_t written;
	int length;

	if (!fmt) {
		errno = EFAULT;
		return -1;
	}
	length = vsnprintf(message, sizeof(message), fmt, args);
	if (length < 0)
		return -1;
	/* A datagram without content would be a message all the same. */
	if (length == 0)
		return 0;
	if (length > LOG_DEBUG_MAX_BYTES) {
		length = LOG_DEBUG_MAX_BYTES;
		memcpy(message + sizeof(message) - sizeof(cut), cut,
		       sizeof(cut));
	}
	do {
		written = write(STDERR_FILENO, message, (size_t)length);
	} while (written < 0 && errno == EINTR);
	return written < 0 ? -1 : 0;
}

int Log_Debug(const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = Log_DebugVarArgs(fmt, args);
	va_end(args);
	return ret;
}
