// SPDX-License-Identifier: Apache-2.0
/* Nobody sees what was removed: not behind the end of a file, not in a hole, not in a mapping. */

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage.h"

#define SECRET_FILE	FOLDER "/secret"
#define FILE_		FOLDER "/remains"
#define BYTES		600000u
#define SECRET		0xa5
#define ROUNDS		4u	/* enough to come upon each block */
#define PAGE_BYTES	4096u

static unsigned char chunk[BYTES];

static void leave_secrets(void)
{
	memset(chunk, SECRET, sizeof(chunk));
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (!file_write(SECRET_FILE, chunk, sizeof(chunk)))
			trouble("%s: %m", SECRET_FILE);
		if (i % 2 ? unlink(SECRET_FILE) : truncate(SECRET_FILE, 0))
			trouble("removing the secret: %m");
	}
}

static void expect_none(const char *what, const unsigned char *bytes, size_t count)
{
	const unsigned char *found = memchr(bytes, SECRET, count);

	if (found)
		trouble("%s: a secret at %td", what, found - bytes);
}

static void read_all(const char *what, int fd)
{
	ssize_t count = pread(fd, chunk, sizeof(chunk), 0);

	if (count < 0)
		trouble("%s: %m", what);
	else
		expect_none(what, chunk, (size_t)count);
}

/* A page has more than the file. */
static void map_tail(int fd, off_t size)
{
	off_t start = size & ~(off_t)(PAGE_BYTES - 1);
	unsigned char *page = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, start);

	if (page == MAP_FAILED) {
		trouble("mmap: %m");
		return;
	}
	expect_none("behind the end", page, PAGE_BYTES);
	munmap(page, PAGE_BYTES);
}

void remains_try(void)
{
	int fd;

	leave_secrets();
	fd = open(FILE_, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (pwrite(fd, "begin", 5, 0) != 5 || pwrite(fd, "end", 3, BYTES / 2) != 3)
		trouble("a hole: %m");
	read_all("a hole", fd);
	if (ftruncate(fd, BYTES) || fsync(fd))
		trouble("a longer file: %m");
	read_all("a longer file", fd);
	if (ftruncate(fd, 70000) || fsync(fd))
		trouble("a shorter file: %m");
	map_tail(fd, 70000);
	/* What was cut off is not there when the file becomes longer again. */
	memset(chunk, SECRET, 1000);
	if (pwrite(fd, chunk, 1000, 69000) != 1000 || ftruncate(fd, 69000) ||
	    ftruncate(fd, 71000))
		trouble("shorter and longer: %m");
	read_all("shorter and longer", fd);
	map_tail(fd, 69000);
	close(fd);
	if (unlink(FILE_))
		trouble("unlink: %m");
}
