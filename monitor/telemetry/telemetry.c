// SPDX-License-Identifier: GPL-2.0-only
/* Collects the events of a start; writes them out when asked. */
#include "monitor/telemetry/telemetry.h"

#include <assert.h>
#include <string.h>

#include "abi/monitor_records.h"
#include "monitor/normal_ram.h"
#include "monitor/state/state.h"

#define RECORD_RESETS \
	(sizeof(((struct sph_telemetry *)0)->resets) / sizeof(uint32_t))

static_assert(SPH_RESET_COUNT <= RECORD_RESETS, "the record has room for each reason");

/* Counts of this start; @last_error is 0 when there was none. */
static struct telemetry_state pending;

static void add(uint32_t *counter, uint32_t events)
{
	*counter = events > UINT32_MAX - *counter ? UINT32_MAX : *counter + events;
}

void telemetry_count_start(uint32_t reset_reason)
{
	memset(&pending, 0, sizeof(pending));
	pending.boots = 1;
	if (reset_reason < SPH_RESET_COUNT)
		pending.resets[reset_reason] = 1;
}

void telemetry_count_refused(uint32_t slot, uint32_t error)
{
	if (slot < SPH_SLOT_COUNT)
		add(&pending.slot_failures[slot], 1);
	pending.last_error = error;
}

void telemetry_count_recovery(void)
{
	add(&pending.recoveries, 1);
}

void telemetry_add_fallback(struct telemetry_state *telemetry)
{
	add(&telemetry->fallbacks, 1);
}

/*
 * A power cut is no sign of a fault: whoever pulls the plug a few times has done nothing to the apps.
 * What the recovery loader wrote has not failed yet.
 */
static void join_early_end(struct telemetry_state *telemetry)
{
	if (!pending.boots)
		return;
	if (pending.resets[SPH_RESET_RECOVERED])
		telemetry->early_ends = 0;
	else if (telemetry->is_unsettled && !pending.resets[SPH_RESET_POWER_ON])
		add(&telemetry->early_ends, 1);
	telemetry->is_unsettled = 1;
}

void telemetry_join(struct telemetry_state *telemetry)
{
	join_early_end(telemetry);
	add(&telemetry->boots, pending.boots);
	for (uint32_t i = 0; i < SPH_RESET_COUNT; i++)
		add(&telemetry->resets[i], pending.resets[i]);
	for (uint32_t i = 0; i < SPH_SLOT_COUNT; i++)
		add(&telemetry->slot_failures[i], pending.slot_failures[i]);
	add(&telemetry->recoveries, pending.recoveries);
	if (pending.last_error) {
		telemetry->last_error = pending.last_error;
		telemetry->last_error_boot = telemetry->boots;
	}
}

void telemetry_clear(void)
{
	memset(&pending, 0, sizeof(pending));
}

int32_t telemetry_settle(const struct smc_args *args, struct smc_results *results)
{
	struct telemetry_state *draft;

	(void)args;
	(void)results;
	if (!state_now()->telemetry.is_unsettled)
		return SPH_SMC_OK;
	draft = &state_draft()->telemetry;
	draft->is_unsettled = 0;
	draft->early_ends = 0;
	return state_commit() ? SPH_SMC_E_IO : SPH_SMC_OK;
}

int32_t telemetry_read(const struct smc_args *args, struct smc_results *results)
{
	const struct telemetry_state *now = &state_now()->telemetry;
	struct sph_telemetry record;

	(void)results;
	memset(&record, 0, sizeof(record));
	record.boots = now->boots;
	memcpy(record.resets, now->resets, sizeof(now->resets));
	memcpy(record.slot_failures, now->slot_failures, sizeof(now->slot_failures));
	record.last_error = now->last_error;
	record.last_error_boot = now->last_error_boot;
	record.recoveries = now->recoveries;
	record.fallbacks = now->fallbacks;
	record.early_ends = now->early_ends;
	return normal_ram_write(args->r1, &record, sizeof(record));
}
