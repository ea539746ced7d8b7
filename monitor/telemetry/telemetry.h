/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts starts and what went wrong at them.
 *
 * What happens at a start is collected in memory and joins the one commit of that start, so other
 * commits before it do not lose it.  Counters stay at their maximum.
 */
#ifndef MONITOR_TELEMETRY_TELEMETRY_H
#define MONITOR_TELEMETRY_TELEMETRY_H

#include <stdint.h>

#include "monitor/smc.h"
#include "monitor/telemetry/telemetry_state.h"

/* First: a new start.  @reset_reason: SPH_RESET_*. */
void telemetry_count_start(uint32_t reset_reason);

/* @slot (SPH_SLOT_*) was refused with @error of abi/errors.h. */
void telemetry_count_refused(uint32_t slot, uint32_t error);

/* The recovery loader was reached. */
void telemetry_count_recovery(void);

/* A trial slot is given up: in the draft that ends the trial. */
void telemetry_add_fallback(struct telemetry_state *telemetry);

/* Adds what was collected to @telemetry, of a draft of the state.  Call telemetry_clear() after its commit. */
void telemetry_join(struct telemetry_state *telemetry);
void telemetry_clear(void);

/* SPH_SMC_BOOT_SETTLED: SPH_SMC_OK or SPH_SMC_E_IO. */
int32_t telemetry_settle(const struct smc_args *args, struct smc_results *results);

/* SPH_SMC_TELEMETRY: SPH_SMC_OK, SPH_SMC_E_INVALID or SPH_SMC_E_ADDRESS. */
int32_t telemetry_read(const struct smc_args *args, struct smc_results *results);

#endif
