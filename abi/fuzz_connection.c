// SPDX-License-Identifier: Apache-2.0
/* Any bytes as an entry of AllowedConnections: what is accepted prints as what parses the same. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/connection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const struct connection *c, const char *name)
{
	size_t length = strlen(name);

	if (length != c->name_length || length < 1 ||
	    length >= CONNECTION_NAME_BYTES || c->address || c->prefix)
		abort();
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != length ||
	    strstr(name, "..") || strchr(".-", name[0]) ||
	    strchr(".-", name[length - 1]))
		abort();
}

static void check_address(const struct connection *c)
{
	if (c->prefix < CONNECTION_MIN_PREFIX || c->prefix > 32 ||
	    c->name_length)
		abort();
	if (c->prefix < 32 && c->address << c->prefix)
		abort();
	if (c->address >> 24 == 0 || c->address >> 24 == 127)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[CONNECTION_NAME_BYTES], text[CONNECTION_TEXT_BYTES];
	char name_again[CONNECTION_NAME_BYTES];
	struct connection c, again;
	const char *rule;
	int result =
		connection_parse((const char *)data, size, &c, name, &rule);

	if (result) {
		if (result != -EINVAL || !rule[0] || c.kind || name[0])
			abort();
		return 0;
	}
	if (c.kind == CONNECTION_NAME)
		check_name(&c, name);
	else
		check_address(&c);
	size = connection_format(&c, name, text);
	if (size >= sizeof(text) ||
	    connection_parse(text, size, &again, name_again, &rule) ||
	    strcmp(name, name_again) || memcmp(&c, &again, sizeof(c)))
		abort();
	return 0;
}
