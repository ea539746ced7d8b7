// SPDX-License-Identifier: Apache-2.0
/* What may stand in which request of an app. */
#include "abi/app_channel.h"

#include <errno.h>
#include <stdbool.h>

#include "abi/array.h"

static const struct {
	uint32_t bits;		/* of value that may be set */
	bool is_wanted;		/* value must not be 0 */
} values[APP_CHANNEL_COMMAND_END] = {
	[APP_CHANNEL_EVENTS] = { APP_CHANNEL_ON_ALL, false },
	[APP_CHANNEL_TAKEN] = { APP_CHANNEL_ON_ALL, false },
	[APP_CHANNEL_POWER_DOWN] = { 0xffffffffu, true },
};

int app_channel_check(const struct app_channel_request *request, size_t bytes)
{
	if (bytes != sizeof(*request) || !request->command ||
	    request->command >= ARRAY_SIZE(values))
		return -EBADMSG;
	if (request->value & ~values[request->command].bits)
		return -EBADMSG;
	return values[request->command].is_wanted && !request->value ? -EBADMSG : 0;
}
