// SPDX-License-Identifier: Apache-2.0
/* The validator of app_manifest.json.  Every rule is in manifest.md. */
#include "abi/manifest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/json.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct parser {
	struct json_document document;
	const char *prefix; /* of field paths: "" or "Capabilities." */
	unsigned int capabilities; /* token of the object */
	unsigned int storage; /* the same; 0: there is none */
	manifest_resolve_gpio resolve;
	void *context;
	struct manifest *manifest;
	struct manifest_error *error;
};

struct field {
	const char *name;
	jsmntype_t type;
	bool required;
	int (*parse)(struct parser *p, const struct field *field,
		     unsigned int token);
};

static const char *const type_rules[] = {
	[JSMN_OBJECT] = "must be an object",
	[JSMN_ARRAY] = "must be an array",
	[JSMN_STRING] = "must be a string",
	[JSMN_PRIMITIVE] = "must be a number",
};

/* Makes field names from outside fit to be printed: they may hold anything. */
static void make_printable(char *text)
{
	for (; *text; text++) {
		if ((uint8_t)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

static int fail_at(struct parser *p, int number, size_t offset,
		   const char *rule)
{
	struct manifest_error *error = p->error;

	error->number = number;
	json_locate(p->document.text, offset, &error->line, &error->column);
	snprintf(error->rule, sizeof(error->rule), "%s", rule);
	make_printable(error->field);
	return -number;
}

/* Refuses @token.  A string's position is that of its opening quote. */
static int fail(struct parser *p, int number, unsigned int token,
		const char *rule)
{
	const jsmntok_t *t = &p->document.tokens[token];

	return fail_at(p, number, (size_t)t->start - (t->type == JSMN_STRING),
		       rule);
}

static void set_field(struct parser *p, const char *name)
{
	snprintf(p->error->field, sizeof(p->error->field), "%s%s", p->prefix,
		 name);
}

static void set_element(struct parser *p, const char *name, unsigned int index)
{
	snprintf(p->error->field, sizeof(p->error->field), "%s%s[%u]",
		 p->prefix, name, index);
}

static int parse_schema_version(struct parser *p, const struct field *field,
				unsigned int token)
{
	int64_t version;
	int result = json_get_integer(&p->document, token,
				      MANIFEST_SCHEMA_VERSION,
				      MANIFEST_SCHEMA_VERSION, &version);

	(void)field;
	if (result == -EINVAL)
		return fail(p, E_MANIFEST_TYPE, token,
			    "must be a whole number");
	if (result)
		return fail(p, E_MANIFEST_RANGE, token, "must be 1");
	return 0;
}

static int parse_name(struct parser *p, const struct field *field,
		      unsigned int token)
{
	(void)field;
	if (json_equals(&p->document, token, ""))
		return fail(p, E_MANIFEST_RANGE, token, "must not be empty");
	if (!json_is_printable(&p->document, token))
		return fail(p, E_MANIFEST_RANGE, token,
			    "must not contain control characters");
	json_copy_string(&p->document, token, p->manifest->name,
			 sizeof(p->manifest->name));
	return 0;
}

static int parse_component_id(struct parser *p, const struct field *field,
			      unsigned int token)
{
	char text[IMAGE_UUID_TEXT_BYTES];
	size_t length =
		json_copy_string(&p->document, token, text, sizeof(text));

	(void)field;
	if (length != IMAGE_UUID_TEXT_BYTES - 1 ||
	    image_uuid_parse(text, length, p->manifest->component_id))
		return fail(p, E_MANIFEST_RANGE, token,
			    "must be a UUID of 8-4-4-4-12 hexadecimal digits,"
			    " not all zero");
	return 0;
}

/* Are all parts of the absolute @path names, none of them "", "." or ".."? */
static bool path_is_plain(const char *path)
{
	if (*path != '/')
		return false;
	while (*path) {
		size_t length = strcspn(++path, "/");

		if (length == 0 || (length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += length;
	}
	return true;
}

static int parse_entry_point(struct parser *p, const struct field *field,
			     unsigned int token)
{
	char *path = p->manifest->entry_point;

	(void)field;
	if (json_copy_string(&p->document, token, path,
			     MANIFEST_MAX_PATH_BYTES) >=
	    MANIFEST_MAX_PATH_BYTES)
		return fail(p, E_MANIFEST_RANGE, token,
			    "must be shorter than 128 bytes");
	if (!path_is_plain(path))
		return fail(p, E_MANIFEST_RANGE, token,
			    "must be an absolute path without empty, \".\" or"
			    " \"..\" parts");
	if (!json_is_printable(&p->document, token))
		return fail(p, E_MANIFEST_RANGE, token,
			    "must not contain control characters");
	return 0;
}

static int parse_cmd_args(struct parser *p, const struct field *field,
			  unsigned int array)
{
	struct manifest *m = p->manifest;
	size_t used = 0;
	unsigned int e;

	for (e = array + 1; json_is_inside(&p->document, e, array);
	     e = json_next(&p->document, e)) {
		size_t length;

		set_element(p, field->name, m->arg_count);
		if (p->document.tokens[e].type != JSMN_STRING)
			return fail(p, E_MANIFEST_TYPE, e,
				    type_rules[JSMN_STRING]);
		if (m->arg_count == MANIFEST_MAX_ARGS)
			return fail(p, E_MANIFEST_RANGE, e,
				    "there must be at most 16 arguments");
		/* One byte is kept back, so that there is always room for a NUL. */
		if (used == sizeof(m->args))
			return fail(
				p, E_MANIFEST_RANGE, e,
				"all arguments together must fit in 512 bytes");
		length = json_copy_string(&p->document, e, m->args + used,
					  sizeof(m->args) - used);
		if (length >= sizeof(m->args) - used)
			return fail(
				p, E_MANIFEST_RANGE, e,
				"all arguments together must fit in 512 bytes");
		used += length + 1;
		m->arg_count++;
	}
	return 0;
}

static int parse_gpio_name(struct parser *p, unsigned int token, int64_t *id)
{
	char name[64];
	size_t length =
		json_copy_string(&p->document, token, name, sizeof(name));
	int result;

	if (name[0] != '$')
		return fail(p, E_MANIFEST_TYPE, token,
			    "must be a number or a name such as \"$LED1\"");
	if (!p->resolve)
		return fail(p, E_MANIFEST_PERIPHERAL, token,
			    "must be a number here: names are resolved when"
			    " the image is packed");
	if (length >= sizeof(name))
		return fail(p, E_MANIFEST_PERIPHERAL, token,
			    "must be the name of a GPIO of the board");
	result = p->resolve(p->context, name + 1, length - 1);
	if (result == -EPERM)
		return fail(p, E_MANIFEST_PERIPHERAL, token,
			    "must not be a GPIO that belongs to the system");
	if (result < 0 || result > MANIFEST_GPIO_MAX_ID)
		return fail(p, E_MANIFEST_PERIPHERAL, token,
			    "must be the name of a GPIO of the board");
	*id = result;
	return 0;
}

static int parse_gpio_id(struct parser *p, unsigned int token, int64_t *id)
{
	int result;

	if (p->document.tokens[token].type == JSMN_STRING)
		return parse_gpio_name(p, token, id);
	result = json_get_integer(&p->document, token, 0, MANIFEST_GPIO_MAX_ID,
				  id);
	if (result == -EINVAL)
		return fail(p, E_MANIFEST_TYPE, token,
			    "must be a whole number or a name such as"
			    " \"$LED1\"");
	if (result)
		return fail(p, E_MANIFEST_RANGE, token, "must be 0 to 255");
	return 0;
}

static int parse_gpio(struct parser *p, const struct field *field,
		      unsigned int array)
{
	struct manifest *m = p->manifest;
	unsigned int e;

	for (e = array + 1; json_is_inside(&p->document, e, array);
	     e = json_next(&p->document, e)) {
		int64_t id;
		int result;

		set_element(p, field->name, m->gpio_count);
		if (m->gpio_count == MANIFEST_MAX_GPIOS)
			return fail(p, E_MANIFEST_RANGE, e,
				    "there must be at most 32 entries");
		result = parse_gpio_id(p, e, &id);
		if (result)
			return result;
		if (memchr(m->gpios, (int)id, m->gpio_count))
			return fail(p, E_MANIFEST_RANGE, e,
				    "the same GPIO must not be listed twice");
		m->gpios[m->gpio_count++] = (uint8_t)id;
	}
	return 0;
}

static int parse_storage_size(struct parser *p, const struct field *field,
			      unsigned int token)
{
	int64_t kib;
	int result = json_get_integer(&p->document, token, 1,
				      MANIFEST_STORAGE_MAX_KIB, &kib);

	(void)field;
	if (result == -EINVAL)
		return fail(p, E_MANIFEST_TYPE, token,
			    "must be a whole number");
	if (result)
		return fail(p, E_MANIFEST_RANGE, token, "must be 1 to 1023");
	p->manifest->storage_kib = (unsigned int)kib;
	return 0;
}

/* Objects are looked into afterwards, so that no function is entered twice. */
static int note_capabilities(struct parser *p, const struct field *field,
			     unsigned int token)
{
	(void)field;
	p->capabilities = token;
	return 0;
}

static int note_storage(struct parser *p, const struct field *field,
			unsigned int token)
{
	(void)field;
	p->storage = token;
	return 0;
}

static const struct field top_fields[] = {
	{ "SchemaVersion", JSMN_PRIMITIVE, true, parse_schema_version },
	{ "Name", JSMN_STRING, true, parse_name },
	{ "ComponentId", JSMN_STRING, true, parse_component_id },
	{ "EntryPoint", JSMN_STRING, true, parse_entry_point },
	{ "CmdArgs", JSMN_ARRAY, false, parse_cmd_args },
	{ "Capabilities", JSMN_OBJECT, true, note_capabilities },
};

static const struct field capability_fields[] = {
	{ "Gpio", JSMN_ARRAY, false, parse_gpio },
	{ "MutableStorage", JSMN_OBJECT, false, note_storage },
};

static const struct field storage_fields[] = {
	{ "SizeKB", JSMN_PRIMITIVE, true, parse_storage_size },
};

static int parse_member(struct parser *p, unsigned int key,
			const struct field *fields, size_t field_count)
{
	size_t i;

	for (i = 0; i < field_count; i++) {
		const struct field *field = &fields[i];

		if (!json_equals(&p->document, key, field->name))
			continue;
		set_field(p, field->name);
		if (p->document.tokens[key + 1].type != field->type)
			return fail(p, E_MANIFEST_TYPE, key + 1,
				    type_rules[field->type]);
		return field->parse(p, field, key + 1);
	}
	return fail(p, E_MANIFEST_UNKNOWN, key,
		    fields == capability_fields ?
			    "there is no capability of this name" :
			    "there is no field of this name");
}

static int parse_object(struct parser *p, unsigned int object,
			const struct field *fields, size_t field_count)
{
	unsigned int key;
	size_t i;
	int result;

	for (key = object + 1; json_is_inside(&p->document, key, object);
	     key = json_next(&p->document, key + 1)) {
		char name[sizeof(p->error->field)];

		json_copy_string(&p->document, key, name, sizeof(name));
		set_field(p, name);
		result = parse_member(p, key, fields, field_count);
		if (result)
			return result;
	}
	for (i = 0; i < field_count; i++) {
		set_field(p, fields[i].name);
		if (fields[i].required &&
		    !json_find(&p->document, object, fields[i].name))
			return fail(p, E_MANIFEST_MISSING, object,
				    "this field is required");
	}
	return 0;
}

static int parse_text(struct parser *p, const char *text, size_t length)
{
	static jsmntok_t tokens[MANIFEST_MAX_TOKENS];
	static const int numbers[] = {
		[JSON_SYNTAX] = E_MANIFEST_SYNTAX,
		[JSON_ENCODING] = E_MANIFEST_ENCODING,
		[JSON_COMPLEX] = E_MANIFEST_COMPLEX,
		[JSON_DUPLICATE] = E_MANIFEST_DUPLICATE,
		[JSON_NOT_OBJECT] = E_MANIFEST_TYPE,
	};
	struct json_error error;

	p->document.text = text;
	if (length == 0 || length > MANIFEST_MAX_BYTES)
		return fail_at(p, E_MANIFEST_SIZE, 0,
			       "must be 1 to 8192 bytes long");
	if (json_parse(text, length, MANIFEST_MAX_DEPTH, tokens,
		       ARRAY_SIZE(tokens), &p->document, &error))
		return fail_at(p, numbers[error.fault], error.offset,
			       error.rule);
	return 0;
}

int manifest_parse(const char *text, size_t length,
		   manifest_resolve_gpio resolve, void *context,
		   struct manifest *manifest, struct manifest_error *error)
{
	struct parser p = {
		.prefix = "",
		.resolve = resolve,
		.context = context,
		.manifest = manifest,
		.error = error,
	};
	int result;

	memset(manifest, 0, sizeof(*manifest));
	memset(error, 0, sizeof(*error));
	result = parse_text(&p, text, length);
	if (result)
		return result;
	result = parse_object(&p, 0, top_fields, ARRAY_SIZE(top_fields));
	if (result)
		return result;
	p.prefix = "Capabilities.";
	result = parse_object(&p, p.capabilities, capability_fields,
			      ARRAY_SIZE(capability_fields));
	if (!result && p.storage) {
		p.prefix = "Capabilities.MutableStorage.";
		result = parse_object(&p, p.storage, storage_fields,
				      ARRAY_SIZE(storage_fields));
	}
	if (!result)
		memset(error, 0, sizeof(*error));
	return result;
}
