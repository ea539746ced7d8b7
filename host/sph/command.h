/* SPDX-License-Identifier: Apache-2.0 */
/* One subcommand of sph: its file defines the struct, main.c lists it. */
#ifndef SPH_COMMAND_H
#define SPH_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "host/sph/complaint.h"

struct command {
	const char *noun, *verb;	/* sph NOUN VERB ... */
	const char *synopsis;	/* what follows them */
	const char *summary;	/* one line */
	const char *options;	/* one line each, as printed */
	/*
	 * argv[0] is the verb.  Returns 0, COMMAND_USAGE, or the negative of a number of errors.h
	 * that is in @complaint.
	 */
	int (*run)(int argc, char **argv, struct complaint *complaint);
};

#define COMMAND_USAGE	(-1)	/* wrong arguments; getopt has said which */

/* The value of an option: decimal digits alone, up to 32 bits.  Returns 0 or COMMAND_USAGE. */
int command_parse_u32(const char *text, uint32_t *value);

/* Exactly @count bytes as hexadecimal digits.  Returns 0 or COMMAND_USAGE. */
int command_parse_hex(const char *text, uint8_t *bytes, size_t count);

extern const struct command command_app_new;
extern const struct command command_app_build;
extern const struct command command_app_check;
extern const struct command command_image_pack;
extern const struct command command_image_show;
extern const struct command command_manifest_check;
extern const struct command command_board_header;
extern const struct command command_os_sign;
extern const struct command command_os_image;
extern const struct command command_trust_sign;
extern const struct command command_trust_show;
extern const struct command command_order_claim;
extern const struct command command_order_transfer;
extern const struct command command_order_capabilities;
extern const struct command command_attestation_verify;

#endif
