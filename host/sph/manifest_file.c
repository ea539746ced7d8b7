// SPDX-License-Identifier: Apache-2.0
/* Validates a manifest against a board, and replaces names by numbers. */
#include "host/sph/manifest_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/json.h"

static int check_gpios(const char *path, const struct board *board,
		       const struct manifest *manifest,
		       struct complaint *complaint)
{
	unsigned int i;

	for (i = 0; i < manifest->gpio_count; i++) {
		const struct peripheral *p =
			board_find_id(board, manifest->gpios[i]);

		if (!p)
			return complain(complaint, E_MANIFEST_PERIPHERAL,
					"%s: Capabilities.Gpio[%u]: must be a"
					" GPIO of the board",
					path, i);
		if (p->is_system)
			return complain(
				complaint, E_MANIFEST_PERIPHERAL,
				"%s: Capabilities.Gpio[%u]: must not be"
				" a GPIO that belongs to the system: %s",
				path, i, p->name);
	}
	return 0;
}

static int resolve_nothing(void *context, const char *name, size_t length)
{
	(void)context;
	(void)name;
	(void)length;
	return -ENOENT;
}

int manifest_file_check(const char *path, const char *text, size_t length,
			const struct board *board, struct manifest *manifest,
			struct complaint *complaint)
{
	struct manifest_error e;
	const char *hint = "";

	if (!manifest_parse(text, length,
			    board ? board_resolve_gpio : resolve_nothing,
			    (void *)board, manifest, &e))
		return board ? check_gpios(path, board, manifest, complaint) :
			       0;
	if (!board && e.number == E_MANIFEST_PERIPHERAL)
		hint = " (name the board with --board)";
	return complain(complaint, e.number, "%s:%u:%u: %s%s%s%s", path, e.line,
			e.column, e.field, *e.field ? ": " : "", e.rule, hint);
}

/* Copies @array's text with its names replaced; returns the end of the output. */
static char *resolve_array(const struct json_document *document,
			   unsigned int array, const struct board *board,
			   const char **from, char *out)
{
	unsigned int e;

	for (e = array + 1; json_is_inside(document, e, array);
	     e = json_next(document, e)) {
		const char *start = document->text + document->tokens[e].start;
		char name[64];
		size_t plain;

		if (document->tokens[e].type != JSMN_STRING)
			continue;
		json_copy_string(document, e, name, sizeof(name));
		plain = (size_t)(start - 1 - *from);
		memcpy(out, *from, plain);
		out += plain;
		/* At most 3 digits and NUL: never longer than the quotes and the name. */
		out += snprintf(out, sizeof("255"), "%d",
				board_resolve_gpio((void *)board, name + 1,
						   strlen(name + 1)));
		*from = document->text + document->tokens[e].end + 1;
	}
	return out;
}

int manifest_file_resolve(const char *text, size_t length,
			  const struct board *board, struct bytes *resolved,
			  struct complaint *complaint)
{
	static jsmntok_t tokens[MANIFEST_MAX_TOKENS];
	struct json_document document;
	struct json_error error;
	struct manifest manifest;
	struct manifest_error manifest_error;
	const char *from = text;
	unsigned int gpio = 0;
	char *start = malloc(length + 1);
	char *out = start;

	if (!start)
		return complain(complaint, E_PACK_IO, "out of memory");
	if (!json_parse(text, length, MANIFEST_MAX_DEPTH, tokens,
			MANIFEST_MAX_TOKENS, &document, &error))
		gpio = json_find(&document,
				 json_find(&document, 0, "Capabilities"),
				 "Gpio");
	if (gpio && board)
		out = resolve_array(&document, gpio, board, &from, out);
	memcpy(out, from, length - (size_t)(from - text));
	out += length - (size_t)(from - text);
	*resolved = (struct bytes){ (uint8_t *)start, (size_t)(out - start) };
	/* What is packed must be what the device accepts. */
	if (manifest_parse(start, resolved->length, NULL, NULL, &manifest,
			   &manifest_error))
		return complain(complaint, manifest_error.number,
				"%s as packed: %s: %s", MANIFEST_FILE,
				manifest_error.field, manifest_error.rule);
	return 0;
}
