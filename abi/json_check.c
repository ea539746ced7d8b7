// SPDX-License-Identifier: Apache-2.0
/*
 * The grammar of RFC 8259 as a pushdown automaton whose stack is one bit for each open container.
 */
#include "abi/json.h"

#include <assert.h>
#include <string.h>

/* What may come next, outside of strings, numbers and white space. */
enum expectation {
	VALUE, /* a value must come */
	VALUE_OR_END, /* just behind "[" */
	KEY, /* behind "," in an object */
	KEY_OR_END, /* just behind "{" */
	COLON,
	COMMA_OR_END, /* behind a value in a container */
	NOTHING, /* behind the outermost value */
};

static const char *const rule_of[] = {
	[VALUE] = "a value is expected here",
	[VALUE_OR_END] = "a value or \"]\" is expected here",
	[KEY] = "a key in double quotes is expected here",
	[KEY_OR_END] = "a key in double quotes or \"}\" is expected here",
	[COLON] = "\":\" is expected here",
	[COMMA_OR_END] = "\",\" or the closing bracket is expected here",
	[NOTHING] = "nothing may follow the outermost value",
};

struct scanner {
	const char *text;
	size_t length;
	size_t at;
	unsigned int depth;
	unsigned int max_depth;
	uint64_t is_object; /* bit 0: the innermost open container */
	enum expectation expect;
	struct json_error *error;
};

static_assert(JSON_MAX_DEPTH <= 64, "one bit for each open container");

static int fail_at(struct scanner *s, size_t offset, enum json_fault fault,
		   const char *rule)
{
	*s->error = (struct json_error){ fault, offset, rule };
	return -1;
}

static int fail(struct scanner *s, enum json_fault fault, const char *rule)
{
	return fail_at(s, s->at, fault, rule);
}

