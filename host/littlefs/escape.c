// SPDX-License-Identifier: GPL-2.0-only
/* Names of files as text. */
#include "escape.h"

void escape(const uint8_t *bytes, size_t size, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] > 0x20 && bytes[i] < 0x7f && bytes[i] != '\\') {
			*text++ = (char)bytes[i];
			continue;
		}
		*text++ = '\\';
		*text++ = 'x';
		*text++ = digits[bytes[i] >> 4];
		*text++ = digits[bytes[i] & 15];
	}
	*text = '\0';
}
