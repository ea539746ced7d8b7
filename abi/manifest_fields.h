/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the validator of app_manifest.json: the table of fields, and what its rooms share.
 *
 *	manifest_fields.c	all fields, a row each
 *	manifest.c		walks through objects and lists by these rows
 *	manifest_values.c	values with a form of their own: names, ids, paths
 *	manifest_lists.c	elements of lists
 *
 * Only manifest.h is for others.
 */
#ifndef SPHERULE_ABI_MANIFEST_FIELDS_H
#define SPHERULE_ABI_MANIFEST_FIELDS_H

#include "errors.h"
#include "json.h"
#include "manifest.h"

struct manifest_parser {
	struct json_document document;
	const char *prefix;		/* of field paths: "" or "Capabilities." */
	const struct manifest_rules *rules;
	struct manifest *manifest;
	struct manifest_error *error;
};

enum manifest_field_type {
	FIELD_INTEGER,	/* unsigned int at offset, min to max */
	FIELD_FLAG,	/* true or false: the bits of max in the uint32_t at offset */
	FIELD_CHOICE,	/* one of the names: its place in the uint8_t at offset */
	FIELD_STRING,	/* a string that value() understands */
	FIELD_LIST,	/* min to max elements that element() understands */
	FIELD_OBJECT,	/* its members are looked at afterwards, so that nothing recurses */
	FIELD_ABSENT,	/* Azure Sphere has it, and this system refuses it for the reason in rule */
};

#define FIELD_REQUIRED	0x1
#define FIELD_SYSTEM	0x2	/* for system apps only */

struct manifest_field {
	const char *name;
	uint8_t type;			/* enum manifest_field_type */
	uint8_t flags;			/* FIELD_REQUIRED, FIELD_SYSTEM */
	uint8_t kind;			/* of a list of peripherals: enum manifest_peripheral */
	uint16_t offset;		/* in struct manifest */
	uint16_t count_offset;		/* of a list: where an unsigned int counts; 0: nowhere */
	uint32_t min, max;
	uint32_t standard;		/* an integer that is not in the text */
	uint32_t needs;			/* a flag without which this one makes no sense */
	const char *rule;
	const char *const *choices;	/* names, NULL behind the last */
	const struct manifest_object *object;
	int (*value)(struct manifest_parser *p, const struct manifest_field *field,
		     unsigned int token);
	int (*element)(struct manifest_parser *p, const struct manifest_field *field,
		       unsigned int token, unsigned int index);
};

struct manifest_object {
	const char *prefix;		/* of its members' paths */
	const char *unknown;		/* the rule for a member that is in no row */
	size_t count;
	const struct manifest_field *fields;
};

/* All objects, outer ones before inner ones; the first is the whole text. */
#define MANIFEST_OBJECTS	5
extern const struct manifest_object manifest_objects[MANIFEST_OBJECTS];

static inline void *manifest_place(const struct manifest_parser *p, size_t offset)
{
	return (char *)p->manifest + offset;
}

/* Refuses @token, whose field was named; returns -@number.  A string begins at its quote. */
int manifest_fail(struct manifest_parser *p, int number, unsigned int token, const char *rule);

/* The same with E_MANIFEST_RANGE and the rule "@what @min to @max". */
int manifest_fail_range(struct manifest_parser *p, unsigned int token, const char *what,
			unsigned int min, unsigned int max);

/* Which of @field's choices the string is, or -1 after the complaint. */
int manifest_get_choice(struct manifest_parser *p, const struct manifest_field *field,
			unsigned int token);

/* A UUID that is not nil; E_MANIFEST_TYPE and E_MANIFEST_RANGE. */
int manifest_get_uuid(struct manifest_parser *p, unsigned int token,
		      uint8_t id[IMAGE_UUID_BYTES]);

/* FIELD_STRING */
int manifest_value_name(struct manifest_parser *p, const struct manifest_field *field,
			unsigned int token);
int manifest_value_uuid(struct manifest_parser *p, const struct manifest_field *field,
			unsigned int token);
int manifest_value_entry_point(struct manifest_parser *p, const struct manifest_field *field,
			       unsigned int token);
int manifest_value_type(struct manifest_parser *p, const struct manifest_field *field,
			unsigned int token);

/* FIELD_LIST */
int manifest_element_arg(struct manifest_parser *p, const struct manifest_field *field,
			 unsigned int token, unsigned int index);
int manifest_element_peripheral(struct manifest_parser *p, const struct manifest_field *field,
				unsigned int token, unsigned int index);
int manifest_element_bit(struct manifest_parser *p, const struct manifest_field *field,
			 unsigned int token, unsigned int index);
int manifest_element_connection(struct manifest_parser *p, const struct manifest_field *field,
				unsigned int token, unsigned int index);
int manifest_element_port(struct manifest_parser *p, const struct manifest_field *field,
			  unsigned int token, unsigned int index);
int manifest_element_peer(struct manifest_parser *p, const struct manifest_field *field,
			  unsigned int token, unsigned int index);

#endif
