// SPDX-License-Identifier: GPL-2.0-only
/* Counters: what they count, where they stop, and the call that reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "machine.h"
#include "monitor/normal_ram.h"
#include "monitor/state/state.h"
#include "monitor/telemetry/telemetry.h"

static struct cfi_flash secure;

static int set_up(void **state)
{
	(void)state;
	machine_init();
	assert_int_equal(cfi_probe(&secure, MACHINE_SECURE_BASE), 0);
	assert_int_equal(state_load(&secure), E_MONITOR_STATE_BLANK);
	normal_ram_init(MACHINE_RAM_BYTES);
	return 0;
}

static void commit(void)
{
	telemetry_join(&state_draft()->telemetry);
	assert_int_equal(state_commit(), 0);
	telemetry_clear();
}

static void test_counts(void **state)
{
	const struct telemetry_state *now = &state_now()->telemetry;

	(void)state;
	telemetry_count_start(SPH_RESET_WATCHDOG);
	telemetry_count_refused(SPH_SLOT_B, E_MONITOR_PART);
	telemetry_count_recovery();
	commit();
	telemetry_count_start(SPH_RESET_COUNT);
	telemetry_count_refused(SPH_SLOT_COUNT, E_MONITOR_KERNEL);
	commit();
	telemetry_count_start(SPH_RESET_POWER_ON);
	commit();
	assert_int_equal(now->boots, 3);
	assert_int_equal(now->resets[SPH_RESET_WATCHDOG], 1);
	assert_int_equal(now->resets[SPH_RESET_POWER_ON], 1);
	assert_int_equal(now->slot_failures[SPH_SLOT_A], 0);
	assert_int_equal(now->slot_failures[SPH_SLOT_B], 1);
	assert_int_equal(now->last_error, E_MONITOR_KERNEL);
	assert_int_equal(now->last_error_boot, 2);
	assert_int_equal(now->recoveries, 1);
	assert_int_equal(now->fallbacks, 0);
	telemetry_add_fallback(&state_draft()->telemetry);
	assert_int_equal(state_commit(), 0);
	assert_int_equal(now->fallbacks, 1);
}

static void start_by(uint32_t reason)
{
	telemetry_count_start(reason);
	commit();
}

/* Resets count, power cuts do not; one that lasts and a new OS begin anew. */
static void test_early_ends(void **state)
{
	const struct telemetry_state *now = &state_now()->telemetry;
	uint32_t settled[5] = { SPH_SMC_BOOT_SETTLED };

	(void)state;
	start_by(SPH_RESET_POWER_ON);
	assert_int_equal(now->early_ends, 0);
	start_by(SPH_RESET_WATCHDOG);
	start_by(SPH_RESET_REQUESTED);
	assert_int_equal(now->early_ends, 2);
	start_by(SPH_RESET_POWER_ON);
	assert_int_equal(now->early_ends, 2);
	start_by(SPH_RESET_FAULT);
	assert_int_equal(now->early_ends, 3);
	for (int i = 0; i < 2; i++) {
		settled[0] = SPH_SMC_BOOT_SETTLED;
		assert_true(machine_smc(settled));
		assert_int_equal(settled[0], SPH_SMC_OK);
		assert_int_equal(now->early_ends, 0);
	}
	start_by(SPH_RESET_REQUESTED);
	assert_int_equal(now->early_ends, 0);
	start_by(SPH_RESET_REQUESTED);
	assert_int_equal(now->early_ends, 1);
	start_by(SPH_RESET_RECOVERED);
	assert_int_equal(now->early_ends, 0);
}

static void test_saturates(void **state)
{
	struct telemetry_state full;

	(void)state;
	memset(&full, 0xff, sizeof(full));
	telemetry_count_start(SPH_RESET_FAULT);
	telemetry_count_refused(SPH_SLOT_A, E_MONITOR_PART);
	telemetry_add_fallback(&full);
	telemetry_join(&full);
	assert_int_equal(full.boots, UINT32_MAX);
	assert_int_equal(full.resets[SPH_RESET_FAULT], UINT32_MAX);
	assert_int_equal(full.slot_failures[SPH_SLOT_A], UINT32_MAX);
	assert_int_equal(full.fallbacks, UINT32_MAX);
}

static void test_call(void **state)
{
	uint32_t regs[5] = { SPH_SMC_TELEMETRY, MACHINE_RAM_BASE };
	struct sph_telemetry record;

	(void)state;
	telemetry_count_start(SPH_RESET_REQUESTED);
	commit();
	assert_true(machine_smc(regs));
	assert_int_equal(regs[0], SPH_SMC_OK);
	memcpy(&record, machine.ram, sizeof(record));
	assert_int_equal(record.boots, 1);
	assert_int_equal(record.resets[SPH_RESET_REQUESTED], 1);
	regs[0] = SPH_SMC_TELEMETRY;
	regs[1] = MACHINE_RAM_BASE + MACHINE_RAM_BYTES - sizeof(record) + 4;
	assert_true(machine_smc(regs));
	assert_int_equal((int32_t)regs[0], SPH_SMC_E_ADDRESS);
	regs[0] = SPH_SMC_TELEMETRY;
	regs[1] = MACHINE_RAM_BASE + 2;
	assert_true(machine_smc(regs));
	assert_int_equal((int32_t)regs[0], SPH_SMC_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_counts, set_up),
		cmocka_unit_test_setup(test_early_ends, set_up),
		cmocka_unit_test_setup(test_saturates, set_up),
		cmocka_unit_test_setup(test_call, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
