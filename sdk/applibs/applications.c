// SPDX-License-Identifier: MIT
/* Use of memory, as application-manager reads it of the app's cgroup. */
#include <applibs/applications.h>

#include "channel.h"

/* All 0 when it cannot be had. */
static struct app_channel_memory measure(void)
{
	struct app_channel_memory memory = { 0 };

	applibs_channel_ask(APP_CHANNEL_MEMORY, 0, &memory);
	return memory;
}

size_t Applications_GetTotalMemoryUsageInKB(void)
{
	return measure().total;
}

size_t Applications_GetUserModeMemoryUsageInKB(void)
{
	return measure().user;
}

size_t Applications_GetPeakUserModeMemoryUsageInKB(void)
{
	return measure().peak;
}

int Applications_ResetPeakMemoryUsage(void)
{
	return applibs_channel_ask(APP_CHANNEL_RESET_PEAK, 0, NULL);
}
