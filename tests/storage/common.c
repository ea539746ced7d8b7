// SPDX-License-Identifier: Apache-2.0
/* What all parts need. */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define CHUNK_BYTES	1000	/* no multiple of anything that the filesystem has */

void trouble(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dprintf(1, "storage: TROUBLE: ");
	vdprintf(1, format, arguments);
	dprintf(1, "\n");
	va_end(arguments);
}

void fill(unsigned char *bytes, size_t count, unsigned int seed)
{
	for (size_t i = 0; i < count; i++) {
		seed = seed * 1103515245u + 12345u;
		bytes[i] = (unsigned char)(seed >> 16);
	}
}

bool file_write(const char *path, const void *bytes, size_t count)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	size_t done = 0;
	ssize_t part = 1;

	if (fd < 0)
		return false;
	while (done < count && part > 0) {
		size_t want = count - done < CHUNK_BYTES ? count - done : CHUNK_BYTES;

		part = write(fd, (const char *)bytes + done, want);
		if (part > 0)
			done += (size_t)part;
	}
	if (done < count) {
		attempt_close(fd);
		return false;
	}
	return !close(fd);
}

void file_expect(const char *path, const void *bytes, size_t count)
{
	static unsigned char chunk[CHUNK_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t part;

	while ((part = read(fd, chunk, sizeof(chunk))) > 0) {
		if (done + (size_t)part > count ||
		    memcmp(chunk, (const char *)bytes + done, (size_t)part)) {
			trouble("%s: other bytes at %zu", path, done);
			break;
		}
		done += (size_t)part;
	}
	if (part < 0)
		trouble("%s: %m", path);
	else if (done != count)
		trouble("%s: %zu bytes, not %zu", path, done, count);
	attempt_close(fd);
}

static struct {
	unsigned int id;
	int (*task)(void);
} user;

static int become_user(void)
{
	if (setgroups(0, NULL) || setresgid(user.id, user.id, user.id) ||
	    setresuid(user.id, user.id, user.id))
		return -1;
	return user.task();
}

int as_user(unsigned int id, int (*task)(void))
{
	user.id = id;
	user.task = task;
	return attempt_in_child(become_user);
}

void gone_expect(const char *path)
{
	refusal_expect(path, access(path, F_OK), ENOENT);
}

void refusal_expect(const char *what, int result, int expected)
{
	int error = result < 0 ? errno : 0;

	if (error != expected)
		trouble("%s: %s, not %s", what, strerror(error), strerror(expected));
}

void users_try(const struct user_try *tries, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		refusal_expect(tries[i].what, as_user(tries[i].user, tries[i].task),
			       tries[i].expected);
}
