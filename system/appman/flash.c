// SPDX-License-Identifier: Apache-2.0
/* Finding the images that stand in a flash partition. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices.h"
#include "abi/errors.h"
#include "flash.h"
#include "scratch.h"

/* As much as image_parse_head() needs. */
#define HEAD_BYTES	16

/* A line is: mtd1: 01000000 00040000 "apps" (drivers/mtd/mtdcore.c, mtd_proc_show). */
int flash_find_mtd(const char *text, const char *name, uint32_t *bytes)
{
	size_t length = strlen(name);

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL) {
		const char *quote = strchr(text, '"');
		char *rest;
		unsigned long index;

		if (strncmp(text, "mtd", 3) || !quote)
			continue;
		index = strtoul(text + 3, &rest, 10);
		if (*rest != ':' || strncmp(quote + 1, name, length) || quote[1 + length] != '"')
			continue;
		*bytes = (uint32_t)strtoul(rest + 1, NULL, 16);
		return (int)index;
	}
	return -ENOENT;
}

int flash_open(struct flash_walk *walk, const char *partition)
{
	const char *text = scratch_read_file("/proc/mtd");
	char path[32];
	int index, err;

	*walk = (struct flash_walk){ .fd = -1 };
	index = flash_find_mtd(text, partition, &walk->partition_bytes);
	if (index < 0)
		return index;

	err = devices_add_mtd((unsigned int)index);
	if (err && err != -EEXIST)
		return err;
	snprintf(path, sizeof(path), "/dev/mtd%dro", index);
	walk->fd = open(path, O_RDONLY | O_CLOEXEC);
	return walk->fd < 0 ? -errno : 0;
}

void flash_close(struct flash_walk *walk)
{
	if (walk->fd >= 0)
		close(walk->fd);
	walk->fd = -1;
}

static int read_at(const struct flash_walk *walk, uint32_t offset, void *buffer, size_t bytes)
{
	ssize_t got = pread(walk->fd, buffer, bytes, (off_t)offset);

	if (got < 0)
		return -errno;
	return (size_t)got == bytes ? 0 : -E_IMAGE_TRUNCATED;
}

int flash_next(struct flash_walk *walk, struct flash_image *image)
{
	uint32_t left = walk->partition_bytes - walk->offset;
	uint8_t bytes[IMAGE_TRAILER_BYTES];
	int err;

	if (left < HEAD_BYTES)
		return 0;

	image->offset = walk->offset;
	err = read_at(walk, image->offset, bytes, HEAD_BYTES);
	if (!err)
		err = image_parse_head(bytes, HEAD_BYTES, left, &image->body_bytes);
	if (err) {
		walk->offset = walk->partition_bytes;	/* there is nothing more to find */
		return err == -ENODATA ? 0 : err;
	}

	walk->offset += image_stride_bytes(image->body_bytes);
	if (walk->offset > walk->partition_bytes)
		walk->offset = walk->partition_bytes;
	err = read_at(walk, image->offset + image->body_bytes, bytes, sizeof(bytes));
	if (!err)
		err = image_parse_metadata(bytes, sizeof(bytes), image->body_bytes,
					   &image->metadata);
	return err ? err : 1;
}

int flash_at(struct flash_walk *walk, uint32_t offset, struct flash_image *image)
{
	int result;

	if (offset > walk->partition_bytes)
		return -E_IMAGE_TRUNCATED;
	walk->offset = offset;
	image->offset = offset;
	result = flash_next(walk, image);
	if (result == 0)
		return -E_IMAGE_MAGIC;
	return result < 0 ? result : 0;
}
