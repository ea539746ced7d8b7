// SPDX-License-Identifier: Apache-2.0
/* What several subcommands do with their arguments. */
#include "host/sph/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int command_parse_u32(const char *text, uint32_t *value)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() takes blanks and signs too. */
	if (errno || *end || *text < '0' || *text > '9' || number > UINT32_MAX)
		return COMMAND_USAGE;
	*value = (uint32_t)number;
	return 0;
}

int command_parse_hex(const char *text, uint8_t *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	size_t i;

	if (strlen(text) != 2 * count)
		return COMMAND_USAGE;
	for (i = 0; i < 2 * count; i++) {
		const char *digit = strchr(digits, text[i]);

		if (!digit)
			return COMMAND_USAGE;
		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | (digit - digits) % 16);
	}
	return 0;
}
