// SPDX-License-Identifier: Apache-2.0
/* The one buffer for reading files. */

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "limits.h"
#include "scratch.h"

static char scratch[SCRATCH_BYTES];

char *scratch_read_fd(int fd, size_t *length)
{
	size_t used = 0;

	while (used < sizeof(scratch)) {
		ssize_t got = read(fd, scratch + used, sizeof(scratch) - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return NULL;
		if (got == 0) {
			scratch[used] = '\0';
			*length = used;
			return scratch;
		}
		used += (size_t)got;
	}
	errno = EFBIG;
	return NULL;
}

char *scratch_read_part(int fd, off_t offset, size_t length)
{
	ssize_t got;

	errno = EFBIG;
	if (length >= SCRATCH_BYTES)
		return NULL;
	errno = EIO;
	got = pread(fd, scratch, length, offset);
	if (got != (ssize_t)length)
		return NULL;
	scratch[length] = '\0';
	return scratch;
}

char *scratch_read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t length;
	int err;

	if (fd < 0)
		return NULL;
	text = scratch_read_fd(fd, &length);
	err = errno;
	close(fd);
	errno = err;
	return text;
}
