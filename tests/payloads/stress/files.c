// SPDX-License-Identifier: Apache-2.0
/* Files until there is no room, and none again. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <applibs/storage.h>

#include "stress.h"

#define FILES_MAX	64
#define SMALL_BYTES	400		/* littlefs keeps it in the folder */
#define NAME_BYTES	16

static const char text[PAGE_BYTES];

/* Whether all of a large file was written before somebody said no. */
static void fill(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	while (fd >= 0 && write(fd, text, sizeof(text)) > 0)
		;
	if (fd >= 0)
		close(fd);
}

static unsigned int write_small(unsigned int number)
{
	char name[NAME_BYTES];
	ssize_t written;
	int fd;

	snprintf(name, sizeof(name), "small%u", number);
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return 0;
	written = write(fd, text, SMALL_BYTES);
	return !close(fd) && written == SMALL_BYTES;
}

static void empty(void)
{
	char name[NAME_BYTES];

	for (unsigned int i = 0; i < FILES_MAX; i++) {
		snprintf(name, sizeof(name), "small%u", i);
		unlink(name);
	}
	unlink("large");
	unlink("renamed");
}

static unsigned int fill_and_empty(void)
{
	unsigned int done = 0;

	fill("large");
	rename("large", "renamed");
	while (done < FILES_MAX && write_small(done))
		done++;
	empty();
	return done;
}

unsigned int round_store(void)
{
	char path[STORAGE_MUTABLE_FOLDER_BYTES];

	if (Storage_GetMutableFolder(path, sizeof(path)) || chdir(path)) {
		usleep(10000);
		return 0;
	}
	return fill_and_empty();
}

unsigned int round_tmp(void)
{
	return chdir("/tmp") ? 0 : fill_and_empty();
}
