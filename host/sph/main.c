// SPDX-License-Identifier: Apache-2.0
/*
 * sph, the host command of Spherule: one program for all that a developer does from the keyboard.
 * Each subcommand is a file; this one has the table of them.
 *
 * Exit status: 0, 1 after an error (one line on standard error), 2 after wrong arguments.
 */
#include <stdio.h>
#include <string.h>

#include "host/sph/command.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum exit_status {
	EXIT_OK = 0,
	EXIT_ERROR = 1,
	EXIT_USAGE = 2,
};

static const struct command *const commands[] = {
	&command_app_new,
	&command_app_build,
	&command_app_check,
	&command_image_pack,
	&command_image_show,
	&command_manifest_check,
	&command_board_header,
	&command_os_sign,
	&command_os_image,
	&command_trust_sign,
	&command_trust_show,
	&command_order_claim,
	&command_order_transfer,
	&command_order_capabilities,
	&command_attestation_verify,
};

static void print_usage(FILE *out)
{
	size_t i;

	fprintf(out, "usage: sph COMMAND [ARGUMENTS]\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-11s %-12s  %s\n", commands[i]->noun,
			commands[i]->verb, commands[i]->summary);
	fprintf(out, "\nsph COMMAND --help explains one; sph(1) all.\n");
}

static void print_help(const struct command *command, FILE *out)
{
	fprintf(out, "usage: sph %s %s %s\n\n%s\n\n%s", command->noun,
		command->verb, command->synopsis, command->summary,
		command->options);
}

static const struct command *find_command(const char *noun, const char *verb)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i]->noun, noun) &&
		    !strcmp(commands[i]->verb, verb))
			return commands[i];
	}
	return NULL;
}

static int has_help_option(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--help"))
			return 1;
	}
	return 0;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	static struct complaint complaint;
	int result;

	if (has_help_option(argc, argv)) {
		print_help(command, stdout);
		return EXIT_OK;
	}
	result = command->run(argc, argv, &complaint);
	if (result == 0)
		return EXIT_OK;
	if (result == COMMAND_USAGE) {
		print_help(command, stderr);
		return EXIT_USAGE;
	}
	complaint_print(&complaint);
	return EXIT_ERROR;
}

int main(int argc, char **argv)
{
	const struct command *command = NULL;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		print_usage(stdout);
		return EXIT_OK;
	}
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("sph %s\n", SPH_VERSION);
		return EXIT_OK;
	}
	if (argc >= 3)
		command = find_command(argv[1], argv[2]);
	if (!command) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	return run_command(command, argc - 2, argv + 2);
}
