// SPDX-License-Identifier: GPL-2.0-only
/* The same facts as text or as JSON. */
#include "out.h"

#include <inttypes.h>
#include <stdlib.h>

/* In text, the first member of an object in a list stands behind the dash of the list. */
static bool is_first_of_item(const struct out *out)
{
	return out->depth >= 2 && out->levels[out->depth - 2].is_list &&
	       !out->levels[out->depth - 1].has_members;
}

static void begin_json_member(struct out *out, const char *key)
{
	struct out_level *level = &out->levels[out->depth - 1];

	fprintf(out->file, "%s\n%*s", level->has_members ? "," : "", 2 * out->depth, "");
	if (key)
		fprintf(out->file, "\"%s\": ", key);
}

static void begin_text_member(struct out *out, const char *key)
{
	if (!key)
		return;
	if (is_first_of_item(out))
		fprintf(out->file, "%*s- ", 2 * (out->depth - 2), "");
	else
		fprintf(out->file, "%*s", 2 * (out->depth - 1), "");
	fprintf(out->file, "%s: ", key);
}

static void begin_member(struct out *out, const char *key)
{
	if (!out->depth)
		return;
	if (out->is_json)
		begin_json_member(out, key);
	else
		begin_text_member(out, key);
	out->levels[out->depth - 1].has_members = true;
}

static void end_member(struct out *out)
{
	if (!out->is_json)
		fputc('\n', out->file);
}

void out_begin(struct out *out, const char *key, bool is_list)
{
	if (out->depth == OUT_DEPTH_MAX)
		abort();
	begin_member(out, key);
	out->levels[out->depth++] = (struct out_level){ .is_list = is_list };
	if (out->is_json)
		fputc(is_list ? '[' : '{', out->file);
	else if (key)
		fputc('\n', out->file);
}

void out_end(struct out *out)
{
	const struct out_level *level = &out->levels[--out->depth];

	if (!out->is_json)
		return;
	if (level->has_members)
		fprintf(out->file, "\n%*s", 2 * out->depth, "");
	fputc(level->is_list ? ']' : '}', out->file);
	if (!out->depth)
		fputc('\n', out->file);
}

void out_number(struct out *out, const char *key, uint64_t number)
{
	begin_member(out, key);
	fprintf(out->file, "%" PRIu64, number);
	end_member(out);
}

void out_text(struct out *out, const char *key, const char *text)
{
	begin_member(out, key);
	fputc('"', out->file);
	/* Of what JSON escapes, escape() leaves quotation marks, and makes backslashes. */
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out->file);
		fputc(*text, out->file);
	}
	fputc('"', out->file);
	end_member(out);
}

void out_pair(struct out *out, const char *key, const uint32_t pair[2])
{
	begin_member(out, key);
	fprintf(out->file, "[%u, %u]", pair[0], pair[1]);
	end_member(out);
}
