// SPDX-License-Identifier: Apache-2.0
/*
 * Hostile images: pid 1 of a root filesystem for tests.  Mounts one image after the other from the
 * partition "storage", walks what can be mounted by every way to look at it, and unmounts it.  From
 * "apps" the monitor would refuse them before the kernel looks.
 *
 *	walker: 17 refused: Invalid argument
 *	walker: 18 mounted, 12 entries, 45056 bytes
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "nodes.h"

#define FOLDER		"/mnt/apps"
#define PLAN		"/etc/images"		/* how many images, and bytes from one to the next */
#define PATH_BYTES	4096

static unsigned int entries;
static unsigned long bytes;

/* Maps as a program would be mapped, and as data, and touches each page. */
static void map_file(int fd, size_t size, int protection)
{
	volatile unsigned char *data = mmap(NULL, size, protection, MAP_PRIVATE, fd, 0);

	if (data == MAP_FAILED)
		return;
	for (size_t at = 0; at < size; at += 4096)
		bytes += data[at] & 1;
	if (protection & PROT_WRITE)
		data[0] ^= 1;
	munmap((void *)data, size);
}

static void read_file(const char *path)
{
	static char buffer[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	ssize_t length;

	if (fd < 0 || fstat(fd, &status))
		return;
	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		bytes += (unsigned long)length;
	if (status.st_size) {
		map_file(fd, (size_t)status.st_size, PROT_READ);
		map_file(fd, (size_t)status.st_size, PROT_READ | PROT_EXEC);
		map_file(fd, (size_t)status.st_size, PROT_READ | PROT_WRITE);
	}
	close(fd);
}

static void look_at(const char *path, void (*walk)(const char *path))
{
	char target[PATH_BYTES];
	struct stat status;

	entries++;
	if (lstat(path, &status))
		return;
	if (S_ISDIR(status.st_mode))
		walk(path);
	else if (S_ISLNK(status.st_mode))
		bytes += readlink(path, target, sizeof(target)) > 0;
	else if (S_ISREG(status.st_mode))
		read_file(path);
	else
		dprintf(1, "walker: TROUBLE: %s has mode %o\n", path, (unsigned int)status.st_mode);
	if (status.st_mode & (S_ISUID | S_ISGID) || status.st_uid || status.st_gid)
		dprintf(1, "walker: TROUBLE: %s is not root's or is set-id\n", path);
}

/* Deeper than any image can be is no image: the path is too long then. */
static void walk_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char inside[PATH_BYTES];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if ((size_t)snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name) <
		    sizeof(inside))
			look_at(inside, walk_folder);
	}
	if (folder)
		closedir(folder);
}

static void try_image(unsigned int number, unsigned long offset)
{
	struct statvfs filesystem;
	char options[32];

	snprintf(options, sizeof(options), "offset=%lu", offset);
	if (mount("mtd:storage", FOLDER, "cramfs", MS_RDONLY, options)) {
		dprintf(1, "walker: %u refused: %s\n", number, strerror(errno));
		return;
	}
	entries = 0;
	bytes = 0;
	statvfs(FOLDER, &filesystem);
	walk_folder(FOLDER);
	dprintf(1, "walker: %u mounted, %u entries, %lu bytes\n", number, entries, bytes);
	if (umount(FOLDER))
		dprintf(1, "walker: TROUBLE: %u stays mounted: %s\n", number, strerror(errno));
}

int main(void)
{
	unsigned int count = 0;
	unsigned long stride = 0;
	FILE *plan;

	nodes_make_world();
	plan = fopen(PLAN, "re");
	if (!plan || fscanf(plan, "%u %lu", &count, &stride) != 2)
		dprintf(1, "walker: TROUBLE: %s\n", PLAN);
	for (unsigned int i = 0; i < count; i++)
		try_image(i, i * stride);
	dprintf(1, "walker: done\n");
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
