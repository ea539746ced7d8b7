// SPDX-License-Identifier: Apache-2.0
/* Files as text, and attempts to open them. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "leaks.h"

int leaks_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	size_t length = 0;
	ssize_t more = fd < 0 ? -1 : 0;

	while (fd >= 0 && (more = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)more;
	attempt_close(fd);
	text[length] = '\0';
	return more < 0 ? -1 : (int)length;
}

static char path[PATH_BYTES];

/* A file that opens and tells nothing is open all the same. */
static int try_path(void)
{
	return attempt_open(path, O_RDONLY | O_NONBLOCK);
}

void leaks_try_openings(const char *folder, const struct opening *openings, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		char what[PATH_BYTES + sizeof("open ")];
		const struct attempt attempt = { openings[i].row, what, try_path,
						 openings[i].expected };

		snprintf(path, sizeof(path), "%s%s", folder, openings[i].path);
		snprintf(what, sizeof(what), "open %s", path);
		attempt_all(&attempt, 1);
	}
}
