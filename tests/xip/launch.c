// SPDX-License-Identifier: Apache-2.0
/* Programs under an identity, and what all parts need. */

#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity.h"
#include "xip.h"

#define COMPONENT	0x7000
#define USER		20000

void trouble(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dprintf(1, "xip: TROUBLE: ");
	vdprintf(1, format, arguments);
	dprintf(1, "\n");
	va_end(arguments);
}

pid_t launch(const char *path, char *const arguments[])
{
	pid_t pid = fork();

	if (pid == 0)
		identity_execute(COMPONENT, USER, path, arguments);
	return pid;
}

void launch_end(pid_t pid)
{
	int status = 0;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status))
		trouble("process %d ended by itself: status 0x%x", (int)pid, (unsigned int)status);
}

long used_since(const struct memory_usage *before)
{
	struct memory_usage now;

	if (memory_measure(&now))
		trouble("no figures of the memory");
	return (long)now.used_kib - (long)before->used_kib;
}
