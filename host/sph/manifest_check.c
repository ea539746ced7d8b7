// SPDX-License-Identifier: Apache-2.0
/* sph manifest check: what is wrong with a manifest, without packing. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/image.h"
#include "host/sph/command.h"
#include "host/sph/manifest_file.h"
#include "host/sph/manifest_print.h"

static int check(const char *path, const char *board_path, bool is_system,
		 struct complaint *complaint)
{
	static struct board board;
	struct manifest manifest;
	struct bytes text;
	int result = 0;

	if (board_path)
		result = board_load(board_path, &board, complaint);
	if (!result)
		result = file_read(path, MANIFEST_FILE_MAX_BYTES, &text,
				   complaint);
	if (result)
		return result;
	result = manifest_file_check(path, (const char *)text.data, text.length,
				     board_path ? &board : NULL, is_system,
				     &manifest, complaint);
	free(text.data);
	if (result)
		return result;
	printf("%s: valid\n", path);
	manifest_print(stdout, &manifest);
	return 0;
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	static const struct option long_options[] = {
		{ "board", required_argument, NULL, 'b' },
		{ "type", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	const char *board = NULL, *type = image_type_name(IMAGE_TYPE_APP);
	bool is_system;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) !=
	       -1) {
		if (option == 'b')
			board = optarg;
		else if (option == 't')
			type = optarg;
		else
			return COMMAND_USAGE;
	}
	is_system = !strcmp(type, image_type_name(IMAGE_TYPE_SYSTEM_APP));
	if (optind != argc - 1 ||
	    (!is_system && strcmp(type, image_type_name(IMAGE_TYPE_APP))))
		return COMMAND_USAGE;
	return check(argv[optind], board, is_system, complaint);
}

const struct command command_manifest_check = {
	.noun = "manifest",
	.verb = "check",
	.synopsis = "FILE [--board FILE] [--type TYPE]",
	.summary = "validate an app_manifest.json",
	.options =
		"  --board FILE           hardware.json, for names such as \"$LED1\"\n"
		"  --type TYPE            app (default) or system-app\n",
	.run = run,
};
