// SPDX-License-Identifier: Apache-2.0
/* What may stand in which request. */
#include "abi/control.h"

#include <stdbool.h>

#include "abi/array.h"

static const struct {
	bool has_component, has_value, has_data;
	uint32_t flags;
} rules[CONTROL_COMMAND_END] = {
	[CONTROL_LIST] = { .has_value = true },
	[CONTROL_STATUS] = { .has_component = true },
	[CONTROL_START] = { .has_component = true },
	[CONTROL_STOP] = { .has_component = true },
	[CONTROL_RESTART] = { .has_component = true },
	[CONTROL_WATCH] = { .flags = CONTROL_WATCH_EVENTS | CONTROL_WATCH_LOG },
	[CONTROL_INSTALL_BEGIN] = { .has_value = true },
	[CONTROL_INSTALL_DATA] = { .has_value = true, .has_data = true },
	[CONTROL_REMOVE] = { .has_component = true, .flags = CONTROL_REMOVE_STORAGE },
	[CONTROL_RECORDS] = { .has_value = true },
	[CONTROL_SAFE_MODE] = { .flags = CONTROL_SAFE_MODE_ON },
};

static bool names_component(const struct control_request *request)
{
	uint8_t any = 0;

	for (size_t i = 0; i < sizeof(request->component_id); i++)
		any |= request->component_id[i];
	return any;
}

static const char *check_data(size_t data_bytes, bool is_wanted)
{
	if (!is_wanted)
		return data_bytes ? "this command takes no data" : NULL;
	if (!data_bytes || data_bytes > CONTROL_DATA_MAX || data_bytes % 4)
		return "data are 4 to 4096 bytes, a multiple of 4";
	return NULL;
}

const char *control_check(const struct control_request *request, size_t bytes)
{
	if (bytes < sizeof(*request))
		return "a request has 32 bytes";
	if (!request->command || request->command >= ARRAY_SIZE(rules))
		return "there is no such command";
	if (names_component(request) != rules[request->command].has_component)
		return rules[request->command].has_component ? "the command needs a component id" :
							       "this command takes no component id";
	if (request->value && !rules[request->command].has_value)
		return "this command takes no value";
	if (request->flags & ~rules[request->command].flags)
		return "this command does not take these flags";
	return check_data(bytes - sizeof(*request), rules[request->command].has_data);
}

int control_record_is_sound(const struct control_record *record)
{
	return record->reason && record->reason < CONTROL_END_COUNT &&
	       (record->where & CONTROL_WHERE_MASK) < CONTROL_WHERE_COUNT &&
	       record->where >> CONTROL_WHERE_LR_SHIFT < CONTROL_WHERE_COUNT;
}
