// SPDX-License-Identifier: Apache-2.0
/*
 * For json_test.py: reads texts, each behind its length (4 bytes, little-endian), and prints for
 * each whether json_check() and json_parse() accept it: "11", "10" or "00".
 */
#include <stdio.h>
#include <stdlib.h>

#include "abi/json.h"

int main(void)
{
	static jsmntok_t tokens[4096];
	uint8_t head[4];

	while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
		size_t length = head[0] | (size_t)head[1] << 8 |
				(size_t)head[2] << 16;
		char *text = malloc(length ? length : 1);
		struct json_document document;
		struct json_error error;
		int grammar, parsed;

		if (!text || fread(text, 1, length, stdin) != length)
			return 1;
		grammar = !json_check(text, length, JSON_MAX_DEPTH, &error);
		parsed = !json_parse(text, length, JSON_MAX_DEPTH, tokens, 4096,
				     &document, &error);
		printf("%d%d\n", grammar, parsed);
		free(text);
	}
	return 0;
}
