// SPDX-License-Identifier: GPL-2.0-only
/* Walks a flattened device tree once, from its start. */
#include "monitor/device/fdt.h"

#include <stdbool.h>

#include "io.h"

#define MAGIC			0xd00dfeed
#define HEADER_BYTES		40u

/* Offsets of fields of the header; chapter 5.2. */
#define TOTAL_BYTES		4u
#define STRUCT_OFFSET		8u
#define STRINGS_OFFSET		12u
#define STRINGS_BYTES		32u
#define STRUCT_BYTES		36u

/* Chapter 5.4.1. */
enum token {
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROPERTY = 3,
	TOKEN_NOP = 4,
};

#define CHILD_DEPTH		2u	/* of a child of the root; of the root it is 1 */

struct walk {
	const char *node, *property;	/* that are looked for */
	uint32_t at, end;		/* in the structure block; both multiples of 4 */
	uint32_t strings, strings_end;
	uint32_t depth;
	bool is_in_node;
	bool is_found;
	struct fdt_value *value;
};

static uint32_t read_be32(uint32_t address)
{
	return __builtin_bswap32(io_read32(address));
}

/* The bus is read in words, of which the first byte is the lowest. */
static uint8_t read_byte(uint32_t address)
{
	return (uint8_t)(io_read32(address & ~3u) >> 8 * (address & 3));
}

/* True when @text and its NUL stand at @address, all before @end. */
static bool is_text(uint32_t address, uint32_t end, const char *text)
{
	for (; address < end; address++, text++) {
		if (read_byte(address) != (uint8_t)*text)
			return false;
		if (!*text)
			return true;
	}
	return false;
}

static bool begin_node(struct walk *w)
{
	w->depth++;
	if (w->depth == CHILD_DEPTH)
		w->is_in_node = is_text(w->at, w->end, w->node);
	while (w->at < w->end && read_byte(w->at))
		w->at++;
	if (w->at == w->end)
		return false;
	w->at = (w->at + sizeof(uint32_t)) & ~3u;
	return true;
}

static bool end_node(struct walk *w)
{
	if (!w->depth)
		return false;
	if (w->depth == CHILD_DEPTH)
		w->is_in_node = false;
	w->depth--;
	return true;
}

static bool read_property(struct walk *w)
{
	uint32_t bytes, name;

	if (w->end - w->at < 2 * sizeof(uint32_t))
		return false;
	bytes = read_be32(w->at);
	name = read_be32(w->at + 4);
	w->at += 2 * sizeof(uint32_t);
	if (bytes > w->end - w->at || name > w->strings_end - w->strings)
		return false;
	if (w->depth == CHILD_DEPTH && w->is_in_node &&
	    is_text(w->strings + name, w->strings_end, w->property)) {
		*w->value = (struct fdt_value){ w->at, bytes };
		w->is_found = true;
	}
	/* Not past the end: that is a multiple of 4 too. */
	w->at += (bytes + 3) & ~3u;
	return true;
}

static bool step(struct walk *w)
{
	const uint32_t token = read_be32(w->at);

	w->at += sizeof(uint32_t);
	if (token == TOKEN_BEGIN_NODE)
		return begin_node(w);
	if (token == TOKEN_END_NODE)
		return end_node(w);
	if (token == TOKEN_PROPERTY)
		return read_property(w);
	return token == TOKEN_NOP;
}

static bool range_fits(uint32_t offset, uint32_t bytes, uint32_t limit)
{
	return offset <= limit && bytes <= limit - offset;
}

int fdt_find(uint32_t address, uint32_t limit_bytes, const char *node, const char *property,
	     struct fdt_value *value)
{
	struct walk w = { .node = node, .property = property, .value = value };
	uint32_t total, tree, tree_bytes, strings, strings_bytes;

	if (limit_bytes < HEADER_BYTES || read_be32(address) != MAGIC)
		return -1;
	total = read_be32(address + TOTAL_BYTES);
	tree = read_be32(address + STRUCT_OFFSET);
	tree_bytes = read_be32(address + STRUCT_BYTES);
	strings = read_be32(address + STRINGS_OFFSET);
	strings_bytes = read_be32(address + STRINGS_BYTES);
	if (total > limit_bytes || tree % 4 || tree_bytes % 4 ||
	    !range_fits(tree, tree_bytes, total) || !range_fits(strings, strings_bytes, total))
		return -1;
	w.at = address + tree;
	w.end = w.at + tree_bytes;
	w.strings = address + strings;
	w.strings_end = w.strings + strings_bytes;
	while (!w.is_found && w.at < w.end && step(&w))
		;
	return w.is_found ? 0 : -1;
}
