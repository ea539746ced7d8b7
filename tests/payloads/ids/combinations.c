// SPDX-License-Identifier: Apache-2.0
/* The calls that set ids, with all combinations of arguments. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <applibs/log.h>

#include "attempt.h"
#include "ids.h"

const struct setter setters[] = {
	{ "setuid", __NR_setuid32, USER, 1, false },
	{ "setgid", __NR_setgid32, GROUP, 1, false },
	{ "setreuid", __NR_setreuid32, USER, 2, false },
	{ "setregid", __NR_setregid32, GROUP, 2, false },
	{ "setresuid", __NR_setresuid32, USER, 3, false },
	{ "setresgid", __NR_setresgid32, GROUP, 3, false },
	{ "setfsuid", __NR_setfsuid32, USER, 1, true },
	{ "setfsgid", __NR_setfsgid32, GROUP, 1, true },
};
const unsigned int setter_count = ARRAY_SIZE(setters);

bool ids_read(enum kind kind, struct ids *ids)
{
	static const char *const words[] = { [USER] = "\nUid:\t", [GROUP] = "\nGid:\t" };
	char text[1024];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *line;

	attempt_close(fd);
	text[length < 0 ? 0 : length] = '\0';
	line = strstr(text, words[kind]);
	return line && sscanf(line + strlen(words[kind]), "%u %u %u %u", &ids->real,
			      &ids->effective, &ids->saved, &ids->filesystem) == 4;
}

bool ids_are_all(enum kind kind, unsigned int id)
{
	struct ids ids;

	return ids_read(kind, &ids) && ids.real == id && ids.effective == id &&
	       ids.saved == id && ids.filesystem == id;
}

int setter_call(const struct setter *setter, const unsigned int *arguments)
{
	return (int)syscall(setter->number, arguments[0], arguments[1], arguments[2]);
}

bool setter_combine(const struct setter *setter, const unsigned int *values, unsigned int count,
		    bool (*visit)(const struct setter *, const unsigned int *))
{
	unsigned int arguments[SETTER_ARGUMENTS] = { 0 }, total = 1;

	for (unsigned int i = 0; i < setter->arguments; i++)
		total *= count;
	for (unsigned int n = 0; n < total; n++) {
		for (unsigned int i = 0, rest = n; i < setter->arguments; i++, rest /= count)
			arguments[i] = values[rest % count];
		if (!visit(setter, arguments))
			return false;
	}
	return true;
}

void setter_report(const struct setter *setter, const unsigned int *arguments, int result)
{
	int error = errno;
	struct ids ids = { 0 };

	ids_read(setter->kind, &ids);
	Log_Debug("ids: %s(%d, %d, %d): %s; now %u %u %u %u\n", setter->name, (int)arguments[0],
		  (int)arguments[1], (int)arguments[2], result < 0 ? strerror(error) : "worked",
		  ids.real, ids.effective, ids.saved, ids.filesystem);
	errno = error;
}
