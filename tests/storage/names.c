// SPDX-License-Identifier: Apache-2.0
/* Names: making, renaming and removing them. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/fs.h>

#include "attempt.h"
#include "storage.h"

#define A	FOLDER "/a"
#define B	FOLDER "/b"
#define DIR_1	FOLDER "/dir1"
#define DIR_2	FOLDER "/dir2"

static void worked(const char *what, int result)
{
	if (result)
		trouble("%s: %m", what);
}

static void make(const char *path, const char *text)
{
	if (!file_write(path, text, strlen(text)))
		trouble("%s: %m", path);
}

static void expect(const char *path, const char *text)
{
	file_expect(path, text, strlen(text));
}

/* The C library has none. */
static int rename_with(const char *from, const char *to, unsigned int flags)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void try_file_renames(void)
{
	make(A, "a");
	worked("rename", rename(A, B));
	gone_expect(A);
	expect(B, "a");
	make(A, "new a");
	worked("rename over", rename(A, B));
	gone_expect(A);
	expect(B, "new a");
	worked("rename to itself", rename(B, B));
	make(A, "a");
	refusal_expect("RENAME_NOREPLACE", rename_with(A, B, RENAME_NOREPLACE), EEXIST);
	refusal_expect("RENAME_EXCHANGE", rename_with(A, B, RENAME_EXCHANGE), EINVAL);
	refusal_expect("link", link(A, FOLDER "/c"), EPERM);
	worked("rename into a directory", rename(A, DIR_1 "/a"));
	worked("rename over in a directory", rename(B, DIR_1 "/a"));
	gone_expect(B);
	expect(DIR_1 "/a", "new a");
	worked("rename out of a directory", rename_with(DIR_1 "/a", A, RENAME_NOREPLACE));
	expect(A, "new a");
	refusal_expect("a file over a directory", rename(A, DIR_1), EISDIR);
	refusal_expect("a directory over a file", rename(DIR_1, A), ENOTDIR);
	worked("unlink", unlink(A));
}

static void try_dir_renames(void)
{
	make(DIR_1 "/file", "file");
	worked("rename of a directory", rename(DIR_1, DIR_2));
	expect(DIR_2 "/file", "file");
	worked("mkdir", mkdir(DIR_1, 0755));
	worked("rename over an empty directory", rename(DIR_2, DIR_1));
	gone_expect(DIR_2);
	expect(DIR_1 "/file", "file");
	worked("mkdir", mkdir(DIR_2, 0755));
	refusal_expect("rename over a full directory", rename(DIR_2, DIR_1), ENOTEMPTY);
	refusal_expect("a directory below itself", rename(DIR_1, DIR_1 "/below"), EINVAL);
	refusal_expect("rmdir of a full directory", rmdir(DIR_1), ENOTEMPTY);
	refusal_expect("unlink of a directory", unlink(DIR_2), EISDIR);
	refusal_expect("rmdir of a file", rmdir(DIR_1 "/file"), ENOTDIR);
	worked("rename of a directory into another", rename(DIR_1, DIR_2 "/inner"));
	expect(DIR_2 "/inner/file", "file");
	worked("rename of a directory to the root", rename(DIR_2 "/inner", DIR_1));
	worked("rmdir", rmdir(DIR_2));
	worked("unlink", unlink(DIR_1 "/file"));
}

/* One open file, through renames and its removal. */
static void try_open_file(size_t bytes, int flags)
{
	static unsigned char data[100000], found[100000];
	int fd;

	fill(data, bytes, (unsigned int)bytes);
	if (!file_write(A, data, bytes))
		trouble("file of %zu bytes: %m", bytes);
	fd = open(A, flags | O_CLOEXEC);
	worked("rename of an open file", rename(A, DIR_1 "/open"));
	make(A, "another file of that name");
	if (flags == O_RDWR && pwrite(fd, data, 10, (off_t)bytes) != 10)
		trouble("write after rename: %m");
	if (pread(fd, found, bytes, 0) != (ssize_t)bytes || memcmp(found, data, bytes))
		trouble("%zu bytes: others after rename", bytes);
	if (bytes % 2)
		worked("unlink of an open file", unlink(DIR_1 "/open"));
	else
		worked("rename over an open file", rename(A, DIR_1 "/open"));
	make(B, "what would take its place");
	memset(found, 0, bytes);
	if (pread(fd, found, bytes, 0) != (ssize_t)bytes || memcmp(found, data, bytes))
		trouble("%zu bytes: others after removal", bytes);
	if (flags == O_RDWR && (ftruncate(fd, 5) || write(fd, "123456", 6) != 6 || fsync(fd)))
		trouble("change after removal: %m");
	worked("close of a removed file", close(fd));
	unlink(A);
	unlink(B);
	unlink(DIR_1 "/open");
}

static void try_lengths(void)
{
	char path[300] = FOLDER "/";
	size_t start = strlen(path);

	for (size_t length = 1; length <= 256; length = length < 128 ? length * 2 : length + 127) {
		memset(path + start, 'n', length);
		path[start + length] = '\0';
		if (length <= 255) {
			make(path, "long");
			expect(path, "long");
			worked("unlink of a long name", unlink(path));
		}
	}
	memset(path + start, 'n', 256);
	path[start + 256] = '\0';
	refusal_expect("a name of 256 bytes", open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644),
		       ENAMETOOLONG);
}

void names_try(void)
{
	static const size_t sizes[] = { 0, 1, 10, 511, 512, 513, 1000, 70000, 99989 };

	worked("mkdir", mkdir(DIR_1, 0755));
	refusal_expect("mkdir twice", mkdir(DIR_1, 0755), EEXIST);
	try_file_renames();
	try_dir_renames();
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		try_open_file(sizes[i], O_RDONLY);
		try_open_file(sizes[i], O_RDWR);
	}
	try_lengths();
	worked("rmdir", rmdir(DIR_1));
}
