// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a request of an app: what is accepted has its size, a command, and no unknown bit. */
#include <stdlib.h>
#include <string.h>

#include "abi/app_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct app_channel_request request = { 0 };

	/* As it is received: what is longer was cut. */
	memcpy(&request, data, size < sizeof(request) ? size : sizeof(request));
	if (app_channel_check(&request, size))
		return 0;
	if (size != sizeof(request) || !request.command ||
	    request.command >= APP_CHANNEL_COMMAND_END)
		abort();
	if (request.command != APP_CHANNEL_POWER_DOWN && request.value & ~APP_CHANNEL_ON_ALL)
		abort();
	return 0;
}
