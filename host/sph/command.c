// SPDX-License-Identifier: Apache-2.0
/* What several subcommands do with their arguments. */
#include "host/sph/command.h"

#include <errno.h>
#include <stdlib.h>

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
