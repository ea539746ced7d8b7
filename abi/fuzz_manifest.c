// SPDX-License-Identifier: Apache-2.0
/* Any bytes as app_manifest.json: what is accepted must keep the promises of manifest.h. */
#include <stdlib.h>
#include <string.h>

#include "abi/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int resolve(void *context, enum manifest_peripheral kind,
		   const char *name, size_t name_length)
{
	(void)context;
	(void)kind;
	return name_length ? (uint8_t)name[0] : -2;
}

static int check_id(void *context, enum manifest_peripheral kind,
		    unsigned int id)
{
	(void)context;
	return id == 200 + (unsigned int)kind ? -2 : 0;
}

static void check_texts(const struct manifest *m)
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
	if (used > sizeof(m->args))
		abort();
}

/* Each connection must print as what the parser of connections makes the same of. */
static void check_connections(const struct manifest *m)
{
	unsigned int i;

	if (m->connection_count > MANIFEST_MAX_CONNECTIONS ||
	    m->names_used > sizeof(m->names))
		abort();
	for (i = 0; i < m->connection_count; i++) {
		struct connection c = m->connections[i], again;
		char text[CONNECTION_TEXT_BYTES], name[CONNECTION_NAME_BYTES];
		const char *rule;
		size_t length = connection_format(&c, m->names, text);

		if (c.name_at > m->names_used ||
		    connection_parse(text, length, &again, name, &rule))
			abort();
		c.name_at = 0;
		if (memcmp(&c, &again, sizeof(c)))
			abort();
	}
}

static void check_limits(const struct manifest *m, bool is_system)
{
	unsigned int i;

	if (m->gpio_count > MANIFEST_MAX_GPIOS ||
	    m->uarts.count > MANIFEST_MAX_DEVICES ||
	    m->adcs.count > MANIFEST_MAX_DEVICES ||
	    m->peer_count > MANIFEST_MAX_PEERS ||
	    m->tcp_port_count > MANIFEST_MAX_PORTS ||
	    m->udp_port_count > MANIFEST_MAX_PORTS)
		abort();
	if (m->memory_kib < 64 || m->cpu_weight < 1 || m->grace_ms > 10000 ||
	    m->tmp_kib > 1024 || !m->cpu_max_percent ||
	    m->cpu_max_percent > 100 || m->log_bytes_per_s < 16 || m->restart > MANIFEST_RESTART_NEVER)
		abort();
	for (i = 0; i < m->tcp_port_count; i++) {
		if (!is_system && m->tcp_ports[i] < 1024)
			abort();
	}
	/* What an OEM can never have. */
	if (!is_system && (m->system_privileges || m->type))
		abort();
	if (m->flags & MANIFEST_SOFTWARE_UPDATE_DEFERRAL &&
	    !(m->flags & MANIFEST_SYSTEM_EVENT_NOTIFICATIONS))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct manifest_board board = { .resolve = resolve,
						     .check = check_id };
	static const struct manifest_rules rules[] = {
		{ .is_system = false, .board = NULL },
		{ .is_system = false, .board = &board },
		{ .is_system = true, .board = &board },
	};
	struct manifest manifest;
	struct manifest_error error;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		int result = manifest_parse((const char *)data, size, &rules[i],
					    &manifest, &error);

		if (result) {
			/* A rule that fills its room was cut. */
			if (result != -error.number || !error.rule[0] ||
			    error.line < 1 || error.column < 1 ||
			    strlen(error.rule) == sizeof(error.rule) - 1)
				abort();
			continue;
		}
		check_texts(&manifest);
		check_connections(&manifest);
		check_limits(&manifest, rules[i].is_system);
	}
	return 0;
}
