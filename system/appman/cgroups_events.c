// SPDX-License-Identifier: Apache-2.0
/* The text of memory.events. */

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cgroups.h"

void cgroups_parse_events(const char *text, struct cgroup_memory *memory)
{
	const struct {
		const char *name;
		uint32_t *value;
	} wanted[] = {
		{ "high ", &memory->high },
		{ "oom_kill ", &memory->kills },
	};

	memory->high = memory->kills = 0;
	while (text && *text) {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
			size_t length = strlen(wanted[i].name);

			if (!strncmp(text, wanted[i].name, length))
				*wanted[i].value = (uint32_t)strtoul(text + length, NULL, 10);
		}
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
}
