// SPDX-License-Identifier: Apache-2.0
/*
 * Images that somebody made on purpose.  The partition "apps" has them one after the other without
 * what is blank; each is put into the partition "storage", mounted, looked at from all sides, changed
 * and unmounted.
 *
 *	storage: image 17 refused: errno 117
 *	storage: image 18 mounted, 12 entries, 3 errors, 5 of 6 changes
 *
 * Numbers are 32 bits in the processor's order: how many images; for each how many pieces; for each
 * piece its offset, how many bytes, and these.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <mtd/mtd-user.h>

#include "attempt.h"
#include "storage.h"

#define MTD_MAJOR	90
#define MAP_BYTES	32768u
#define READS_MAX	1000u		/* a file may say that it is 2 GiB long */

static unsigned int entries, errors;
static const unsigned char large[2000] = { 1 };	/* in a block of its own */

/* Nothing that follows would make sense. */
static void give_up(const char *what)
{
	trouble("%s: %m", what);
	reboot(RB_POWER_OFF);
}

/* A partition by its name in /proc/mtd, or -1. */
static int open_partition(const char *name, int flags)
{
	char line[128], found[32], path[32];
	unsigned int number;
	FILE *list = fopen("/proc/mtd", "re");
	int fd = -1;

	while (list && fd < 0 && fgets(line, sizeof(line), list)) {
		if (sscanf(line, "mtd%u: %*s %*s \"%31[^\"]\"", &number, found) != 2 ||
		    strcmp(found, name) != 0)
			continue;
		snprintf(path, sizeof(path), "/dev/mtd%u", number);
		mknod(path, S_IFCHR | 0600, makedev(MTD_MAJOR, number * 2));
		fd = open(path, flags | O_CLOEXEC);
	}
	if (list)
		fclose(list);
	if (fd < 0)
		give_up(name);
	return fd;
}

static uint32_t read_number(int from)
{
	uint32_t number = 0;

	if (read(from, &number, sizeof(number)) != sizeof(number))
		give_up("images");
	return number;
}

static void copy_piece(int from, int to)
{
	static unsigned char chunk[4096];
	off_t at = (off_t)read_number(from);
	uint32_t left = read_number(from);

	while (left) {
		size_t part = left < sizeof(chunk) ? left : sizeof(chunk);

		if (read(from, chunk, part) != (ssize_t)part ||
		    pwrite(to, chunk, part, at) != (ssize_t)part)
			give_up("image");
		at += (off_t)part;
		left -= (uint32_t)part;
	}
}

static void copy_image(int from, int to)
{
	struct mtd_info_user info;
	struct erase_info_user all = { 0 };

	if (ioctl(to, MEMGETINFO, &info))
		give_up("MEMGETINFO");
	all.length = info.size;
	if (ioctl(to, MEMERASE, &all))
		give_up("MEMERASE");
	for (uint32_t left = read_number(from); left; left--)
		copy_piece(from, to);
}

static void note(bool is_error)
{
	errors += is_error;
}

static void read_file(int fd)
{
	static char chunk[4096];
	ssize_t part = 1;

	for (unsigned int i = 0; i < READS_MAX && part > 0; i++)
		part = read(fd, chunk, sizeof(chunk));
	note(part < 0);
	note(pread(fd, chunk, 100, 0x7ffffff0) < 0);
}

/*
 * The kernel touches the pages, so that one that cannot be read is EFAULT and not the end of the
 * program.  MAP_POPULATE would not do: it tries such a page for ever.
 */
static void map_file(int fd)
{
	char *place = mmap(NULL, MAP_BYTES, PROT_READ, MAP_PRIVATE, fd, 0);
	int ends[2];
	char byte;

	if (place == MAP_FAILED || pipe(ends)) {
		trouble("mmap: %m");
		return;
	}
	for (size_t at = 0; at < MAP_BYTES; at += 4096)
		if (write(ends[1], place + at, 1) == 1)
			note(read(ends[0], &byte, 1) != 1);
	close(ends[0]);
	close(ends[1]);
	munmap(place, MAP_BYTES);
}

static void read_attributes(const char *path)
{
	static char names[4096], value[1024];
	ssize_t bytes = listxattr(path, names, sizeof(names));

	note(bytes < 0);
	for (char *name = names; bytes > 0 && name < names + bytes; name += strlen(name) + 1)
		note(getxattr(path, name, value, sizeof(value)) < 0);
}

static int look_at(const char *name, bool is_folder)
{
	char path[400];
	struct stat status;
	int fd;

	entries++;
	snprintf(path, sizeof(path), FOLDER "/%s", name);
	note(lstat(path, &status));
	read_attributes(path);
	if (is_folder)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	note(fd < 0);
	if (fd < 0)
		return 0;
	read_file(fd);
	map_file(fd);
	close(fd);
	return 0;
}

static bool rewrite(const char *name, bool is_folder)
{
	char path[400];
	int fd;
	bool is_done;

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	if (is_folder)
		return false;
	fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	is_done = fd >= 0 && write(fd, "more", 4) == 4 && !ftruncate(fd, 3) && !fsync(fd);
	attempt_close(fd);
	return is_done;
}

/* Changes whatever comes first, and ends the walk. */
static int change_first(const char *name, bool is_folder)
{
	char path[400];

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	setxattr(path, "user.name", "value", 5, 0);
	chown(path, 1, 1);
	if (rewrite(name, is_folder))
		rename(path, FOLDER "/moved");
	else
		rmdir(path);
	errno = ECANCELED;
	return -1;
}

static unsigned int change(void)
{
	unsigned int done = 0;

	done += file_write(FOLDER "/made", "made", 4);
	done += file_write(FOLDER "/large", large, sizeof(large));
	done += !mkdir(FOLDER "/folder", 0755);
	done += !rename(FOLDER "/made", FOLDER "/folder/made");
	done += !unlink(FOLDER "/folder/made");
	done += !rmdir(FOLDER "/folder");
	walk(change_first);
	return done;
}

static void try_image(unsigned int number)
{
	struct statvfs figures;
	unsigned int done;

	if (mount("mtd:storage", FOLDER, "littlefs", 0, "usrquota,mtime")) {
		dprintf(1, "storage: image %u refused: errno %d\n", number, errno);
		return;
	}
	entries = 0;
	errors = 0;
	note(statvfs(FOLDER, &figures));
	note(walk(look_at));
	done = change();
	note(walk(look_at));
	dprintf(1, "storage: image %u mounted, %u entries, %u errors, %u of 6 changes\n", number,
		entries, errors, done);
	if (umount(FOLDER))
		trouble("image %u stays mounted: %m", number);
}

void hostile_try(void)
{
	int from = open_partition("apps", O_RDONLY);
	uint32_t count = read_number(from);

	for (uint32_t i = 0; i < count; i++) {
		int to = open_partition("storage", O_RDWR);

		copy_image(from, to);
		close(to);
		try_image(i);
	}
	close(from);
}
