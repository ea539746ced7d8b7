/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which slot starts: the one that was confirmed, or before it one on trial, which has some starts to
 * say "boot ok".
 */
#ifndef MONITOR_IMAGES_SLOTS_H
#define MONITOR_IMAGES_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "monitor/boot.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"

#define SLOT_ATTEMPTS		3	/* starts of an OS that has not said that it works */
#define SLOT_TRIAL_MS		SPH_WATCHDOG_MAX_MS	/* that it has for it, before a reset */

/* Before the call; @boot lives as long as the monitor. */
void slots_init(const struct boot_info *boot);

uint32_t slots_other(uint32_t slot);

/*
 * The slot to try first.  False: the state does not say, and the boot record decides.  A trial
 * that has no attempts left is ended, logged and committed here.
 */
bool slots_choose(uint32_t *slot);

/* True when it has not yet said that it works. */
bool slots_is_on_trial(uint32_t slot);

/*
 * Before a slot that was verified is started: counts one of its attempts, if it is on trial.
 * Returns 0, or E_MONITOR_STATE_WRITE: then it must not be started.
 */
int slots_count_attempt(uint32_t slot);

/* A slot that was refused is not on trial any more. */
void slots_refuse(uint32_t slot);

/* Nothing is tried any more.  No write when nothing is.  0 or E_MONITOR_STATE_WRITE. */
int slots_end_trial(void);

/* In a draft: the slot beside @running is tried next, and @running is what comes back. */
void slots_put_trial(struct state *draft, uint32_t running);

/*
 * The recovery loader has put a verified OS into @slot: it starts next, and nothing is on trial.
 * 0 or E_MONITOR_STATE_WRITE.
 */
int slots_recover(uint32_t slot);

/* SPH_SMC_BOOT_OK. */
int32_t slots_boot_ok(const struct smc_args *args, struct smc_results *results);

#endif
