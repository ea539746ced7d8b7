/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict JSON over the tokenizer jsmn: exactly RFC 8259, within limits.
 *
 * jsmn accepts much that is not JSON ("[1 2]", "01", "{a:1}" and so on), therefore json_check()
 * walks the whole text first and jsmn only ever sees what is JSON.  Beyond the RFC's grammar these
 * are refused, all of which the RFC leaves to the parser: invalid UTF-8, a byte-order mark,
 * escapes that name a lone surrogate or U+0000, the same key twice in one object, and an outermost
 * value that is no object.
 *
 * Pure: no allocation, no recursion, no globals.  The caller owns text and tokens, and both must
 * outlive the document.
 */
#ifndef SPHERULE_ABI_JSON_H
#define SPHERULE_ABI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSMN_HEADER
#include <jsmn.h>
#undef JSMN_HEADER

#define JSON_MAX_DEPTH	64	/* containers inside each other, for any caller */

enum json_fault {
	JSON_SYNTAX = 1,	/* not RFC 8259 */
	JSON_ENCODING,		/* not UTF-8, a bad escape, or a control character in a string */
	JSON_COMPLEX,		/* deeper than max_depth, or more tokens than max_tokens */
	JSON_DUPLICATE,		/* the same key twice in one object */
	JSON_NOT_OBJECT,	/* JSON, but the outermost value is no object */
};

struct json_error {
	enum json_fault fault;
	size_t offset;		/* of the first byte that is wrong */
	const char *rule;	/* what must be true, as a sentence without its full stop */
};

struct json_document {
	const char *text;
	const jsmntok_t *tokens;	/* token 0 is the outermost object */
	unsigned int token_count;
};

/*
 * The grammar alone: is @text one JSON value of any type?  Returns 0 or -1 with @error filled in.
 * @max_depth is at most JSON_MAX_DEPTH.
 */
int json_check(const char *text, size_t length, unsigned int max_depth, struct json_error *error);

/* All checks; then fills @tokens and @document.  Returns 0 or -1 with @error filled in. */
int json_parse(const char *text, size_t length, unsigned int max_depth, jsmntok_t *tokens,
	       unsigned int max_tokens, struct json_document *document, struct json_error *error);

/*
 * The token behind @token and all that it contains.  Members of an object o, keys with their
 * values at key + 1:
 *	for (key = o + 1; json_is_inside(d, key, o); key = json_next(d, key + 1))
 * and elements of an array a:
 *	for (e = a + 1; json_is_inside(d, e, a); e = json_next(d, e))
 */
unsigned int json_next(const struct json_document *document, unsigned int token);
bool json_is_inside(const struct json_document *document, unsigned int token, unsigned int parent);

/* Does the decoded string @token equal @string?  False for tokens of other types. */
bool json_equals(const struct json_document *document, unsigned int token, const char *string);

/* Is the decoded string free of control characters (U+0000 to U+001F, U+007F to U+009F)? */
bool json_is_printable(const struct json_document *document, unsigned int token);

/* The value of @key in @object, or 0 (which is never a value). */
unsigned int json_find(const struct json_document *document, unsigned int object, const char *key);

/*
 * Decodes a string into @buffer and ends it with NUL.  Returns the length of the whole decoded
 * string; when that is @size or more, the buffer holds as many whole characters as fit.
 */
size_t json_copy_string(const struct json_document *document, unsigned int token, char *buffer,
			size_t size);

/*
 * A whole number without fraction or exponent.  Returns 0, -EINVAL when the token is anything
 * else, or -ERANGE when it is outside @min to @max.
 */
int json_get_integer(const struct json_document *document, unsigned int token, int64_t min,
		     int64_t max, int64_t *value);

/* Counts line and column from 1, columns in bytes; lines end at "\n". */
void json_locate(const char *text, size_t offset, unsigned int *line, unsigned int *column);

/*
 * Bytes of the UTF-8 sequence at @bytes, 1 to 4; 0 when it is not valid (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF).
 */
size_t json_utf8_length(const char *bytes, size_t byte_count);

#endif
