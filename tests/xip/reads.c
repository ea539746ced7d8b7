// SPDX-License-Identifier: Apache-2.0
/* read(2) and its kin: the right bytes, by any piece, and no page of the page cache for them. */

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attempt.h"
#include "xip.h"

#define BUFFER_BYTES	16384
#define PIECE_BYTES	1000		/* crosses pages at another place each time */
#define FOLDERS_OPEN	8

static unsigned char buffer[BUFFER_BYTES];
static unsigned int files;
static unsigned long bytes;

/* What was mapped to compare with; NULL: only read. */
static const unsigned char *mapped;

static void compare(const char *path, size_t at, size_t count)
{
	if (mapped && memcmp(buffer, mapped + at, count))
		trouble("%s: other bytes at %zu", path, at);
}

static size_t by_read(int fd, size_t at, size_t piece)
{
	(void)at;
	return (size_t)read(fd, buffer, piece);
}

static size_t by_pread(int fd, size_t at, size_t piece)
{
	return (size_t)pread(fd, buffer, piece, (off_t)at);
}

/* Two parts with a hole between them, closed afterwards. */
static size_t by_readv(int fd, size_t at, size_t piece)
{
	const struct iovec parts[] = { { buffer, piece / 3 },
				       { buffer + piece / 3, piece - piece / 3 } };

	(void)at;
	return (size_t)readv(fd, parts, ARRAY_SIZE(parts));
}

static size_t by_sendfile(int fd, size_t at, size_t piece)
{
	static int ends[2];
	ssize_t count;

	(void)at;
	if (!ends[1] && pipe(ends))
		return 0;
	count = sendfile(ends[1], fd, NULL, piece);
	return count > 0 ? (size_t)read(ends[0], buffer, (size_t)count) : (size_t)count;
}

static const struct {
	size_t (*read)(int fd, size_t at, size_t piece);
	size_t piece;
} ways[] = {
	{ by_read, PIECE_BYTES },    { by_read, BUFFER_BYTES },     { by_pread, 4096 },
	{ by_readv, PIECE_BYTES },   { by_readv, BUFFER_BYTES - 1 }, { by_sendfile, 4096 },
	{ by_sendfile, PIECE_BYTES },
};

static void read_by(unsigned int way, const char *path, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t at = 0, count;

	while ((count = ways[way].read(fd, at, ways[way].piece)) > 0 && count <= BUFFER_BYTES) {
		compare(path, at, count);
		at += count;
	}
	if (count || at != size)
		trouble("%s: %zu bytes of %zu were read", path, at, size);
	bytes += at;
	close(fd);
}

static int read_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)place;
	if (kind != FTW_F || !S_ISREG(status->st_mode))
		return 0;
	files++;
	for (unsigned int way = 0; way < ARRAY_SIZE(ways); way++)
		read_by(way, path, (size_t)status->st_size);
	return 0;
}

/* Mapped, the files that do not begin with a page of flash are in the page cache. */
static int compare_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	size_t size = (size_t)status->st_size;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (kind == FTW_F && S_ISREG(status->st_mode) && size) {
		void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (map == MAP_FAILED)
			trouble("%s cannot be mapped", path);
		mapped = map == MAP_FAILED ? NULL : map;
		read_file(path, status, kind, place);
		munmap(map, size);
		mapped = NULL;
	}
	close(fd);
	return 0;
}

/* Not into procfs, nor into what is mounted below. */
static void walk(int (*visit)(const char *path, const struct stat *status, int kind,
			      struct FTW *place))
{
	files = 0;
	bytes = 0;
	if (nftw("/", visit, FOLDERS_OPEN, FTW_PHYS | FTW_MOUNT))
		trouble("the root filesystem cannot be walked");
}

void reads_print(void)
{
	struct memory_usage before, after;

	walk(read_file);	/* the inodes and names of all files */
	memory_measure(&before);
	walk(read_file);
	memory_measure(&after);
	dprintf(1, "xip: reads files %u bytes %lu left_in_cache_kib %ld\n", files, bytes,
		(long)after.cache_kib - (long)before.cache_kib);
	dprintf(1, "xip: cache_after_boot_kib %lu\n", before.cache_kib);
	walk(compare_file);
	dprintf(1, "xip: compared files %u\n", files);
}
