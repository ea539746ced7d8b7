// SPDX-License-Identifier: Apache-2.0
/* The texts of memory.events and memory.stat: "name number" lines. */

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cgroups.h"

/* 0 when there is no such line.  @name ends in a space. */
static unsigned long find(const char *text, const char *name)
{
	const size_t length = strlen(name);

	while (text && *text) {
		if (!strncmp(text, name, length))
			return strtoul(text + length, NULL, 10);
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return 0;
}

void cgroups_parse_events(const char *text, struct cgroup_memory *memory)
{
	memory->high = (uint32_t)find(text, "high ");
	memory->over = (uint32_t)find(text, "oom ");
	memory->kills = (uint32_t)find(text, "oom_kill ");
}

uint32_t cgroups_parse_user_kib(const char *text)
{
	return (uint32_t)((find(text, "anon ") + find(text, "file ")) / 1024);
}
