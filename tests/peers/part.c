// SPDX-License-Identifier: Apache-2.0
/* The parts of flash that count. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <mtd/mtd-user.h>

#include "attempt.h"
#include "part.h"

#define MTD_CHAR_MAJOR	90		/* Documentation/admin-guide/devices.txt */
#define NODE		"/dev/part"

/* A line of /proc/mtd: mtd4: 00080000 00001000 "gauge0" */
static int mtd_number_of(unsigned int part)
{
	char line[128];
	unsigned int number, found;
	int result = -1;
	FILE *file = fopen("/proc/mtd", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "mtd%u: %*x %*x \"gauge%u\"", &number, &found) == 2 &&
		    found == part)
			result = (int)number;
	if (file)
		fclose(file);
	return result;
}

/* Two device numbers for each MTD, of which the second can only read. */
static int open_part(unsigned int part)
{
	int number = mtd_number_of(part);

	unlink(NODE);
	errno = ENODEV;
	if (number < 0 ||
	    mknod(NODE, S_IFCHR | 0600, makedev(MTD_CHAR_MAJOR, (unsigned int)number * 2)))
		return -1;
	return open(NODE, O_RDWR | O_CLOEXEC);
}

static int write_head(int fd, int seed, off_t at)
{
	unsigned char head[PART_HEAD_BYTES];

	if (read(seed, head, sizeof(head)) != (ssize_t)sizeof(head))
		return -1;
	return pwrite(fd, head, sizeof(head), at) == (ssize_t)sizeof(head) ? 0 : -1;
}

static int write_seed(int fd, off_t block_bytes)
{
	int seed = open(PART_SEED, O_RDONLY | O_CLOEXEC);
	int result = 0;

	if (seed < 0)
		return errno == ENOENT ? 0 : -1;
	if (write_head(fd, seed, 0) || write_head(fd, seed, block_bytes))
		result = -1;
	attempt_close(seed);
	return result;
}

int part_make_empty(unsigned int number)
{
	struct mtd_info_user info;
	struct erase_info_user all = { 0 };
	int fd = open_part(number), result = -1;

	if (fd < 0)
		return -1;
	if (!ioctl(fd, MEMGETINFO, &info)) {
		all.length = info.size;
		if (!ioctl(fd, MEMERASE, &all) && !write_seed(fd, (off_t)info.erasesize))
			result = (int)info.erasesize;
	}
	attempt_close(fd);
	return result;
}

int part_count(unsigned int number, struct part_counts *counts)
{
	char line[160];
	unsigned int found;
	int result = -1;
	FILE *file = fopen("/proc/flash_gauge", "re");

	while (file && result && fgets(line, sizeof(line), file))
		if (sscanf(line, "gauge%u programs %u programmed %llu erases %u refused %u worn %u",
			   &found, &counts->programs, &counts->programmed_bytes, &counts->erases,
			   &counts->refused, &counts->worn) == 6 && found == number)
			result = 0;
	if (file)
		fclose(file);
	return result;
}
