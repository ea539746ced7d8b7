// SPDX-License-Identifier: Apache-2.0
/* Validates a manifest against a board, and replaces names by numbers. */
#include "host/sph/manifest_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/json.h"

/* The board, and what of it was asked for last. */
struct asked {
	const struct board *board;
	enum manifest_peripheral kind;
};

static int resolve_name(void *context, enum manifest_peripheral kind,
			const char *name, size_t length)
{
	struct asked *asked = context;

	asked->kind = kind;
	return board_resolve(asked->board, kind, name, length);
}

static int check_id(void *context, enum manifest_peripheral kind,
		    unsigned int id)
{
	struct asked *asked = context;

	asked->kind = kind;
	return board_check(asked->board, kind, id);
}

/* What to take instead. */
static void put_hint(const struct asked *asked, char *hint, size_t size)
{
	char list[512];

	if (asked->board)
		snprintf(hint, size, " (%s has for apps, of %s: %s)",
			 asked->board->name, board_kind_name(asked->kind),
			 board_list(asked->board, asked->kind, list,
				    sizeof(list)));
	else
		snprintf(hint, size, " (name the board with --board)");
}

int manifest_file_check(const char *path, const char *text, size_t length,
			const struct board *board, bool is_system,
			struct manifest *manifest, struct complaint *complaint)
{
	struct asked asked = { .board = board };
	const struct manifest_board interface = { &asked, resolve_name,
						  check_id };
	const struct manifest_rules rules = {
		.is_system = is_system,
		.board = board ? &interface : NULL,
	};
	struct manifest_error e;
	char hint[640] = "";

	if (!manifest_parse(text, length, &rules, manifest, &e))
		return 0;
	if (e.number == E_MANIFEST_PERIPHERAL)
		put_hint(&asked, hint, sizeof(hint));
	return complain(complaint, e.number, "%s:%u:%u: %s%s%s%s", path, e.line,
			e.column, e.field, *e.field ? ": " : "", e.rule, hint);
}

/* Copying a text with the names of peripherals replaced. */
struct copy {
	const struct json_document *document;
	const struct board *board;
	const char *from; /* what of the text is not copied yet */
	char *out;
};

static void copy_until(struct copy *copy, const char *end)
{
	size_t length = (size_t)(end - copy->from);

	memcpy(copy->out, copy->from, length);
	copy->out += length;
	copy->from = end;
}

static void resolve_list(struct copy *copy, enum manifest_peripheral kind,
			 unsigned int array)
{
	const struct json_document *d = copy->document;
	unsigned int e;

	for (e = array + 1; json_is_inside(d, e, array); e = json_next(d, e)) {
		const jsmntok_t *token = &d->tokens[e];
		char name[64];

		if (token->type != JSMN_STRING)
			continue;
		json_copy_string(d, e, name, sizeof(name));
		copy_until(copy, d->text + token->start - 1);
		/* At most 3 digits and NUL: never longer than the quotes and the name. */
		copy->out += snprintf(copy->out, sizeof("255"), "%d",
				      board_resolve(copy->board, kind, name + 1,
						    strlen(name + 1)));
		copy->from = d->text + token->end + 1;
	}
}

/* Which kind of peripherals the key at @token asks for, or MANIFEST_PERIPHERAL_COUNT. */
static unsigned int find_kind(const struct json_document *document,
			      unsigned int token)
{
	unsigned int kind = 0;

	while (kind < MANIFEST_PERIPHERAL_COUNT &&
	       !json_equals(document, token, board_kind_name(kind)))
		kind++;
	return kind;
}

/* Members are looked at in the order of the text, so that it is copied from start to end. */
static void resolve_names(struct copy *copy)
{
	const struct json_document *d = copy->document;
	unsigned int object = json_find(d, 0, "Capabilities"), key;

	for (key = object + 1; json_is_inside(d, key, object);
	     key = json_next(d, key + 1)) {
		unsigned int kind = find_kind(d, key);

		if (kind < MANIFEST_PERIPHERAL_COUNT)
			resolve_list(copy, kind, key + 1);
	}
}

int manifest_file_resolve(const char *text, size_t length,
			  const struct board *board, bool is_system,
			  struct bytes *resolved, struct complaint *complaint)
{
	static jsmntok_t tokens[MANIFEST_MAX_TOKENS];
	const struct manifest_rules rules = { .is_system = is_system };
	struct json_document document;
	struct json_error error;
	struct manifest manifest;
	struct manifest_error manifest_error;
	char *start = malloc(length + 1);
	struct copy copy = { &document, board, text, start };

	if (!start)
		return complain(complaint, E_PACK_IO, "out of memory");
	if (board && !json_parse(text, length, MANIFEST_MAX_DEPTH, tokens,
				 MANIFEST_MAX_TOKENS, &document, &error))
		resolve_names(&copy);
	copy_until(&copy, text + length);
	*resolved =
		(struct bytes){ (uint8_t *)start, (size_t)(copy.out - start) };
	/* What is packed must be what the device accepts. */
	if (manifest_parse(start, resolved->length, &rules, &manifest,
			   &manifest_error))
		return complain(complaint, manifest_error.number,
				"%s as packed: %s: %s", MANIFEST_FILE,
				manifest_error.field, manifest_error.rule);
	return 0;
}
