// SPDX-License-Identifier: Apache-2.0
/* An app that counts, in its storage, how often it has started, and writes an entry each second. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <applibs/log.h>
#include <applibs/storage.h>

struct page {
	unsigned int starts, entries;
};

static int read_page(int fd, struct page *page)
{
	ssize_t length = pread(fd, page, sizeof(*page), 0);

	if (length == 0)
		*page = (struct page){ 0 };
	return length == 0 || length == (ssize_t)sizeof(*page) ? 0 : -1;
}

static int write_page(int fd, const struct page *page)
{
	if (pwrite(fd, page, sizeof(*page), 0) != (ssize_t)sizeof(*page))
		return -1;
	return fsync(fd);
}

static void say_whose(int fd)
{
	char folder[STORAGE_MUTABLE_FOLDER_BYTES] = "";
	struct stat file = { 0 }, own = { 0 };

	Storage_GetMutableFolder(folder, sizeof(folder));
	fstat(fd, &file);
	stat(folder, &own);
	Log_Debug("diary: folder %s: %u %u %o, file: %u %u %o\n", folder, (unsigned int)own.st_uid,
		  (unsigned int)own.st_gid, (unsigned int)own.st_mode & 07777,
		  (unsigned int)file.st_uid, (unsigned int)file.st_gid,
		  (unsigned int)file.st_mode & 07777);
}

int main(void)
{
	int fd = Storage_OpenMutableFile();
	struct page page;

	if (fd < 0 || read_page(fd, &page)) {
		Log_Debug("diary: cannot read: %s\n", strerror(errno));
		for (;;)
			pause();
	}
	page.starts++;
	for (;; page.entries++, sleep(1)) {
		if (write_page(fd, &page))
			Log_Debug("diary: cannot write: %s\n", strerror(errno));
		else if (page.entries % 4 == 0)
			say_whose(fd);
		Log_Debug("diary: start %u, entry %u\n", page.starts, page.entries);
	}
}
