// SPDX-License-Identifier: Apache-2.0
/* The validator of app_manifest.json: walks through the text by the table of fields. */
#include "abi/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "abi/array.h"
#include "abi/manifest_fields.h"
#include "abi/sparse.h"

/* Makes field names from outside fit to be printed: they may hold anything. */
static void make_printable(char *text)
{
	for (; *text; text++) {
		if ((uint8_t)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

static int fail_at(struct manifest_parser *p, int number, size_t offset)
{
	struct manifest_error *error = p->error;

	error->number = number;
	json_locate(p->document.text, offset, &error->line, &error->column);
	make_printable(error->field);
	return -number;
}

static int fail_token(struct manifest_parser *p, int number, unsigned int token)
{
	const jsmntok_t *t = &p->document.tokens[token];

	return fail_at(p, number, (size_t)t->start - (t->type == JSMN_STRING));
}

static void set_rule(struct manifest_parser *p, const char *rule)
{
	snprintf(p->error->rule, sizeof(p->error->rule), "%s", rule);
}

int manifest_fail(struct manifest_parser *p, int number, unsigned int token,
		  const char *rule)
{
	set_rule(p, rule);
	return fail_token(p, number, token);
}

int manifest_fail_range(struct manifest_parser *p, unsigned int token,
			const char *what, unsigned int min, unsigned int max)
{
	struct manifest_error *error = p->error;

	if (min == max)
		snprintf(error->rule, sizeof(error->rule), "%s %u", what, min);
	else
		snprintf(error->rule, sizeof(error->rule), "%s %u to %u", what,
			 min, max);
	return fail_token(p, E_MANIFEST_RANGE, token);
}

static void set_field(struct manifest_parser *p, const char *name)
{
	snprintf(p->error->field, sizeof(p->error->field), "%s%s", p->prefix,
		 name);
}

static void set_element(struct manifest_parser *p, const char *name,
			unsigned int index)
{
	snprintf(p->error->field, sizeof(p->error->field), "%s%s[%u]",
		 p->prefix, name, index);
}

static int parse_integer(struct manifest_parser *p,
			 const struct manifest_field *field, unsigned int token)
{
	int64_t value;
	int result = json_get_integer(&p->document, token, field->min,
				      field->max, &value);

	if (result == -EINVAL)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a whole number");
	if (result)
		return manifest_fail_range(p, token, "must be", field->min,
					   field->max);
	*(unsigned int *)manifest_place(p, field->offset) = (unsigned int)value;
	return 0;
}

static int parse_flag(struct manifest_parser *p,
		      const struct manifest_field *field, unsigned int token)
{
	/* What begins so is nothing else: the grammar was checked. */
	char first = p->document.text[p->document.tokens[token].start];

	if (p->document.tokens[token].type != JSMN_PRIMITIVE ||
	    (first != 't' && first != 'f'))
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be true or false");
	if (first == 't')
		*(uint32_t *)manifest_place(p, field->offset) |= field->max;
	return 0;
}

static int parse_choice(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	int choice = manifest_get_choice(p, field, token);

	if (choice < 0)
		return choice;
	*(uint8_t *)manifest_place(p, field->offset) = (uint8_t)choice;
	return 0;
}

static int parse_string(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	if (p->document.tokens[token].type != JSMN_STRING)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a string");
	return field->value(p, field, token);
}

static int parse_list(struct manifest_parser *p,
		      const struct manifest_field *field, unsigned int array)
{
	static const char list_rule[] = "the number of entries must be";
	unsigned int count = 0, e;
	int result;

	if (p->document.tokens[array].type != JSMN_ARRAY)
		return manifest_fail(p, E_MANIFEST_TYPE, array,
				     "must be an array");
	for (e = array + 1; json_is_inside(&p->document, e, array);
	     e = json_next(&p->document, e)) {
		set_element(p, field->name, count);
		if (count == field->max)
			return manifest_fail_range(p, e, list_rule, field->min,
						   field->max);
		result = field->element(p, field, e, count);
		if (result)
			return result;
		count++;
		if (field->count_offset)
			*(unsigned int *)manifest_place(
				p, field->count_offset) = count;
	}
	if (count < field->min)
		return manifest_fail_range(p, array, list_rule, field->min,
					   field->max);
	return 0;
}

/* Here only the type; parse_text() finds the object again when it is its turn. */
static int parse_object(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	(void)field;
	if (p->document.tokens[token].type != JSMN_OBJECT)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be an object");
	return 0;
}

static int refuse_absent(struct manifest_parser *p,
			 const struct manifest_field *field, unsigned int token)
{
	return manifest_fail(p, E_MANIFEST_UNSUPPORTED, token, field->rule);
}

static int (*const parsers[])(struct manifest_parser *p,
			      const struct manifest_field *field,
			      unsigned int token) = {
	[FIELD_INTEGER] = parse_integer, [FIELD_FLAG] = parse_flag,
	[FIELD_CHOICE] = parse_choice,	 [FIELD_STRING] = parse_string,
	[FIELD_LIST] = parse_list,	 [FIELD_OBJECT] = parse_object,
	[FIELD_ABSENT] = refuse_absent,
};

static int parse_member(struct manifest_parser *p, unsigned int key,
			const struct manifest_object *object)
{
	char name[sizeof(p->error->field)];
	size_t i;

	for (i = 0; i < object->count; i++) {
		const struct manifest_field *field = &object->fields[i];

		if (!json_equals(&p->document, key, field->name))
			continue;
		set_field(p, field->name);
		if (field->flags & FIELD_SYSTEM && !p->rules->is_system)
			return manifest_fail(
				p, E_MANIFEST_SYSTEM, key,
				"is for apps that are signed with a key of the OS");
		return parsers[field->type](p, field, key + 1);
	}
	json_copy_string(&p->document, key, name, sizeof(name));
	set_field(p, name);
	return manifest_fail(p, E_MANIFEST_UNKNOWN, key, object->unknown);
}

/* What is wrong with a field can also be that it is not there, or that another one is not. */
static int check_members(struct manifest_parser *p, unsigned int token,
			 const struct manifest_object *object)
{
	uint32_t flags = p->manifest->flags;
	size_t i;

	for (i = 0; i < object->count; i++) {
		const struct manifest_field *field = &object->fields[i];

		set_field(p, field->name);
		if (field->flags & FIELD_REQUIRED &&
		    !json_find(&p->document, token, field->name))
			return manifest_fail(p, E_MANIFEST_MISSING, token,
					     "this field is required");
		if (field->needs && flags & field->max &&
		    !(flags & field->needs))
			return manifest_fail(p, E_MANIFEST_CONFLICT,
					     json_find(&p->document, token,
						       field->name),
					     field->rule);
	}
	return 0;
}

static int parse_members(struct manifest_parser *p, unsigned int token,
			 const struct manifest_object *object)
{
	unsigned int key;
	int result;

	p->prefix = object->prefix;
	for (key = token + 1; json_is_inside(&p->document, key, token);
	     key = json_next(&p->document, key + 1)) {
		result = parse_member(p, key, object);
		if (result)
			return result;
	}
	return check_members(p, token, object);
}

/* The token of an inner object, whose type was checked with its outer one; 0: it is not there. */
static unsigned int find_object(const struct manifest_parser *p,
				const struct manifest_object *object)
{
	const char *name = object->prefix;
	unsigned int token = 0;

	while (*name) {
		size_t length = strcspn(name, ".");
		char key[sizeof("MutableStorage")];

		memcpy(key, name, length);
		key[length] = '\0';
		token = json_find(&p->document, token, key);
		if (!token)
			return 0;
		name += length + 1;
	}
	return token;
}

static int parse_json(struct manifest_parser *p, const char *text,
		      size_t length)
{
	static SPARSE jsmntok_t tokens[MANIFEST_MAX_TOKENS];
	static const int numbers[] = {
		[JSON_SYNTAX] = E_MANIFEST_SYNTAX,
		[JSON_ENCODING] = E_MANIFEST_ENCODING,
		[JSON_COMPLEX] = E_MANIFEST_COMPLEX,
		[JSON_DUPLICATE] = E_MANIFEST_DUPLICATE,
		[JSON_NOT_OBJECT] = E_MANIFEST_TYPE,
	};
	struct json_error error;

	p->document.text = text;
	if (length == 0 || length > MANIFEST_MAX_BYTES) {
		set_rule(p, "must be 1 to 8192 bytes long");
		return fail_at(p, E_MANIFEST_SIZE, 0);
	}
	if (json_parse(text, length, MANIFEST_MAX_DEPTH, tokens,
		       ARRAY_SIZE(tokens), &p->document, &error)) {
		set_rule(p, error.rule);
		return fail_at(p, numbers[error.fault], error.offset);
	}
	return 0;
}

static void set_defaults(struct manifest_parser *p)
{
	const size_t counted = offsetof(struct manifest, schema_version);
	size_t i, k;

	memset((char *)p->manifest + counted, 0,
	       sizeof(*p->manifest) - counted);
	memset(p->error, 0, sizeof(*p->error));
	for (i = 0; i < ARRAY_SIZE(manifest_objects); i++) {
		for (k = 0; k < manifest_objects[i].count; k++) {
			const struct manifest_field *field =
				&manifest_objects[i].fields[k];

			if (field->type == FIELD_INTEGER)
				*(unsigned int *)manifest_place(
					p, field->offset) = field->standard;
		}
	}
}

int manifest_parse(const char *text, size_t length,
		   const struct manifest_rules *rules,
		   struct manifest *manifest, struct manifest_error *error)
{
	struct manifest_parser p = {
		.prefix = "",
		.rules = rules,
		.manifest = manifest,
		.error = error,
	};
	int result;
	size_t i;

	set_defaults(&p);
	result = parse_json(&p, text, length);
	for (i = 0; i < ARRAY_SIZE(manifest_objects) && !result; i++) {
		unsigned int token = find_object(&p, &manifest_objects[i]);

		if (i == 0 || token)
			result = parse_members(&p, token, &manifest_objects[i]);
	}
	if (!result)
		memset(error, 0, sizeof(*error));
	return result;
}
