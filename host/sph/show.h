/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what an image package holds.  Anyone may have made it. */
#ifndef SPH_SHOW_H
#define SPH_SHOW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "abi/image.h"

struct shown_image {
	const uint8_t *bytes;
	size_t length;
	struct image_metadata metadata;
	const char *signature;	/* "valid", "wrong" or "not checked" */
};

/* Checks length and metadata.  Returns 0 or the negative of an E_IMAGE_*. */
int show_parse(const uint8_t *bytes, size_t length, struct shown_image *image);

enum show_flags {
	SHOW_JSON = 1 << 0,	/* one JSON object instead of text */
	SHOW_RAM = 1 << 1,	/* with what each regular file costs in RAM: ram.h */
	SHOW_FLAGS_END = 1 << 2,	/* all sets of flags are below this */
};

/*
 * Prints the metadata and all files; @flags is a set of enum show_flags.  Returns 0 or
 * -E_IMAGE_FILESYSTEM (output has ended early).
 */
int show_print(const struct shown_image *image, unsigned int flags, FILE *out);

#endif
