// SPDX-License-Identifier: Apache-2.0
/* sph board header: a board's peripherals as C macros for apps. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/sph/board.h"
#include "host/sph/command.h"
#include "host/sph/file.h"

/* "qemu-virt" to "QEMU_VIRT"; not toupper(), which depends on the locale. */
static void put_macro_name(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text >= 'a' && *text <= 'z')
			fputc(*text - 'a' + 'A', out);
		else
			fputc(*text == '-' ? '_' : *text, out);
	}
}

static void put_header(FILE *out, const struct board *board)
{
	unsigned int i;

	fprintf(out, "/* SPDX-License-Identifier: MIT */\n");
	fprintf(out,
		"/* The peripherals of the board \"%s\", made by sph board header. */\n",
		board->name);
	fprintf(out, "#pragma once\n\n");
	for (i = 0; i < board->count; i++) {
		const struct peripheral *p = &board->peripherals[i];

		if (p->is_system)
			continue;
		if (*p->comment)
			fprintf(out, "/* %s */\n", p->comment);
		fprintf(out, "#define ");
		put_macro_name(out, board->name);
		fputc('_', out);
		put_macro_name(out, p->name);
		fprintf(out, " %d\n", p->id);
	}
}

static int make_header(const char *path, const char *output,
		       struct complaint *complaint)
{
	static struct board board;
	char *text = NULL;
	size_t length = 0;
	FILE *out;
	int result = board_load(path, &board, complaint);

	if (result)
		return result;
	out = open_memstream(&text, &length);
	if (!out)
		return complain(complaint, E_PACK_IO, "out of memory");
	put_header(out, &board);
	fclose(out);
	result = file_write(output, text, length, complaint);
	free(text);
	return result;
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	const char *output = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) !=
	       -1) {
		if (option != 'o')
			return COMMAND_USAGE;
		output = optarg;
	}
	if (optind != argc - 1 || !output)
		return COMMAND_USAGE;
	return make_header(argv[optind], output, complaint);
}

const struct command command_board_header = {
	.noun = "board",
	.verb = "header",
	.synopsis = "hardware.json -o FILE.h",
	.summary = "make a C header with the names of a board's peripherals",
	.options = "  -o, --output FILE      the header to write\n",
	.run = run,
};
