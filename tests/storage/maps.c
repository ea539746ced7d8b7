// SPDX-License-Identifier: Apache-2.0
/* Mappings: they show what is in the file, whoever writes it, and cannot be written through. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define PATH		FOLDER "/mapped"
#define BYTES		10000u		/* two pages and a part */
#define PAGE_BYTES	4096u
#define MAP_BYTES	(3 * PAGE_BYTES)

static unsigned char model[MAP_BYTES];

static void compare(const char *what, const unsigned char *shared)
{
	for (size_t i = 0; i < MAP_BYTES; i++)
		if (shared[i] != model[i]) {
			trouble("%s: mapped byte %zu is %02x, not %02x", what, i, shared[i],
				model[i]);
			return;
		}
}

static void write_at(int fd, size_t at, size_t count, unsigned int seed)
{
	fill(model + at, count, seed);
	if (pwrite(fd, model + at, count, (off_t)at) != (ssize_t)count)
		trouble("write: %m");
}

static void try_shared(int fd, const unsigned char *shared)
{
	compare("new", shared);
	write_at(fd, 100, 10, 2);
	compare("one page written", shared);
	write_at(fd, 4000, 4300, 3);
	compare("three pages written", shared);
	write_at(fd, BYTES, 500, 4);
	compare("appended", shared);
	if (ftruncate(fd, 9000))
		trouble("truncation: %m");
	memset(model + 9000, 0, MAP_BYTES - 9000);
	compare("shorter", shared);
	if (ftruncate(fd, BYTES))
		trouble("truncation: %m");
	compare("longer", shared);
	if (fsync(fd))
		trouble("fsync: %m");
	compare("synced", shared);
}

/* What was written through a private mapping is nobody else's. */
static void try_private(int fd, unsigned char *own)
{
	unsigned char byte = 0;

	own[0] ^= 0xff;
	if (pread(fd, &byte, 1, 0) != 1 || byte != model[0])
		trouble("a private mapping changed the file");
	write_at(fd, 5000, 10, 5);
	if (own[5000] != model[5000])
		trouble("a private mapping shows what was there before");
	if (own[0] == model[0])
		trouble("a private mapping lost what was written to it");
}

/* Reading a file into its own mapping, and writing it from there. */
static void try_own_memory(int fd, unsigned char *own, const unsigned char *shared)
{
	if (pwrite(fd, shared + PAGE_BYTES, 1000, 0) != 1000)
		trouble("write from a mapping: %m");
	memcpy(model, model + PAGE_BYTES, 1000);
	if (pread(fd, own, 2000, 4000) != 2000 || memcmp(own, model + 4000, 2000))
		trouble("read into a mapping: %m");
	compare("written from its own mapping", shared);
}

void maps_try(void)
{
	unsigned char *shared, *own;
	int fd, reader;

	fill(model, BYTES, 1);
	if (!file_write(PATH, model, BYTES))
		trouble("%s: %m", PATH);
	fd = open(PATH, O_RDWR | O_CLOEXEC);
	reader = open(PATH, O_RDONLY | O_CLOEXEC);
	if (mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED)
		trouble("a mapping can be written through");
	shared = mmap(NULL, MAP_BYTES, PROT_READ, MAP_SHARED, reader, 0);
	own = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (shared == MAP_FAILED || own == MAP_FAILED) {
		trouble("mmap: %m");
		return;
	}
	try_shared(fd, shared);
	try_private(fd, own);
	try_own_memory(fd, own, shared);
	unlink(PATH);
	close(fd);
	close(reader);
	compare("removed", shared);
	munmap(shared, MAP_BYTES);
	munmap(own, MAP_BYTES);
}
