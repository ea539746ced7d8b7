// SPDX-License-Identifier: Apache-2.0
/* Strict JSON: tokens, members and values of a text that json_check() has accepted. */
#include "abi/json.h"

#include <errno.h>
#include <string.h>

static int fail(struct json_error *error, enum json_fault fault, size_t offset,
		const char *rule)
{
	*error = (struct json_error){ fault, offset, rule };
	return -1;
}

static unsigned int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	return (unsigned int)((c | 0x20) - 'a' + 10);
}

static unsigned int get_hex4(const char *p)
{
	return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 |
	       hex_value(p[2]) << 4 | hex_value(p[3]);
}

static size_t put_utf8(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* One character of a checked string: its UTF-8 form, and @p moved behind it. */
static size_t decode_character(const char **p, char out[4])
{
	static const char plain[] = "\"\\/bfnrt";
	static const char meaning[] = "\"\\/\b\f\n\r\t";
	const char *s = *p;
	uint32_t c;
	size_t length;

	if (*s != '\\') {
		/* Checked: the sequence is whole, so 4 bytes are never too many. */
		length = (uint8_t)*s < 0x80 ? 1 :
			 (uint8_t)*s < 0xe0 ? 2 :
			 (uint8_t)*s < 0xf0 ? 3 :
					      4;
		memcpy(out, s, length);
		*p = s + length;
		return length;
	}
	if (s[1] != 'u') {
		out[0] = meaning[strchr(plain, s[1]) - plain];
		*p = s + 2;
		return 1;
	}
	c = get_hex4(s + 2);
	*p = s + 6;
	if (c >= 0xd800 && c < 0xdc00) {
		c = 0x10000 + ((c - 0xd800) << 10) + (get_hex4(s + 8) - 0xdc00);
		*p = s + 12;
	}
	return put_utf8(c, out);
}

static bool strings_are_equal(const struct json_document *document,
			      unsigned int a, unsigned int b)
{
	const char *p = document->text + document->tokens[a].start;
	const char *p_end = document->text + document->tokens[a].end;
	const char *q = document->text + document->tokens[b].start;
	const char *q_end = document->text + document->tokens[b].end;

	while (p < p_end && q < q_end) {
		char c[4], d[4];
		size_t c_length = decode_character(&p, c);
		size_t d_length = decode_character(&q, d);

		if (c_length != d_length || memcmp(c, d, c_length))
			return false;
	}
	return p == p_end && q == q_end;
}

/* Compares decoded keys: "A" and "\u0041" are the same key. */
static int refuse_duplicates(const struct json_document *document,
			     struct json_error *error)
{
	unsigned int object, key, other;

	for (object = 0; object < document->token_count; object++) {
		if (document->tokens[object].type != JSMN_OBJECT)
			continue;
		for (key = object + 1; json_is_inside(document, key, object);
		     key = json_next(document, key + 1)) {
			for (other = object + 1; other < key;
			     other = json_next(document, other + 1)) {
				if (strings_are_equal(document, key, other))
					return fail(
						error, JSON_DUPLICATE,
						(size_t)document->tokens[key]
								.start -
							1,
						"a key stands only once in an object");
			}
		}
	}
	return 0;
}

int json_parse(const char *text, size_t length, unsigned int max_depth,
	       jsmntok_t *tokens, unsigned int max_tokens,
	       struct json_document *document, struct json_error *error)
{
	jsmn_parser parser;
	int count;
	size_t start = 0;

	if (json_check(text, length, max_depth, error))
		return -1;
	while (strchr(" \t\r\n", text[start]))
		start++;
	if (text[start] != '{')
		return fail(error, JSON_NOT_OBJECT, start,
			    "the outermost value must be an object");
	jsmn_init(&parser);
	count = jsmn_parse(&parser, text, length, tokens, max_tokens);
	if (count == JSMN_ERROR_NOMEM)
		return fail(error, JSON_COMPLEX, parser.pos,
			    "there are too many values");
	if (count < 1)
		return fail(error, JSON_SYNTAX, parser.pos, "must be JSON");
	*document = (struct json_document){ text, tokens, (unsigned int)count };
	return refuse_duplicates(document, error);
}

unsigned int json_next(const struct json_document *document, unsigned int token)
{
	unsigned int next = token + 1;

	while (json_is_inside(document, next, token))
		next++;
	return next;
}

bool json_is_inside(const struct json_document *document, unsigned int token,
		    unsigned int parent)
{
	return token < document->token_count &&
	       document->tokens[token].start < document->tokens[parent].end;
}

bool json_equals(const struct json_document *document, unsigned int token,
		 const char *string)
{
	const jsmntok_t *t = &document->tokens[token];
	const char *p = document->text + t->start;
	const char *end = document->text + t->end;

	if (t->type != JSMN_STRING)
		return false;
	while (p < end) {
		char c[4];
		size_t length = decode_character(&p, c);

		if (strncmp(string, c, length))
			return false;
		string += length;
	}
	return *string == '\0';
}

bool json_is_printable(const struct json_document *document, unsigned int token)
{
	const char *p = document->text + document->tokens[token].start;
	const char *end = document->text + document->tokens[token].end;

	while (p < end) {
		char c[4];
		size_t length = decode_character(&p, c);

		if (length == 1 && ((uint8_t)c[0] < 0x20 || c[0] == 0x7f))
			return false;
		/* U+0080 to U+009F are C2 80 to C2 9F */
		if ((uint8_t)c[0] == 0xc2 && (uint8_t)c[1] < 0xa0)
			return false;
	}
	return true;
}

unsigned int json_find(const struct json_document *document,
		       unsigned int object, const char *key)
{
	unsigned int k;

	for (k = object + 1; json_is_inside(document, k, object);
	     k = json_next(document, k + 1)) {
		if (json_equals(document, k, key))
			return k + 1;
	}
	return 0;
}

size_t json_copy_string(const struct json_document *document,
			unsigned int token, char *buffer, size_t size)
{
	const char *p = document->text + document->tokens[token].start;
	const char *end = document->text + document->tokens[token].end;
	size_t total = 0, used = 0;

	while (p < end) {
		char c[4];
		size_t length = decode_character(&p, c);

		/* Once a character did not fit, a shorter one behind it must not. */
		if (used == total && length < size - used) {
			memcpy(buffer + used, c, length);
			used += length;
		}
		total += length;
	}
	buffer[used] = '\0';
	return total;
}

int json_get_integer(const struct json_document *document, unsigned int token,
		     int64_t min, int64_t max, int64_t *value)
{
	const jsmntok_t *t = &document->tokens[token];
	const char *p = document->text + t->start;
	const char *end = document->text + t->end;
	bool negative = *p == '-';
	int64_t magnitude = 0;

	if (t->type != JSMN_PRIMITIVE)
		return -EINVAL;
	for (p += negative; p < end; p++) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		/* Saturates far outside of any range that is asked for. */
		if (magnitude <= INT64_MAX / 100)
			magnitude = magnitude * 10 + (*p - '0');
	}
	if (negative)
		magnitude = -magnitude;
	if (magnitude < min || magnitude > max)
		return -ERANGE;
	*value = magnitude;
	return 0;
}

void json_locate(const char *text, size_t offset, unsigned int *line,
		 unsigned int *column)
{
	size_t i;

	*line = 1;
	*column = 1;
	for (i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			(*line)++;
			*column = 1;
		} else {
			(*column)++;
		}
	}
}
