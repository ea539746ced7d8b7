// SPDX-License-Identifier: Apache-2.0
/* The limit, by every way to need more flash. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "keeper.h"

/* Files of up to 512 bytes are in the blocks of their folder. */
#define SMALL_FILES	60
#define SMALL_BYTES	500
#define LARGE_BYTES	513
#define NAME_DIGITS	200		/* what a name takes counts as well */

/* What an attempt has left is removed after it; the error is its own. */
static int then_clear(int result)
{
	int error = errno;

	if (files_clear())
		return -1;
	errno = error;
	return result;
}

static int fill(void) { return files_write("full", files_limit_bytes()); }

static int fill_and_check(void)
{
	return then_clear(fill() || files_check("full", files_limit_bytes()) ? -1 : 0);
}

/* 0 when @act was refused with EDQUOT and the file is what it was, or else another error. */
static int is_refused(int (*act)(void))
{
	if (fill())
		return -1;
	if (act() == 0) {
		errno = 0;
		return -1;
	}
	if (errno != EDQUOT)
		return -1;
	if (files_check("full", files_limit_bytes()))
		return -1;
	errno = EDQUOT;
	return -1;
}

static int refused(int (*act)(void)) { return then_clear(is_refused(act)); }

static int append_to_full(void) { return files_write("full", 1); }
static int begin_another(void) { return files_write("other", LARGE_BYTES); }
static int make_folder(void) { return mkdir("folder", 0700); }
static int lengthen(void) { return truncate("full", (off_t)files_limit_bytes() + 1); }

static int write_behind_end(void)
{
	int fd = files_open("full");
	int result = pwrite(fd, "x", 1, (off_t)files_limit_bytes() + 100) == 1 ? fsync(fd) : -1;

	attempt_close(fd);
	return result;
}

/* Its blocks are there until the new ones are whole. */
static int write_over(void)
{
	int fd = files_open("full");
	int result = pwrite(fd, "x", 1, 0) == 1 ? fsync(fd) : -1;

	attempt_close(fd);
	return result;
}

static int append_by_two(void)
{
	int first = files_open("full"), second = files_open("full");
	int result = files_append(first, 1) == 0 && fsync(first) == 0 ? 0 : -1;

	if (result)
		result = files_append(second, 1) == 0 && fsync(second) == 0 ? 0 : -1;
	attempt_close(first);
	attempt_close(second);
	return result;
}

static int one_byte_more(void) { return refused(append_to_full); }
static int another_file(void) { return refused(begin_another); }
static int another_folder(void) { return refused(make_folder); }
static int longer_by_truncate(void) { return refused(lengthen); }
static int with_a_hole(void) { return refused(write_behind_end); }
static int in_its_middle(void) { return refused(write_over); }
static int by_two_descriptors(void) { return refused(append_by_two); }

/* What is removed and still open is counted until it is closed. */
static int while_removed_is_open(void)
{
	int fd, result;

	if (fill())
		return -1;
	fd = files_open("full");
	if (unlink("full"))
		return -1;
	result = files_write("other", LARGE_BYTES);
	attempt_close(fd);
	return then_clear(result);
}

static int after_it_is_closed(void)
{
	int fd;

	if (fill())
		return -1;
	fd = files_open("full");
	if (unlink("full") || close(fd))
		return -1;
	return fill_and_check();
}

static int size_of_the_manifest(void)
{
	static const size_t bytes = 64 * 1024;

	for (int i = 0; i < 3; i++) {
		if (files_write("new", bytes) || rename("new", "kept") ||
		    files_check("kept", bytes))
			return -1;
	}
	return then_clear(0);
}

static int small_beside_full(void)
{
	return then_clear(fill() || files_write("small", SMALL_BYTES) ||
			  files_check("small", SMALL_BYTES) ? -1 : 0);
}

static int folders(unsigned int count)
{
	char name[16];

	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "folder%u", i);
		if (mkdir(name, 0700))
			return -1;
	}
	return 0;
}

static int one_folder(void) { return then_clear(folders(1)); }
static int two_folders(void) { return then_clear(folders(2)); }

static int many_small_files(void)
{
	char name[sizeof("folder/") + NAME_DIGITS];
	int result = mkdir("folder", 0700);

	for (unsigned int i = 0; i < SMALL_FILES && !result; i++) {
		snprintf(name, sizeof(name), "folder/%0*u", NAME_DIGITS, i);
		result = files_write(name, SMALL_BYTES);
	}
	return then_clear(result);
}

static int large_files(unsigned int count)
{
	char name[16];

	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "file%u", i);
		if (files_write(name, LARGE_BYTES))
			return -1;
	}
	return 0;
}

static int a_file_for_each_block(void) { return then_clear(large_files(CONTENT_BLOCKS)); }
static int one_file_more(void) { return then_clear(large_files(CONTENT_BLOCKS + 1)); }

static const struct attempt attempts[] = {
	{ "AS-40", "keep as much as the manifest asks for, and replace it", size_of_the_manifest, 0 },
	{ "AS-40", "fill the flash that it was given", fill_and_check, 0 },
	{ "AS-40", "a small file beside that", small_beside_full, 0 },
	{ "AS-40", "append one byte", one_byte_more, EDQUOT },
	{ "AS-40", "another file", another_file, EDQUOT },
	{ "AS-40", "a folder", another_folder, EDQUOT },
	{ "AS-40", "truncate to more", longer_by_truncate, EDQUOT },
	{ "AS-40", "write behind the end", with_a_hole, EDQUOT },
	{ "AS-40", "write into a full file", in_its_middle, EDQUOT },
	{ "AS-40", "append by two descriptors", by_two_descriptors, EDQUOT },
	{ "AS-40", "another file while one is removed and open", while_removed_is_open, EDQUOT },
	{ "AS-40", "the same when it is closed", after_it_is_closed, 0 },
	{ "AS-40", "one folder", one_folder, 0 },
	{ "AS-40", "two folders", two_folders, EDQUOT },
	{ "AS-40", "many small files in a folder", many_small_files, 0 },
	{ "AS-40", "a file for each block", a_file_for_each_block, 0 },
	{ "AS-40", "one file more", one_file_more, EDQUOT },
	{ "AS-40", "all of it again", fill_and_check, 0 },
};

void try_limit(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
