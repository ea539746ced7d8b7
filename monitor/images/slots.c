// SPDX-License-Identifier: GPL-2.0-only
/* Trial and confirmation of an OS. */
#include "monitor/images/slots.h"

#include "abi/errors.h"
#include "abi/smc.h"
#include "monitor/log.h"
#include "monitor/telemetry/telemetry.h"

static const struct boot_info *boot;

void slots_init(const struct boot_info *the_boot)
{
	boot = the_boot;
}

uint32_t slots_other(uint32_t slot)
{
	return slot == SPH_SLOT_A ? SPH_SLOT_B : SPH_SLOT_A;
}

bool slots_is_on_trial(uint32_t slot)
{
	const struct slot_state *slots = &state_now()->slots;

	return slots->is_set && slots->trial && slot == slots_other(slots->confirmed);
}

static void end_trial(struct state *draft)
{
	draft->slots.trial = 0;
	draft->slots.attempts_left = 0;
}

/* An OS that was tried and failed, which a person should learn of. */
static void give_up(void)
{
	struct state *draft = state_draft();

	end_trial(draft);
	telemetry_add_fallback(&draft->telemetry);
	/* When it is not written the next start comes here again. */
	if (state_commit())
		log_error(E_MONITOR_STATE_WRITE, "the end of the trial cannot be remembered");
}

bool slots_choose(uint32_t *slot)
{
	const struct slot_state *slots = &state_now()->slots;

	if (!slots->is_set)
		return false;
	*slot = slots->confirmed;
	if (!slots->trial)
		return true;
	if (slots->attempts_left) {
		*slot = slots_other(slots->confirmed);
		return true;
	}
	log_error(E_MONITOR_TRIAL, "the OS on trial did not say that it works");
	give_up();
	return true;
}

int slots_count_attempt(uint32_t slot)
{
	struct state *draft = state_draft();

	if (!slots_is_on_trial(slot))
		return 0;
	draft->slots.attempts_left--;
	return state_commit();
}

void slots_refuse(uint32_t slot)
{
	if (slots_is_on_trial(slot))
		give_up();
}

int slots_end_trial(void)
{
	struct state *draft = state_draft();

	if (!draft->slots.trial)
		return 0;
	end_trial(draft);
	return state_commit();
}

void slots_put_trial(struct state *draft, uint32_t running)
{
	draft->slots = (struct slot_state){ .is_set = 1, .confirmed = running, .trial = 1,
					    .attempts_left = SLOT_ATTEMPTS };
}

int slots_recover(uint32_t slot)
{
	struct state *draft = state_draft();

	draft->slots = (struct slot_state){ .is_set = 1, .confirmed = slot };
	return state_commit();
}

int32_t slots_boot_ok(const struct smc_args *args, struct smc_results *results)
{
	struct state *draft = state_draft();
	struct slot_state *slots = &draft->slots;
	bool changes = false;

	(void)args;
	(void)results;
	/* A trial of the other slot, which was installed since the start, goes on. */
	if (!slots->is_set || slots->confirmed != boot->slot) {
		*slots = (struct slot_state){ .is_set = 1, .confirmed = boot->slot };
		changes = true;
	}
	if (draft->versions.os < boot->os_security_version) {
		draft->versions.os = boot->os_security_version;
		changes = true;
	}
	return changes && state_commit() ? SPH_SMC_E_IO : SPH_SMC_OK;
}
