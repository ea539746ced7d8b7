// SPDX-License-Identifier: Apache-2.0
/* Contents of files: every way to change them, compared with the same done in memory. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define PATH		FOLDER "/contents"
#define MODEL_BYTES	600000u		/* more than two blocks */

static unsigned char model[MODEL_BYTES];
static size_t size;

static void compare(const char *what)
{
	struct stat status;

	if (stat(PATH, &status) || (size_t)status.st_size != size)
		trouble("%s: size %ld, not %zu", what, (long)status.st_size, size);
	file_expect(PATH, model, size);
}

/* In the model, what is between its end and @at is zeros. */
static void put(int fd, size_t at, size_t count, unsigned int seed)
{
	if (at > size)
		memset(model + size, 0, at - size);
	fill(model + at, count, seed);
	if (pwrite(fd, model + at, count, (off_t)at) != (ssize_t)count)
		trouble("%zu bytes at %zu: %m", count, at);
	if (size < at + count)
		size = at + count;
}

static void cut(int fd, size_t to)
{
	if (to > size)
		memset(model + size, 0, to - size);
	size = to;
	if (ftruncate(fd, (off_t)to))
		trouble("truncation to %zu: %m", to);
}

/* Places and sizes around what is kept in the log, in the buffer, and in blocks of 256 KiB. */
static const struct {
	size_t at, count;
} writes[] = {
	{ 0, 10 }, { 5, 3 }, { 10, 290 }, { 511, 2 }, { 0, 513 }, { 700, 1000 }, { 5000, 1 },
	{ 0, 5001 }, { 262140, 10 }, { 100, 5 }, { 524280, 3000 }, { 300000, 1000 }, { 599999, 1 },
};

static const size_t cuts[] = {
	524281, 524280, 262144, 262143, 300000, 1000, 512, 511, 2000, 1, 0, 700,
};

static void try_changes(bool syncs)
{
	int fd = open(PATH, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	size = 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(writes); i++) {
		put(fd, writes[i].at, writes[i].count, i);
		if (syncs && fsync(fd))
			trouble("fsync: %m");
		compare("write");
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(cuts); i++) {
		cut(fd, cuts[i]);
		if (syncs && fsync(fd))
			trouble("fsync: %m");
		compare("truncation");
	}
	if (close(fd))
		trouble("close: %m");
	compare("close");
	if (truncate(PATH, 50))
		trouble("truncation by name: %m");
	size = 50;
	compare("truncation by name");
	unlink(PATH);
}

/* Two descriptors, one of which appends. */
static void try_append(void)
{
	int own = open(PATH, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	int other = open(PATH, O_WRONLY | O_APPEND | O_CLOEXEC);

	size = 0;
	for (unsigned int i = 0; i < 40; i++) {
		fill(model + size, 64, i);
		if (write(other, model + size, 64) != 64)
			trouble("append: %m");
		size += 64;
		if (i == 20)
			put(own, 100, 7, 99);
		if (i % 3 == 0 && fdatasync(other))
			trouble("fdatasync: %m");
	}
	compare("append");
	close(own);
	compare("append, one closed");
	close(other);
	compare("append, both closed");
	if (open(PATH, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) >= 0)
		trouble("a file could be made twice");
	unlink(PATH);
}

void contents_try(void)
{
	try_changes(false);
	try_changes(true);
	try_append();
}
