// SPDX-License-Identifier: GPL-2.0-only
/* fsck.littlefs, which checks an image and finishes what a power cut left; see fsck.littlefs(8). */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "gstate.h"
#include "image.h"
#include "manifest.h"
#include "recover.h"

#define BUFFER_BYTES 4096

/* fsck(8) */
enum exit_status {
	EXIT_OK = 0,
	EXIT_MENDED = 1,
	EXIT_NOT_MENDED = 4,
	EXIT_ERROR = 8,
	EXIT_USAGE = 16,
};

struct options {
	const char *path;
	uint32_t block_bytes, program_bytes;
	bool repairs;
};

static int print_usage(void)
{
	fprintf(stderr, "usage: fsck.littlefs [-r] [-b BLOCK_BYTES] [-p PROGRAM_BYTES] IMAGE\n");
	return EXIT_USAGE;
}

static int complain(const struct options *options, const char *text)
{
	fprintf(stderr, "fsck.littlefs: %s: %s\n", options->path, text);
	return EXIT_NOT_MENDED;
}

/* Reads all that there is; an error is what a reader would get. */
static int check(struct lfs_fs *fs, uint32_t *blocks)
{
	int result = manifest_print(fs, NULL);

	return result ? result : lfs_count_used(fs, blocks);
}

static int repair(struct lfs_fs *fs, struct flash *flash, uint32_t program_bytes)
{
	static uint8_t buffer[BUFFER_BYTES];
	const struct lfs_config config = { .buffer = buffer, .buffer_bytes = sizeof(buffer) };
	int result;

	flash->device.program_bytes = program_bytes;
	result = lfs_start_writing(fs, &config);
	return result ? result : lfs_start_change(fs);
}

static int judge(const struct options *options, struct image *image)
{
	static struct lfs_fs fs;
	struct flash flash;
	uint32_t blocks = 0;
	int result = image_mount(image, options->block_bytes, &flash, &fs);
	bool is_pending;

	if (!result)
		result = check(&fs, &blocks);
	if (result)
		return complain(options, image_error_text(result));
	is_pending = lfs_gstate_has_move(&fs) || lfs_gstate_has_orphans(&fs);
	if (is_pending && !options->repairs)
		return complain(options, "a power cut has left something to be finished");
	if (is_pending) {
		result = repair(&fs, &flash, options->program_bytes);
		if (!result)
			result = check(&fs, &blocks);
		if (result)
			return complain(options, image_error_text(result));
	}
	printf("%s: %u of %u blocks in use%s\n", options->path, blocks, fs.block_count,
	       is_pending ? ", what a power cut had left is finished" : "");
	return is_pending ? EXIT_MENDED : EXIT_OK;
}

int main(int argc, char **argv)
{
	struct options options = { .program_bytes = 1 };
	struct image image;
	int option, result;

	while ((option = getopt(argc, argv, "b:p:r")) != -1) {
		if (option == 'r')
			options.repairs = true;
		else if (option == 'b')
			options.block_bytes = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'p')
			options.program_bytes = (uint32_t)strtoul(optarg, NULL, 10);
		else
			return print_usage();
	}
	if (argc - optind != 1)
		return print_usage();
	options.path = argv[optind];
	result = image_open(&image, options.path, options.repairs);
	if (result) {
		complain(&options, strerror(-result));
		return EXIT_ERROR;
	}
	result = judge(&options, &image);
	image_close(&image);
	return result;
}
