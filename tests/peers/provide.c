// SPDX-License-Identifier: Apache-2.0
/* Bringing the programs to a folder, in the way that the plan of a boot names. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attempt.h"
#include "provide.h"

#define MTD_BLOCK_MAJOR	31		/* Documentation/admin-guide/devices.txt */
#define SECTOR_BYTES	512
#define PATH_BYTES	256
#define PAGE_BYTES	4096
#define IMAGE_FOLDER	"/mnt/image"

static const char *or_nothing(const char *word)
{
	return strcmp(word, "-") ? word : "";
}

/* A line of /proc/mtd: mtd4: 01000000 00040000 "apps" */
static int apps_number(void)
{
	char line[128], name[32];
	int number, found = -1;
	FILE *file = fopen("/proc/mtd", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "mtd%d: %*x %*x \"%31[^\"]", &number, name) == 2 &&
		    !strcmp(name, "apps"))
			found = number;
	if (file)
		fclose(file);
	return found;
}

static int set_read_ahead(const char *kib)
{
	unsigned long sectors = strtoul(kib, NULL, 10) * 1024 / SECTOR_BYTES;
	int fd = open(PROVIDE_NODE, O_RDONLY | O_CLOEXEC);
	int result = ioctl(fd, BLKRASET, sectors);

	attempt_close(fd);
	return result;
}

int provide_prepare(const char *path, struct provide_plan *plan)
{
	int number = apps_number(), words = 0;
	FILE *file = fopen(path, "re");

	if (file) {
		words = fscanf(file, "%15s %31s %63s %7s", plan->type, plan->source, plan->options,
			       plan->read_ahead_kib);
		fclose(file);
	}
	if (words != 4 || number < 0) {
		errno = ENOENT;
		return -1;
	}
	if (strcmp(plan->source, PROVIDE_NODE))
		return 0;
	if (mknod(PROVIDE_NODE, S_IFBLK | 0600, makedev(MTD_BLOCK_MAJOR, number)))
		return -1;
	return *or_nothing(plan->read_ahead_kib) ? set_read_ahead(plan->read_ahead_kib) : 0;
}

static int copy_file(const char *from, const char *to, mode_t mode)
{
	static char buffer[PAGE_BYTES];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
	ssize_t length = -1;

	while (in >= 0 && out >= 0 && (length = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, (size_t)length) != length)
			break;
	attempt_close(in);
	attempt_close(out);
	return length ? -1 : 0;
}

static int copy_link(const char *from, const char *to)
{
	char target[PATH_BYTES];
	ssize_t length = readlink(from, target, sizeof(target) - 1);

	if (length < 0)
		return -1;
	target[length] = '\0';
	return symlink(target, to);
}

static int join(char path[PATH_BYTES], const char *folder, const char *name)
{
	int length = snprintf(path, PATH_BYTES, "%s/%s", folder, name);

	errno = ENAMETOOLONG;
	return length < PATH_BYTES ? 0 : -1;
}

static int copy_tree(const char *from, const char *to);

static int copy_entry(const char *from, const char *to, const char *name)
{
	char source[PATH_BYTES], target[PATH_BYTES];
	struct stat status;

	if (join(source, from, name) || join(target, to, name) || lstat(source, &status))
		return -1;
	if (S_ISDIR(status.st_mode))
		return mkdir(target, 0755) || copy_tree(source, target) ? -1 : 0;
	if (S_ISLNK(status.st_mode))
		return copy_link(source, target);
	return copy_file(source, target, status.st_mode & 0777);
}

/* The tree of the image is ours and three levels deep. */
static int copy_tree(const char *from, const char *to)
{
	DIR *folder = opendir(from);
	struct dirent *entry;
	int result = folder ? 0 : -1;

	while (!result && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = copy_entry(from, to, entry->d_name);
	if (folder)
		closedir(folder);
	return result;
}

int provide_programs(const struct provide_plan *plan, const char *folder)
{
	const char *options = or_nothing(plan->options);

	if (strcmp(plan->type, "copy"))
		return mount(plan->source, folder, plan->type, MS_RDONLY, options);
	if (mount(plan->source, IMAGE_FOLDER, "cramfs", MS_RDONLY, options) ||
	    mount("tmpfs", folder, "tmpfs", 0, NULL) || copy_tree(IMAGE_FOLDER, folder))
		return -1;
	return umount(IMAGE_FOLDER);
}
