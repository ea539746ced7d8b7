/* SPDX-License-Identifier: GPL-2.0-only */
/* The same facts as text for people, in the form of YAML, or as JSON. */
#ifndef HOST_LITTLEFS_OUT_H
#define HOST_LITTLEFS_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Objects and lists in each other. */
#define OUT_DEPTH_MAX 8

struct out {
	FILE *file;
	bool is_json;
	int depth;
	struct out_level {
		bool is_list;
		bool has_members;
	} levels[OUT_DEPTH_MAX];
};

/* Begins an object or a list; @key is NULL inside of a list and for the outermost one. */
void out_begin(struct out *out, const char *key, bool is_list);
void out_end(struct out *out);

/* Members of objects; @text is escaped already. */
void out_number(struct out *out, const char *key, uint64_t number);
void out_text(struct out *out, const char *key, const char *text);
void out_pair(struct out *out, const char *key, const uint32_t pair[2]);

#endif
