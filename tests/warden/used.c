// SPDX-License-Identifier: Apache-2.0
/* How much of the machine's memory is used, as application-manager counts. */

#include <stdio.h>
#include <string.h>

#include "attempt.h"
#include "used.h"

struct used_pages used_count(void)
{
	static const struct {
		const char *key;
		int sign;
	} keys[] = { { "present", 1 },	       { "nr_free_pages", -1 }, { "count:", -1 },
		     { "nr_file_pages", -1 }, { "nr_shmem", 1 } };
	struct used_pages pages = { 0 };
	char line[128], key[32];
	long value;
	FILE *zones = fopen("/proc/zoneinfo", "re");

	while (zones && fgets(line, sizeof(line), zones)) {
		if (sscanf(line, " %31s %ld", key, &value) != 2)
			continue;
		if (!strcmp(key, "present"))
			pages.present += value;
		for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++)
			if (!strcmp(key, keys[i].key))
				pages.used += keys[i].sign * value;
	}
	if (zones)
		fclose(zones);
	return pages;
}
