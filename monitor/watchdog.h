/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resets the device when the normal world does not answer in time.
 *
 * The secure physical timer raises an interrupt of group 0, which SCR.FIQ takes to monitor mode.
 * The normal world reaches neither the timer nor the interrupt, and with SCR.FW clear it cannot mask
 * it (Arm DDI 0406C.d, B1.8.4 and B4.1.129).  Until it is armed nothing happens.
 */
#ifndef MONITOR_WATCHDOG_H
#define MONITOR_WATCHDOG_H

#include <stdint.h>

#include "monitor/smc.h"

/* Starts the time anew.  @ms: SPH_WATCHDOG_MIN_MS to SPH_WATCHDOG_MAX_MS; nothing stops it. */
void watchdog_arm(uint32_t ms);

/* SPH_SMC_WATCHDOG: SPH_SMC_OK or SPH_SMC_E_INVALID, which leaves the time as it was. */
int32_t watchdog_renew(const struct smc_args *args, struct smc_results *results);

/* Called by vectors.S for each FIQ: resets when the time is over, else returns. */
void watchdog_interrupt(void);

#endif
