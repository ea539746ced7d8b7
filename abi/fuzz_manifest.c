// SPDX-License-Identifier: Apache-2.0
/* Any bytes as app_manifest.json: what is accepted must keep the promises of manifest.h. */
#include <stdlib.h>
#include <string.h>

#include "abi/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int resolve(void *context, const char *name, size_t name_length)
{
	(void)context;
	return name_length ? (uint8_t)name[0] : -2;
}

static void check(const struct manifest *m)
{
	size_t used = 0;
	unsigned int i;

	if (!m->name[0] || strnlen(m->name, sizeof(m->name)) == sizeof(m->name))
		abort();
	if (m->entry_point[0] != '/' || strstr(m->entry_point, "/../") ||
	    strstr(m->entry_point, "//"))
		abort();
	for (i = 0; i < m->arg_count; i++)
		used += strlen(m->args + used) + 1;
	if (used > sizeof(m->args) || m->gpio_count > MANIFEST_MAX_GPIOS)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest manifest;
	struct manifest_error error;
	int round;

	for (round = 0; round < 2; round++) {
		int result = manifest_parse((const char *)data, size,
					    round ? resolve : NULL, NULL,
					    &manifest, &error);

		if (result == 0)
			check(&manifest);
		else if (result != -error.number || !error.rule[0] ||
			 error.line < 1 || error.column < 1)
			abort();
	}
	return 0;
}
