// SPDX-License-Identifier: Apache-2.0
/* Figures, many files, and a filesystem that is full. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "storage.h"

#define MANY		100u
#define CHUNK_BYTES	16384u
#define NAME_BYTES	64u

static unsigned char chunk[CHUNK_BYTES];

static struct statvfs figures(void)
{
	struct statvfs result = { 0 };

	if (statvfs(FOLDER, &result) || !result.f_blocks || result.f_bfree > result.f_blocks)
		trouble("statvfs: %m");
	return result;
}

static void try_figures(void)
{
	struct statvfs before = figures(), after;
	size_t block = before.f_bsize;
	int fd = open(FOLDER "/figures", O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	dprintf(1, "storage: figures block %lu blocks %lu free %lu name %lu\n", before.f_bsize,
		(unsigned long)before.f_blocks, (unsigned long)before.f_bfree, before.f_namemax);
	if (ftruncate(fd, (off_t)(block + block / 2)) || fsync(fd))
		trouble("truncation: %m");
	after = figures();
	if (before.f_bfree - after.f_bfree != 2)
		trouble("two blocks of data took %ld", (long)(before.f_bfree - after.f_bfree));
	unlink(FOLDER "/figures");
	if (before.f_bfree - figures().f_bfree != 2)
		trouble("an open file has lost its blocks");
	close(fd);
	if (figures().f_bfree != before.f_bfree)
		trouble("a removed file still has blocks");
}

static void name_of(char name[NAME_BYTES], unsigned int number)
{
	snprintf(name, NAME_BYTES, FOLDER "/many-%u-%u", number * 7919u % 1000u, number);
}

static void try_many(void)
{
	char name[NAME_BYTES];

	for (unsigned int i = 0; i < MANY; i++) {
		name_of(name, i);
		if (!file_write(name, name, strlen(name)))
			trouble("%s: %m", name);
	}
	for (unsigned int i = 0; i < MANY; i++) {
		name_of(name, i);
		file_expect(name, name, strlen(name));
	}
	for (unsigned int i = 0; i < MANY; i++) {
		name_of(name, i);
		if (unlink(name))
			trouble("%s: %m", name);
	}
}

/* Writes until nothing more can be written; returns the bytes. */
static size_t fill_up(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	size_t total = 0;
	ssize_t part;

	fill(chunk, sizeof(chunk), 1);
	while ((part = write(fd, chunk, sizeof(chunk))) > 0)
		total += (size_t)part;
	refusal_expect("write when full", (int)part, ENOSPC);
	if (fsync(fd))
		trouble("fsync when full: %m");
	if (close(fd))
		trouble("close when full: %m");
	return total;
}

static void expect_size(const char *path, size_t size)
{
	struct stat status;

	if (stat(path, &status) || (size_t)status.st_size != size)
		trouble("%s: %ld bytes, not %zu", path, (long)status.st_size, size);
}

static void expect_pattern(const char *path)
{
	static unsigned char found[CHUNK_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t part;

	while ((part = read(fd, found, sizeof(found))) > 0)
		if (memcmp(found, chunk, (size_t)part)) {
			trouble("%s: other bytes after the filesystem was full", path);
			break;
		}
	close(fd);
}

/* Of what there is to do when there is no room, that which takes none. */
static void try_full(void)
{
	static const char small[] = "small";
	struct statvfs before = figures();
	size_t total;

	if (!file_write(FOLDER "/before", small, sizeof(small)))
		trouble("before: %m");
	total = fill_up(FOLDER "/full");
	dprintf(1, "storage: full after %zu bytes, %lu blocks free\n", total,
		(unsigned long)figures().f_bfree);
	expect_size(FOLDER "/full", total);
	expect_pattern(FOLDER "/full");
	file_expect(FOLDER "/before", small, sizeof(small));
	refusal_expect("mkdir when full", mkdir(FOLDER "/dir", 0755), ENOSPC);
	gone_expect(FOLDER "/dir");
	if (rename(FOLDER "/before", FOLDER "/after"))
		trouble("rename when full: %m");
	if (unlink(FOLDER "/after"))
		trouble("unlink when full: %m");
	if (truncate(FOLDER "/full", (off_t)total / 2))
		trouble("truncation when full: %m");
	expect_size(FOLDER "/full", total / 2);
	expect_pattern(FOLDER "/full");
	if (mkdir(FOLDER "/dir", 0755) || rmdir(FOLDER "/dir"))
		trouble("no directory after there is room: %m");
	if (unlink(FOLDER "/full"))
		trouble("unlink: %m");
	if (figures().f_bfree != before.f_bfree)
		trouble("%ld blocks are lost after the filesystem was full",
			(long)(before.f_bfree - figures().f_bfree));
}

void space_try(void)
{
	try_figures();
	try_many();
	try_full();
	try_full();
}