/* The byte at @ahead, or NUL behind the end: NUL is valid nowhere in JSON. */
static char peek(const struct scanner *s, size_t ahead)
{
	return ahead < s->length - s->at ? s->text[s->at + ahead] : '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t json_utf8_length(const char *bytes, size_t byte_count)
{
	/* RFC 3629 section 4: first byte, and the range of the second. */
	static const struct {
		uint8_t first_min, first_max, second_min, second_max, length;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const uint8_t *b = (const uint8_t *)bytes;
	size_t i, k;

	if (byte_count == 0)
		return 0;
	if (b[0] < 0x80)
		return 1;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (b[0] < forms[i].first_min || b[0] > forms[i].first_max)
			continue;
		if (byte_count < forms[i].length ||
		    b[1] < forms[i].second_min || b[1] > forms[i].second_max)
			return 0;
		for (k = 2; k < forms[i].length; k++) {
			if ((b[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

/* The four digits of "\uXXXX" at @ahead (where the backslash is), or -1. */
static int32_t peek_unicode_escape(const struct scanner *s, size_t ahead)
{
	int32_t value = 0;
	size_t i;

	if (peek(s, ahead) != '\\' || peek(s, ahead + 1) != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		char c = peek(s, ahead + i);

		if (is_digit(c))
			value = value << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return value;
}

static int scan_escape(struct scanner *s)
{
	int32_t c, low;

	if (peek(s, 1) != 'u') {
		if (peek(s, 1) == '\0' || !strchr("\"\\/bfnrt", peek(s, 1)))
			return fail(s, JSON_SYNTAX, "there is no such escape");
		s->at += 2;
		return 0;
	}
	c = peek_unicode_escape(s, 0);
	if (c < 0)
		return fail(s, JSON_SYNTAX,
			    "\\u must be followed by four hexadecimal digits");
	if (c == 0)
		return fail(s, JSON_ENCODING,
			    "strings must not contain U+0000");
	if (c < 0xd800 || c > 0xdfff) {
		s->at += 6;
		return 0;
	}
	low = peek_unicode_escape(s, 6);
	if (c > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return fail(s, JSON_ENCODING,
			    "surrogates must come in pairs, high then low");
	s->at += 12;
	return 0;
}

static int scan_string(struct scanner *s)
{
	size_t start = s->at++;

	while (s->at < s->length && s->text[s->at] != '"') {
		size_t length;

		if (s->text[s->at] == '\\') {
			if (scan_escape(s))
				return -1;
			continue;
		}
		length = json_utf8_length(s->text + s->at, s->length - s->at);
		if (length == 0)
			return fail(s, JSON_ENCODING, "must be valid UTF-8");
		if ((uint8_t)s->text[s->at] < 0x20)
			return fail(s, JSON_ENCODING,
				    "control characters must be escaped");
		s->at += length;
	}
	if (s->at == s->length)
		return fail_at(s, start, JSON_SYNTAX,
			       "this string has no closing quote");
	s->at++;
	return 0;
}

static int scan_digits(struct scanner *s)
{
	if (!is_digit(peek(s, 0)))
		return fail(s, JSON_SYNTAX, "a digit is expected here");
	while (is_digit(peek(s, 0)))
		s->at++;
	return 0;
}

static int scan_number(struct scanner *s)
{
	if (peek(s, 0) == '-')
		s->at++;
	if (peek(s, 0) == '0') {
		s->at++;
		if (is_digit(peek(s, 0)))
			return fail(s, JSON_SYNTAX,
				    "numbers have no leading zeros");
	} else if (scan_digits(s)) {
		return -1;
	}
	if (peek(s, 0) == '.') {
		s->at++;
		if (scan_digits(s))
			return -1;
	}
	if (peek(s, 0) == 'e' || peek(s, 0) == 'E') {
		s->at++;
		if (peek(s, 0) == '+' || peek(s, 0) == '-')
			s->at++;
		if (scan_digits(s))
			return -1;
	}
	return 0;
}

static int scan_literal(struct scanner *s)
{
	static const char *const literals[] = { "true", "false", "null" };
	size_t i;

	for (i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		size_t length = strlen(literals[i]);

		if (length <= s->length - s->at &&
		    !memcmp(s->text + s->at, literals[i], length)) {
			s->at += length;
			return 0;
		}
	}
	return fail(s, JSON_SYNTAX, rule_of[s->expect]);
}

static int open_container(struct scanner *s, bool is_object)
{
	if (s->depth == s->max_depth)
		return fail(s, JSON_COMPLEX, "the nesting is too deep");
	s->depth++;
	s->is_object = s->is_object << 1 | is_object;
	s->expect = is_object ? KEY_OR_END : VALUE_OR_END;
	s->at++;
	return 0;
}

static void end_value(struct scanner *s)
{
	s->expect = s->depth ? COMMA_OR_END : NOTHING;
}

static int close_container(struct scanner *s)
{
	bool is_object = s->is_object & 1;
	bool may_end = s->expect == COMMA_OR_END ||
		       s->expect == (is_object ? KEY_OR_END : VALUE_OR_END);

	if (s->depth == 0 || !may_end || (s->text[s->at] == '}') != is_object)
		return fail(s, JSON_SYNTAX, rule_of[s->expect]);
	s->depth--;
	s->is_object >>= 1;
	s->at++;
	end_value(s);
	return 0;
}

static int scan_value(struct scanner *s)
{
	char c = s->text[s->at];
	int result;

	if (s->expect != VALUE && s->expect != VALUE_OR_END)
		return fail(s, JSON_SYNTAX, rule_of[s->expect]);
	if (c == '{' || c == '[')
		return open_container(s, c == '{');
	if (c == '"')
		result = scan_string(s);
	else if (c == '-' || is_digit(c))
		result = scan_number(s);
	else
		result = scan_literal(s);
	if (!result)
		end_value(s);
	return result;
}

static int scan_token(struct scanner *s)
{
	char c = s->text[s->at];

	if (c == '}' || c == ']')
		return close_container(s);
	if (c == ',' && s->expect == COMMA_OR_END) {
		s->expect = s->is_object & 1 ? KEY : VALUE;
		s->at++;
		return 0;
	}
	if (c == ':' && s->expect == COLON) {
		s->expect = VALUE;
		s->at++;
		return 0;
	}
	if (c == '"' && (s->expect == KEY || s->expect == KEY_OR_END)) {
		s->expect = COLON;
		return scan_string(s);
	}
	return scan_value(s);
}

int json_check(const char *text, size_t length, unsigned int max_depth,
	       struct json_error *error)
{
	struct scanner s = {
		.text = text,
		.length = length,
		.max_depth = max_depth,
		.expect = VALUE,
		.error = error,
	};

	while (s.at < s.length) {
		char c = text[s.at];

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			s.at++;
			continue;
		}
		if (json_utf8_length(text + s.at, length - s.at) == 0)
			return fail(&s, JSON_ENCODING, "must be valid UTF-8");
		if (scan_token(&s))
			return -1;
	}
	if (s.expect != NOTHING)
		return fail(&s, JSON_SYNTAX, rule_of[s.expect]);
	return 0;
}
