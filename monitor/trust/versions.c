// SPDX-License-Identifier: GPL-2.0-only
/* The table of lowest security versions. */
#include "monitor/trust/versions.h"

#include <stddef.h>
#include <string.h>

#include "abi/errors.h"

#define ID_BYTES		sizeof(((struct version_entry *)0)->component_id)

static const uint8_t nil[ID_BYTES];

/* Index of the entry with this id; of a free one for nil; VERSIONS_MAX when there is none. */
static uint32_t find(const struct version_state *versions, const uint8_t component_id[ID_BYTES])
{
	uint32_t i = 0;

	while (i < VERSIONS_MAX &&
	       memcmp(versions->entries[i].component_id, component_id, ID_BYTES))
		i++;
	return i;
}

uint32_t versions_lowest(const struct state *state, const uint8_t component_id[16])
{
	const uint32_t i = find(&state->versions, component_id);

	return i < VERSIONS_MAX ? state->versions.entries[i].security_version : 0;
}

int versions_raise(struct state *draft, const uint8_t component_id[16], uint32_t security_version)
{
	struct version_state *versions = &draft->versions;
	uint32_t i = find(versions, component_id);

	if (i == VERSIONS_MAX)
		i = find(versions, nil);
	/* The nil id is no component: nothing is remembered of it. */
	if (i == VERSIONS_MAX || !memcmp(component_id, nil, ID_BYTES))
		return E_MONITOR_VERSIONS_FULL;
	memcpy(versions->entries[i].component_id, component_id, ID_BYTES);
	if (security_version > versions->entries[i].security_version)
		versions->entries[i].security_version = security_version;
	return 0;
}
