// SPDX-License-Identifier: Apache-2.0
/*
 * Flash with one image after the other at the same place: the second shows nothing of the first.
 * The images are copied from "apps" to "storage", the only partition that Linux can write to.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <mtd/mtd-abi.h>

#include "xip.h"

#define FOLDER		"/mnt/apps/reused"
#define PROGRAM		FOLDER "/bin/sleeper"
#define NUMBER		FOLDER "/number"
#define APPS		"/dev/mtd1"
#define STORAGE		"/dev/mtd2"
#define MAJOR_MTD	90

static int must(int result, const char *what)
{
	if (result < 0)
		trouble("%s: %m", what);
	return result;
}

static void erase(int flash, unsigned long bytes)
{
	struct mtd_info_user info = { 0 };
	struct erase_info_user range = { 0 };

	must(ioctl(flash, MEMGETINFO, &info), "MEMGETINFO");
	range.length = info.erasesize;
	for (; info.erasesize && range.start < bytes; range.start += info.erasesize)
		must(ioctl(flash, MEMERASE, &range), "MEMERASE");
}

static void copy_image(const struct xip_images *images, unsigned int number)
{
	static char page[PAGE_BYTES];
	int from = must(open(APPS, O_RDONLY | O_CLOEXEC), APPS);
	int to = must(open(STORAGE, O_RDWR | O_CLOEXEC), STORAGE);

	erase(to, images->stride);
	for (unsigned long at = 0; at < images->stride; at += PAGE_BYTES)
		if (pread(from, page, PAGE_BYTES, (off_t)(number * images->stride + at)) !=
			    PAGE_BYTES ||
		    pwrite(to, page, PAGE_BYTES, (off_t)at) != PAGE_BYTES)
			trouble("image %u cannot be copied: %m", number);
	close(from);
	close(to);
}

/* What a mapping shows is what is in flash, and it has the right number. */
static void check(unsigned int number)
{
	int fd = must(open(NUMBER, O_RDONLY | O_CLOEXEC), NUMBER);
	char text[16] = "", *map = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 0);

	must((int)read(fd, text, sizeof(text) - 1), NUMBER);
	if (map == MAP_FAILED || strtoul(text, NULL, 10) != number ||
	    strtoul(map, NULL, 10) != number)
		trouble("image %u says by read() %s", number, text);
	munmap(map, PAGE_BYTES);
	close(fd);
}

/* The numbers of the programs are in the padding of their ELF headers. */
static unsigned int number_of_program(void)
{
	int fd = must(open(PROGRAM, O_RDONLY | O_CLOEXEC), PROGRAM);
	const unsigned char *map = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	unsigned int number = map == MAP_FAILED ? 255 : map[15];

	munmap((void *)map, PAGE_BYTES);
	close(fd);
	return number;
}

static void use_image(const struct xip_images *images, unsigned int number)
{
	char *const arguments[] = { PROGRAM, NULL };
	pid_t pid;

	copy_image(images, number);
	must(mount("mtd:storage", FOLDER, "cramfs", MS_RDONLY, NULL), "mount");
	check(number);
	if (number_of_program() != number)
		trouble("the program of image %u is that of %u", number, number_of_program());
	pid = launch(PROGRAM, arguments);
	usleep(100000);
	if (!umount(FOLDER) || errno != EBUSY)
		trouble("unmounted under a program");
	launch_end(pid);
	must(umount(FOLDER), "umount");
	dprintf(1, "xip: used image %u\n", number);
}

void reuse_print(const struct xip_images *images)
{
	must(mknod(APPS, S_IFCHR | 0600, makedev(MAJOR_MTD, 2)), APPS);
	must(mknod(STORAGE, S_IFCHR | 0600, makedev(MAJOR_MTD, 4)), STORAGE);
	must(mkdir(FOLDER, 0755), FOLDER);
	for (unsigned int i = 0; i < images->count; i++)
		use_image(images, i);
}
