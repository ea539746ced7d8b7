// SPDX-License-Identifier: Apache-2.0
/*
 * For schema_test.py: reads manifests, each behind its length (4 bytes, little-endian), and prints
 * for each the number of its error, 0 for none: as an OEM's app, then as a system app.  The board
 * has everything.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi/manifest.h"

static int resolve(void *context, enum manifest_peripheral kind,
		   const char *name, size_t name_length)
{
	(void)context;
	(void)kind;
	/* As names in hardware.json begin. */
	if (name_length == 0 || (name[0] | 0x20) < 'a' ||
	    (name[0] | 0x20) > 'z')
		return -ENOENT;
	return (int)(100 + name_length);
}

static int check_id(void *context, enum manifest_peripheral kind,
		    unsigned int id)
{
	(void)context;
	(void)kind;
	(void)id;
	return 0;
}

static int judge(const char *text, size_t length, bool is_system)
{
	static const struct manifest_board board = { NULL, resolve, check_id };
	const struct manifest_rules rules = { is_system, &board };
	static struct manifest manifest;
	struct manifest_error error;

	return -manifest_parse(text, length, &rules, &manifest, &error);
}

int main(void)
{
	uint8_t head[4];

	while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
		size_t length = head[0] | (size_t)head[1] << 8 |
				(size_t)head[2] << 16;
		char *text = malloc(length ? length : 1);

		if (!text || fread(text, 1, length, stdin) != length)
			return 1;
		printf("%d %d\n", judge(text, length, false),
		       judge(text, length, true));
		free(text);
	}
	return 0;
}
