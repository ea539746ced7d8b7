// SPDX-License-Identifier: Apache-2.0
/* What is written: words, as in settings and logs. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "text.h"

#define PIECE_BYTES	4096
#define WORD_BYTES	16

static const char *const words[] = {
	"temperature", "pressure", "valve", "pump", "open", "closed", "warning", "interval_s",
	"host", "port", "retry", "offset", "gain", "sensor", "battery_mv", "uptime",
};

/* Numerical Recipes, chapter 7.1: the upper bits are those to use. */
static unsigned int next(unsigned int *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

void text_fill(char *bytes, size_t count, unsigned int seed)
{
	unsigned int state = seed * 2654435761u + 1;

	for (size_t done = 0; done < count;) {
		char word[2 * WORD_BYTES];
		size_t length = (size_t)snprintf(word, sizeof(word), "%s=%u%c",
						 words[next(&state) % ARRAY_SIZE(words)],
						 next(&state), next(&state) % 4 ? ' ' : '\n');

		length = length < count - done ? length : count - done;
		memcpy(bytes + done, word, length);
		done += length;
	}
}

static int write_text(int fd, long at, size_t count, unsigned int seed)
{
	static char piece[PIECE_BYTES];

	for (size_t done = 0; done < count;) {
		size_t part = count - done < sizeof(piece) ? count - done : sizeof(piece);
		ssize_t result;

		text_fill(piece, part, seed + (unsigned int)(done / PIECE_BYTES));
		result = at < 0 ? write(fd, piece, part) :
				  pwrite(fd, piece, part, at + (long)done);
		if (result < 0)
			return -1;
		errno = ENOSPC;
		if ((size_t)result != part)
			return -1;
		done += part;
	}
	return 0;
}

int text_write(int fd, long at, size_t count, unsigned int seed)
{
	return write_text(fd, at, count, seed) ? -1 : fsync(fd);
}

int text_make_file(const char *path, size_t count, unsigned int seed)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int result;

	if (fd < 0)
		return -1;
	result = text_write(fd, -1, count, seed);
	attempt_close(fd);
	return result;
}
