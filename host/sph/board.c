// SPDX-License-Identifier: Apache-2.0
/* Reads hardware.json. */
#include "host/sph/board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/array.h"
#include "abi/json.h"
#include "host/sph/file.h"

#define MAX_TOKENS 4096
#define MAX_DEPTH 3
#define NO_LINE (-1)

struct reader {
	const char *path;
	struct json_document document;
	struct board *board;
	struct peripheral *peripheral;
	char device[32]; /* of this peripheral */
	int line; /* NO_LINE: it has none */
	struct complaint *complaint;
};

/* How the kernel calls the devices of a kind; ids end at 255. */
static const struct device_form {
	const char *type;
	enum manifest_peripheral kind;
	const char *prefix;
	int max; /* the number behind the prefix */
} forms[] = {
	{ "Gpio", MANIFEST_GPIO, "gpiochip", 7 },
	{ "Uart", MANIFEST_UART, "ttyAMA", 99 },
	{ "Uart", MANIFEST_UART, "ttyS", 99 },
	{ "I2cMaster", MANIFEST_I2C_MASTER, "i2c-", 99 },
	{ "SpiMaster", MANIFEST_SPI_MASTER, "spidev", 99 },
	{ "Pwm", MANIFEST_PWM, "pwmchip", 99 },
	{ "Adc", MANIFEST_ADC, "iio:device", 99 },
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
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!json_equals(&r->document, token, forms[i].type))
			continue;
		r->peripheral->kind = forms[i].kind;
		return NULL;
	}
	return "must be \"Gpio\", \"Uart\", \"I2cMaster\", \"SpiMaster\","
	       " \"Pwm\" or \"Adc\"";
}

/* What it means depends on Type, which may stand behind it: see identify(). */
static const char *read_device(struct reader *r, unsigned int token)
{
	if (json_copy_string(&r->document, token, r->device,
			     sizeof(r->device)) >= sizeof(r->device))
		return "is too long";
	return NULL;
}

static const char *read_line(struct reader *r, unsigned int token)
{
	int64_t line;

	if (json_get_integer(&r->document, token, 0, BOARD_LINES_PER_CHIP - 1,
			     &line))
		return "must be a whole number, 0 to 31";
	r->line = (int)line;
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
	{ "Line", JSMN_PRIMITIVE, false, read_line },
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

/* One or two decimal digits in their only form, or -1. */
static int get_number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	if (length < 1 || length > 2 || text[length] ||
	    (length == 2 && text[0] == '0'))
		return -1;
	return length == 1 ? text[0] - '0' :
			     10 * (text[0] - '0') + text[1] - '0';
}

/* Makes the id of a peripheral whose members were read. */
static int identify(struct reader *r, unsigned int object)
{
	struct peripheral *new = r->peripheral;
	bool is_gpio = new->kind == MANIFEST_GPIO;
	int number = -1;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms) && number < 0; i++) {
		size_t length = strlen(forms[i].prefix);

		if (forms[i].kind != new->kind ||
		    strncmp(r->device, forms[i].prefix, length))
			continue;
		number = get_number(r->device + length);
		if (number > forms[i].max)
			number = -1;
	}
	if (number < 0)
		return fail(r, object, "Device",
			    is_gpio ? "must be \"gpiochip0\" to \"gpiochip7\"" :
				      "must be the kernel's name of a device of"
				      " this type, such as \"ttyAMA0\"");
	if (is_gpio && r->line == NO_LINE)
		return fail(r, object, "Line", "this field is required");
	if (!is_gpio && r->line != NO_LINE)
		return fail(r, object, "Line", "only a Gpio has lines");
	new->id = is_gpio ? BOARD_LINES_PER_CHIP *number + r->line : number;
	if (board_find_id(r->board, new->kind, (unsigned int)new->id))
		return fail(r, object, new->name,
			    "must not be a peripheral that has a name already");
	return 0;
}

static int read_peripherals(struct reader *r, unsigned int array)
{
	const struct json_document *d = &r->document;
	unsigned int e;
	int result;

	for (e = array + 1; json_is_inside(d, e, array); e = json_next(d, e)) {
		if (d->tokens[e].type != JSMN_OBJECT)
			return fail(r, e, "Peripherals",
				    "must be an array of objects");
		if (r->board->count == BOARD_MAX_PERIPHERALS)
			return fail(r, e, "Peripherals",
				    "must have at most 256 entries");
		r->peripheral = &r->board->peripherals[r->board->count];
		r->line = NO_LINE;
		result = read_object(r, e, peripheral_members,
				     ARRAY_SIZE(peripheral_members));
		if (!result)
			result = identify(r, e);
		if (result)
			return result;
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

const char *board_kind_name(enum manifest_peripheral kind)
{
	size_t i = 0;

	while (forms[i].kind != kind)
		i++;
	return forms[i].type;
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

const struct peripheral *board_find_id(const struct board *board,
				       enum manifest_peripheral kind,
				       unsigned int id)
{
	unsigned int i;

	for (i = 0; i < board->count; i++) {
		const struct peripheral *p = &board->peripherals[i];

		if (p->kind == kind && p->id == (int)id)
			return p;
	}
	return NULL;
}

int board_resolve(const struct board *board, enum manifest_peripheral kind,
		  const char *name, size_t length)
{
	const struct peripheral *p = board_find_name(board, name, length);

	if (!p || p->kind != kind)
		return -ENOENT;
	return p->is_system ? -EPERM : p->id;
}

int board_check(const struct board *board, enum manifest_peripheral kind,
		unsigned int id)
{
	const struct peripheral *p = board_find_id(board, kind, id);

	if (!p)
		return -ENOENT;
	return p->is_system ? -EPERM : 0;
}

const char *board_list(const struct board *board, enum manifest_peripheral kind,
		       char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "none");
	bool is_first = true;
	unsigned int i;

	for (i = 0; i < board->count && used < size; i++) {
		const struct peripheral *p = &board->peripherals[i];

		if (p->kind != kind || p->is_system)
			continue;
		if (is_first)
			used = 0;
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 is_first ? "" : ", ", p->name);
		is_first = false;
	}
	return text;
}
