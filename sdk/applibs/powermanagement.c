// SPDX-License-Identifier: MIT
/* Restart and power-off: application-manager decides and does it. */
#include <applibs/powermanagement.h>

#include <assert.h>
#include <errno.h>

#include "channel.h"

static_assert(POWERMANAGEMENT_NO_WAKE == APP_CHANNEL_NO_WAKE, "one number");

int PowerManagement_ForceSystemReboot(void)
{
	return applibs_channel_ask(APP_CHANNEL_REBOOT, 0, NULL);
}

int PowerManagement_ForceSystemPowerDown(unsigned int maximum_residency_in_seconds)
{
	if (!maximum_residency_in_seconds) {
		errno = EINVAL;
		return -1;
	}
	return applibs_channel_ask(APP_CHANNEL_POWER_DOWN, maximum_residency_in_seconds,
			   NULL);
}
