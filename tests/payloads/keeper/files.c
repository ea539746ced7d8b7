// SPDX-License-Identifier: Apache-2.0
/* The files that the app makes in its storage. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <applibs/log.h>
#include <applibs/storage.h>

#include "attempt.h"
#include "keeper.h"

#define CHUNK_BYTES	4096
#define POINTER_BYTES	4
#define PATH_MAX_BYTES	320

static unsigned char chunk[CHUNK_BYTES];

void files_begin(void)
{
	char path[STORAGE_MUTABLE_FOLDER_BYTES];

	if (Storage_GetMutableFolder(path, sizeof(path)) == 0 && chdir(path) == 0)
		return;
	Log_Debug("keeper: no storage: %s\n", strerror(errno));
	for (;;)
		pause();
}

size_t files_block_bytes(void)
{
	struct statvfs status;

	return statvfs(".", &status) ? 0 : status.f_bsize;
}

size_t files_limit_bytes(void)
{
	return CONTENT_BLOCKS * files_block_bytes() - (CONTENT_BLOCKS - 1) * POINTER_BYTES;
}

static void fill_chunk(off_t at)
{
	for (size_t i = 0; i < sizeof(chunk); i++)
		chunk[i] = (unsigned char)((at + (off_t)i) * 167 >> 3);
}

int files_open(const char *name)
{
	return open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

int files_append(int fd, size_t bytes)
{
	off_t at = lseek(fd, 0, SEEK_END);

	while (bytes) {
		size_t part = bytes < sizeof(chunk) ? bytes : sizeof(chunk);
		ssize_t written;

		fill_chunk(at);
		written = write(fd, chunk, part);
		if (written <= 0)
			return -1;
		at += written;
		bytes -= (size_t)written;
	}
	return 0;
}

static int check_open(int fd, size_t bytes)
{
	static unsigned char found[CHUNK_BYTES];
	off_t at = 0;

	for (;;) {
		ssize_t got = pread(fd, found, sizeof(found), at);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		fill_chunk(at);
		if (memcmp(found, chunk, (size_t)got))
			break;
		at += got;
	}
	errno = EBADMSG;
	return at == (off_t)bytes ? 0 : -1;
}

int files_check(const char *name, size_t bytes)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -1 : check_open(fd, bytes);

	attempt_close(fd);
	return result;
}

int files_write(const char *name, size_t bytes)
{
	int fd = files_open(name);
	int result = fd < 0 ? -1 : files_append(fd, bytes), error = errno;

	if (fd >= 0 && close(fd) && !result)
		return -1;
	errno = error;
	return result;
}

static int clear(const char *path, bool with_folders)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	char name[PATH_MAX_BYTES];
	int result = 0;

	while (folder && !result && (entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_type != DT_DIR)
			result = unlink(name);
		else if (with_folders)
			result = clear(name, false) || rmdir(name) ? -1 : 0;
	}
	if (folder)
		closedir(folder);
	return folder ? result : -1;
}

int files_clear(void)
{
	return clear(".", true);
}
