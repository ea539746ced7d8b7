// SPDX-License-Identifier: GPL-2.0-only
/* Arms the secure timer, and resets the device when it has fired. */
#include "watchdog.h"

#include "abi/smc.h"
#include "cpu.h"
#include "log.h"
#include "plat.h"

#define MS_PER_S		1000

void watchdog_arm(uint32_t ms)
{
	cpu_secure_timer_start((uint64_t)ms * (plat.timer_hz / MS_PER_S));
}

int32_t watchdog_renew(const struct smc_args *args, struct smc_results *results)
{
	(void)results;
	if (args->r1 < SPH_WATCHDOG_MIN_MS || args->r1 > SPH_WATCHDOG_MAX_MS)
		return SPH_SMC_E_INVALID;
	watchdog_arm(args->r1);
	return SPH_SMC_OK;
}

void watchdog_interrupt(void)
{
	if (!cpu_secure_timer_has_fired())
		return;
	log_error(E_MONITOR_WATCHDOG, "Linux did not answer in time, reset by the watchdog");
	plat_reset(SPH_RESET_WATCHDOG);
}
