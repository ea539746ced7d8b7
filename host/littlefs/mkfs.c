// SPDX-License-Identifier: GPL-2.0-only
/* mkfs.littlefs, which makes an empty filesystem in an image; see mkfs.littlefs(8). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "make.h"

#define BUFFER_BYTES 4096

enum exit_status {
	EXIT_OK = 0,
	EXIT_ERROR = 1,
	EXIT_USAGE = 2,
};

struct options {
	const char *path;
	uint32_t block_bytes, block_count, program_bytes;
	struct lfs_limits limits;
};

static int print_usage(void)
{
	fprintf(stderr, "usage: mkfs.littlefs [-b BLOCK_BYTES] [-c BLOCKS] [-n NAME_MAX_BYTES]\n"
			"                     [-p PROGRAM_BYTES] [-V 2.0|2.1] IMAGE\n");
	return EXIT_USAGE;
}

/* Makes the file as long as it has to be; a longer one stays so. */
static int make_room(const struct options *options)
{
	off_t size = (off_t)options->block_bytes * options->block_count;
	int fd = open(options->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	int result = -EIO;

	if (fd < 0)
		return -errno;
	result = lseek(fd, 0, SEEK_END) < size && ftruncate(fd, size) ? -errno : 0;
	close(fd);
	return result;
}

static int make(struct options *options)
{
	static uint8_t buffer[BUFFER_BYTES];
	static struct lfs_fs fs;
	struct flash flash;
	struct image image;
	int result = make_room(options);

	if (!result)
		result = image_open(&image, options->path, 1);
	if (result)
		return result;
	flash_init(&flash, image.bytes, image.size, options->block_bytes, options->program_bytes);
	if (!options->limits.block_count)
		options->limits.block_count = flash.device.block_count;
	result = lfs_make(&fs, &flash.device, &options->limits, buffer, sizeof(buffer));
	image_close(&image);
	return result;
}

static int take_option(struct options *options, int option, const char *value)
{
	uint32_t number = (uint32_t)strtoul(value, NULL, 10);

	switch (option) {
	case 'b':
		options->block_bytes = number;
		return number ? 0 : -EINVAL;
	case 'c':
		options->block_count = number;
		options->limits.block_count = number;
		return number ? 0 : -EINVAL;
	case 'n':
		options->limits.name_max = number;
		return 0;
	case 'p':
		options->program_bytes = number;
		return number ? 0 : -EINVAL;
	case 'V':
		options->limits.version = strcmp(value, "2.0") ? LFS_VERSION_2_1 : LFS_VERSION_2_0;
		return strcmp(value, "2.0") && strcmp(value, "2.1") ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

int main(int argc, char **argv)
{
	struct options options = {
		.block_bytes = 4096,
		.program_bytes = 1,
		.limits = { LFS_VERSION_2_1, 0, LFS_NAME_MAX_BYTES, LFS_FILE_LIMIT_BYTES,
			    LFS_ATTR_LIMIT_BYTES },
	};
	int option, result;

	while ((option = getopt(argc, argv, "b:c:n:p:V:")) != -1)
		if (take_option(&options, option, optarg ? optarg : ""))
			return print_usage();
	if (argc - optind != 1)
		return print_usage();
	options.path = argv[optind];
	result = make(&options);
	if (!result)
		return EXIT_OK;
	fprintf(stderr, "mkfs.littlefs: %s: %s\n", options.path,
		result == -EINVAL ? "no littlefs can have these blocks and limits" :
				    strerror(-result));
	return EXIT_ERROR;
}
