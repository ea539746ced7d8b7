// SPDX-License-Identifier: Apache-2.0
/* Reads hardware.json. */
#include "host/sph/board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/json.h"
#include "host/sph/file.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_TOKENS 4096
#define MAX_DEPTH 3
#define MAX_CHIP 7 /* ids end at 255 */

struct reader {
	const char *path;
	struct json_document document;
	struct board *board;
	struct peripheral *peripheral;
	struct complaint *complaint;
};

struct member {
	const char *name;
	jsmntype_t type;
	bool required;
	/* Returns the broken rule or NULL. */
	const char *(*read)(struct reader *r, unsigned int token);
};

static int fail_at(struct reader *r, size_t offset, const char *field,
		   const char *rule)
{
	unsigned int line, column;

	json_locate(r->document.text, offset, &line, &column);
	return complain(r->complaint, E_PACK_BOARD, "%s:%u:%u: %s%s%s", r->path,
			line, column, field, *field ? ": " : "", rule);
}

static int fail(struct reader *r, unsigned int token, const char *field,
		const char *rule)
{
	return fail_at(r, (size_t)r->document.tokens[token].start, field, rule);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Names become parts of C macros and of "$NAME". */
static const char *read_identifier(struct reader *r, unsigned int token,
				   char *buffer, size_t size)
{
	const char *p = buffer;

	if (json_copy_string(&r->document, token, buffer, size) >= size)
		return "is too long";
	if (!is_letter(*p))
		return "must begin with a letter";
	for (; *p; p++) {
		if (!is_letter(*p) && !strchr("0123456789_-", *p))
			return "must have only letters, digits, \"_\" and"
			       " \"-\"";
	}
	return NULL;
}

static const char *read_board_name(struct reader *r, unsigned int token)
{
	return read_identifier(r, token, r->board->name,
			       sizeof(r->board->name));
}

static const char *read_name(struct reader *r, unsigned int token)
{
	struct peripheral *new = r->peripheral;
	const char *rule =
		read_identifier(r, token, new->name, sizeof(new->name));

	if (!rule && board_find_name(r->board, new->name, strlen(new->name)))
		return "must not be the name of two peripherals";
	return rule;
}

static const char *read_type(struct reader *r, unsigned int token)
{
	return json_equals(&r->document, token, "Gpio") ? NULL :
							  "must be \"Gpio\"";
}

static const char *read_device(struct reader *r, unsigned int token)
{
	char text[16];
	size_t length =
		json_copy_string(&r->document, token, text, sizeof(text));

	if (length != 9 || memcmp(text, "gpiochip", 8) || text[8] < '0' ||
	    text[8] > '0' + MAX_CHIP)
		return "must be \"gpiochip0\" to \"gpiochip7\"";
	r->peripheral->chip = text[8] - '0';
	return NULL;
}

static const char *read_line(struct reader *r, unsigned int token)
{
	int64_t line;

	if (json_get_integer(&r->document, token, 0, BOARD_LINES_PER_CHIP - 1,
			     &line))
		return "must be a whole number, 0 to 31";
	r->peripheral->line = (int)line;
	return NULL;
}

static const char *read_owner(struct reader *r, unsigned int token)
{
	r->peripheral->is_system = true;
	return json_equals(&r->document, token, "System") ?
		       NULL :
		       "must be \"System\"";
}

static const char *read_comment(struct reader *r, unsigned int token)
{
	char *comment = r->peripheral->comment;

	if (json_copy_string(&r->document, token, comment,
			     sizeof(r->peripheral->comment)) >=
	    sizeof(r->peripheral->comment))
		return "must be shorter than 128 bytes";
	if (!json_is_printable(&r->document, token) || strstr(comment, "*/"))
		return "must not contain control characters or \"*/\"";
	return NULL;
}

/* Looked into afterwards, by read_peripherals(). */
static const char *skip(struct reader *r, unsigned int token)
{
	(void)r;
	(void)token;
	return NULL;
}

static const struct member board_members[] = {
	{ "Board", JSMN_STRING, true, read_board_name },
	{ "Peripherals", JSMN_ARRAY, true, skip },
};

static const struct member peripheral_members[] = {
	{ "Name", JSMN_STRING, true, read_name },
	{ "Type", JSMN_STRING, true, read_type },
	{ "Device", JSMN_STRING, true, read_device },
	{ "Line", JSMN_PRIMITIVE, true, read_line },
	{ "Owner", JSMN_STRING, false, read_owner },
	{ "Comment", JSMN_STRING, false, read_comment },
};

static int read_object(struct reader *r, unsigned int object,
		       const struct member *members, size_t count)
{
	const struct json_document *d = &r->document;
	unsigned int key;
	size_t i;

	for (key = object + 1; json_is_inside(d, key, object);
	     key = json_next(d, key + 1)) {
		const char *rule;

		for (i = 0; i < count; i++) {
			if (json_equals(d, key, members[i].name))
				break;
		}
		if (i == count)
			return fail(r, key, "",
				    "there is no field of this name");
		if (d->tokens[key + 1].type != members[i].type)
			return fail(r, key + 1, members[i].name,
				    "the value is of the wrong type");
		rule = members[i].read(r, key + 1);
		if (rule)
			return fail(r, key + 1, members[i].name, rule);
	}
	for (i = 0; i < count; i++) {
		if (members[i].required &&
		    !json_find(d, object, members[i].name))
			return fail(r, object, members[i].name,
				    "this field is required");
	}
	return 0;
}

static int read_peripherals(struct reader *r, unsigned int array)
{
	const struct json_document *d = &r->document;
	unsigned int e;
	int result;

	for (e = array + 1; json_is_inside(d, e, array); e = json_next(d, e)) {
		struct peripheral *new;

		if (d->tokens[e].type != JSMN_OBJECT)
			return fail(r, e, "Peripherals",
				    "must be an array of objects");
		if (r->board->count == BOARD_MAX_PERIPHERALS)
			return fail(r, e, "Peripherals",
				    "must have at most 256 entries");
		new = &r->board->peripherals[r->board->count];
		r->peripheral = new;
		result = read_object(r, e, peripheral_members,
				     ARRAY_SIZE(peripheral_members));
		if (result)
			return result;
		if (board_find_id(r->board, board_peripheral_id(new)))
			return fail(r, e, new->name,
				    "must not be a line that has a name"
				    " already");
		r->board->count++;
	}
	return 0;
}

int board_parse(const char *path, const char *text, size_t length,
		struct board *board, struct complaint *complaint)
{
	static jsmntok_t tokens[MAX_TOKENS];
	struct reader r = {
		.path = path,
		.document.text = text,
		.board = board,
		.complaint = complaint,
	};
	struct json_error error;
	int result;

	memset(board, 0, sizeof(*board));
	if (json_parse(text, length, MAX_DEPTH, tokens, MAX_TOKENS, &r.document,
		       &error))
		return fail_at(&r, error.offset, "", error.rule);
	result = read_object(&r, 0, board_members, ARRAY_SIZE(board_members));
	if (result)
		return result;
	return read_peripherals(&r, json_find(&r.document, 0, "Peripherals"));
}

int board_load(const char *path, struct board *board,
	       struct complaint *complaint)
{
	struct bytes text;
	int result = file_read(path, BOARD_MAX_BYTES, &text, complaint);

	if (result)
		return result;
	result = board_parse(path, (const char *)text.data, text.length, board,
			     complaint);
	free(text.data);
	return result;
}

int board_peripheral_id(const struct peripheral *peripheral)
{
	return BOARD_LINES_PER_CHIP * peripheral->chip + peripheral->line;
}

const struct peripheral *board_find_name(const struct board *board,
					 const char *name, size_t length)
{
	unsigned int i;

	for (i = 0; i < board->count; i++) {
		const struct peripheral *p = &board->peripherals[i];

		if (strlen(p->name) == length && !memcmp(p->name, name, length))
			return p;
	}
	return NULL;
}

const struct peripheral *board_find_id(const struct board *board, int id)
{
	unsigned int i;

	for (i = 0; i < board->count; i++) {
		if (board_peripheral_id(&board->peripherals[i]) == id)
			return &board->peripherals[i];
	}
	return NULL;
}

int board_resolve_gpio(void *board, const char *name, size_t length)
{
	const struct peripheral *p = board_find_name(board, name, length);

	if (!p)
		return -ENOENT;
	return p->is_system ? -EPERM : board_peripheral_id(p);
}
