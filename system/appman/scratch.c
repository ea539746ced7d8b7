// SPDX-License-Identifier: Apache-2.0
/* The one large buffer. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdint.h>
#include <unistd.h>

#include "abi/sparse.h"
#include "limits.h"
#include "scratch.h"

/* For netlink's numbers, and for structs that are read from files. */
static SPARSE alignas(uint64_t) char scratch[FIREWALL_BATCH_BYTES];
static_assert(sizeof(scratch) >= SCRATCH_BYTES, "files are read here");

void *scratch_memory(void)
{
	return scratch;
}

char *scratch_read_fd(int fd, size_t *length)
{
	size_t used = 0;

	while (used < SCRATCH_BYTES) {
		ssize_t got = read(fd, scratch + used, SCRATCH_BYTES - used);

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
