// SPDX-License-Identifier: Apache-2.0
/* Values of app_manifest.json that have a form of their own. */
#include <stdio.h>
#include <string.h>

#include "abi/manifest_fields.h"

/* Names all choices; those that do not fit are in docs/manifest.md. */
static void put_choices(char *rule, size_t size, const char *const *choices)
{
	static const char more[] = " ...";
	size_t used = (size_t)snprintf(rule, size, "must be one of");

	for (; *choices; choices++) {
		if (used + 1 + strlen(*choices) + sizeof(more) > size) {
			memcpy(rule + used, more, sizeof(more));
			return;
		}
		used += (size_t)snprintf(rule + used, size - used, " %s",
					 *choices);
	}
}

int manifest_get_choice(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	char rule[sizeof(p->error->rule)];
	int i;

	if (p->document.tokens[token].type != JSMN_STRING)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a string");
	for (i = 0; field->choices[i]; i++) {
		if (json_equals(&p->document, token, field->choices[i]))
			return i;
	}
	put_choices(rule, sizeof(rule), field->choices);
	return manifest_fail(p, E_MANIFEST_RANGE, token, rule);
}

int manifest_value_type(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	int type;

	if (json_equals(&p->document, token, "RealTimeCapable"))
		return manifest_fail(
			p, E_MANIFEST_UNSUPPORTED, token,
			"must be \"Default\": this system has no real-time cores");
	type = manifest_get_choice(p, field, token);
	if (type < 0)
		return type;
	if (type != MANIFEST_TYPE_DEFAULT && !p->rules->is_system)
		return manifest_fail(
			p, E_MANIFEST_SYSTEM, token,
			"must be \"Default\" but in apps of the system");
	p->manifest->type = (uint8_t)type;
	return 0;
}

int manifest_value_name(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	(void)field;
	if (json_equals(&p->document, token, ""))
		return manifest_fail(p, E_MANIFEST_RANGE, token,
				     "must not be empty");
	if (!json_is_printable(&p->document, token))
		return manifest_fail(p, E_MANIFEST_RANGE, token,
				     "must not contain control characters");
	json_copy_string(&p->document, token, p->manifest->name,
			 sizeof(p->manifest->name));
	return 0;
}

int manifest_get_uuid(struct manifest_parser *p, unsigned int token,
		      uint8_t id[IMAGE_UUID_BYTES])
{
	char text[IMAGE_UUID_TEXT_BYTES];
	size_t length;

	if (p->document.tokens[token].type != JSMN_STRING)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a string");
	length = json_copy_string(&p->document, token, text, sizeof(text));
	if (length != IMAGE_UUID_TEXT_BYTES - 1 ||
	    image_uuid_parse(text, length, id))
		return manifest_fail(
			p, E_MANIFEST_RANGE, token,
			"must be a UUID of 8-4-4-4-12 hexadecimal digits,"
			" not all zero");
	return 0;
}

int manifest_value_uuid(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token)
{
	return manifest_get_uuid(p, token, manifest_place(p, field->offset));
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

int manifest_value_entry_point(struct manifest_parser *p,
			       const struct manifest_field *field,
			       unsigned int token)
{
	char *path = p->manifest->entry_point;

	(void)field;
	if (json_copy_string(&p->document, token, path,
			     MANIFEST_MAX_PATH_BYTES) >=
	    MANIFEST_MAX_PATH_BYTES)
		return manifest_fail(p, E_MANIFEST_RANGE, token,
				     "must be shorter than 128 bytes");
	if (!path_is_plain(path))
		return manifest_fail(
			p, E_MANIFEST_RANGE, token,
			"must be an absolute path without empty, \".\" or"
			" \"..\" parts");
	if (!json_is_printable(&p->document, token))
		return manifest_fail(p, E_MANIFEST_RANGE, token,
				     "must not contain control characters");
	return 0;
}
