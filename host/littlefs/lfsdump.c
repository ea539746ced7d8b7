// SPDX-License-Identifier: GPL-2.0-only
/* lfsdump, which shows what an image of a littlefs has; see lfsdump(1). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dump.h"
#include "image.h"
#include "manifest.h"

enum exit_status {
	EXIT_OK = 0,
	EXIT_ERROR = 1,
	EXIT_USAGE = 2,
};

enum form {
	FORM_TEXT,
	FORM_JSON,
	FORM_MANIFEST,
};

static int print_usage(void)
{
	fprintf(stderr, "usage: lfsdump [-j | -m] [-b BLOCK_BYTES] IMAGE\n");
	return EXIT_USAGE;
}

static int print_form(struct lfs_fs *fs, enum form form)
{
	struct out out = { .file = stdout, .is_json = form == FORM_JSON };

	return form == FORM_MANIFEST ? manifest_print(fs, stdout) : dump_print(fs, &out);
}

static int dump(const char *path, uint32_t block_bytes, enum form form)
{
	static struct lfs_fs fs;
	struct flash flash;
	struct image image;
	int result = image_open(&image, path, 0);

	if (result) {
		fprintf(stderr, "lfsdump: %s: %s\n", path, image_error_text(result));
		return EXIT_ERROR;
	}
	result = image_mount(&image, block_bytes, &flash, &fs);
	if (!result)
		result = print_form(&fs, form);
	image_close(&image);
	if (result)
		fprintf(stderr, "lfsdump: %s: %s\n", path, image_error_text(result));
	return result ? EXIT_ERROR : EXIT_OK;
}

int main(int argc, char **argv)
{
	uint32_t block_bytes = 0;
	enum form form = FORM_TEXT;
	int option;

	while ((option = getopt(argc, argv, "b:jm")) != -1) {
		if (option == 'b')
			block_bytes = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'j' || option == 'm')
			form = option == 'j' ? FORM_JSON : FORM_MANIFEST;
		else
			return print_usage();
	}
	if (argc - optind != 1)
		return print_usage();
	return dump(argv[optind], block_bytes, form);
}
