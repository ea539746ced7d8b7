// SPDX-License-Identifier: GPL-2.0-only
/* What the monitor remembers: the old record or the new one, whatever is interrupted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/errors.h"
#include "machine.h"
#include "monitor/cfi.h"
#include "monitor/state/state.h"
#include "monitor/state/store.h"

/* So large that a sector has few places, and a turn of the ring is short. */
#define WORDS			1000u
#define PLACES_PER_SECTOR	(MACHINE_SECURE_SECTOR / STORE_PLACE_BYTES)
#define PLACES			(PLACES_PER_SECTOR * MACHINE_STATE_SECTORS)

static struct cfi_flash secure;
static struct store store;
static uint32_t payload[WORDS];

static int power_on(void **state)
{
	(void)state;
	machine_power_on();
	return cfi_probe(&secure, MACHINE_SECURE_BASE);
}

static int set_up(void **state)
{
	machine_init();
	store = (struct store){
		.flash = &secure,
		.offset = MACHINE_STATE,
		.sectors = MACHINE_STATE_SECTORS,
		.format = 1,
		.bytes = sizeof(payload),
	};
	return power_on(state);
}

static void fill(uint32_t value)
{
	for (uint32_t i = 0; i < WORDS; i++)
		payload[i] = value + i;
}

/* What a record was filled with; the test fails on a mixture. */
static uint32_t loaded(void)
{
	memset(payload, 0, sizeof(payload));
	assert_int_equal(store_load(&store, payload), 0);
	for (uint32_t i = 0; i < WORDS; i++)
		assert_int_equal(payload[i], payload[0] + i);
	return payload[0];
}

static void test_blank(void **state)
{
	(void)state;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	fill(7);
	assert_int_equal(store_save(&store, payload), 0);
	assert_int_equal(loaded(), 7);
}

static void test_turns_of_the_ring(void **state)
{
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	for (uint32_t i = 1; i <= 5 * PLACES; i++) {
		fill(i);
		assert_int_equal(store_save(&store, payload), 0);
		assert_int_equal(power_on(state), 0);
		assert_int_equal(loaded(), i);
	}
}

/* Another layout of the monitor's state is no state; it is not taken for a blank device either. */
static void test_another_format(void **state)
{
	(void)state;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	for (uint32_t i = 0; i < 2 * PLACES_PER_SECTOR; i++)
		assert_int_equal(store_save(&store, payload), 0);
	store.format = 2;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_DAMAGED);
	store.format = 1;
	store.bytes -= 4;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_DAMAGED);
}

/* One bit, anywhere in the newest record: the one before it counts. */
static void test_bits(void **state)
{
	const uint32_t bytes = STORE_HEAD_BYTES + sizeof(payload) + 4;
	uint8_t *newest = machine.secure + MACHINE_STATE + STORE_PLACE_BYTES;

	(void)state;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	fill(1000);
	assert_int_equal(store_save(&store, payload), 0);
	fill(2000);
	assert_int_equal(store_save(&store, payload), 0);
	for (uint32_t i = 0; i < bytes; i++) {
		newest[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(loaded(), 1000);
		newest[i] ^= (uint8_t)(1 << i % 8);
	}
	assert_int_equal(loaded(), 2000);
}

/* What is whole but was not sealed is written again, and then is sealed. */
static void test_without_a_seal(void **state)
{
	uint8_t *seal = machine.secure + MACHINE_STATE + STORE_HEAD_BYTES + sizeof(payload) + 4;
	uint32_t commands;

	(void)state;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	fill(1);
	assert_int_equal(store_save(&store, payload), 0);
	memset(seal, 0xff, 4);
	commands = machine.flash_commands;
	assert_int_equal(loaded(), 1);
	assert_true(machine.flash_commands > commands);
	assert_int_equal(store.place, 1);
	commands = machine.flash_commands;
	assert_int_equal(loaded(), 1);
	assert_int_equal(machine.flash_commands, commands);
}

static void test_a_bad_flash(void **state)
{
	(void)state;
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	fill(1);
	assert_int_equal(store_save(&store, payload), 0);
	fill(2);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_int_equal(store_save(&store, payload), E_MONITOR_STATE_WRITE);
	machine.fault = FAULT_NONE;
	assert_int_equal(loaded(), 1);
	fill(3);
	assert_int_equal(store_save(&store, payload), 0);
	assert_int_equal(loaded(), 3);
}

/*
 * A save fails at its @fail-th command, wherever in the ring, and the next one does not: that one
 * counts, also after a start.  Returns false when a save has fewer commands.
 */
static bool fail_once(void **state, uint32_t saved, uint32_t fail)
{
	int error;

	assert_int_equal(set_up(state), 0);
	assert_int_equal(store_load(&store, payload), E_MONITOR_STATE_BLANK);
	for (uint32_t i = 0; i < saved; i++) {
		fill(i);
		assert_int_equal(store_save(&store, payload), 0);
	}
	fill(1000);
	machine.fail_at = machine.flash_commands + fail;
	error = store_save(&store, payload);
	if (!error)
		return false;
	assert_int_equal(error, E_MONITOR_STATE_WRITE);
	fill(2000);
	assert_int_equal(store_save(&store, payload), 0);
	assert_int_equal(power_on(state), 0);
	assert_int_equal(loaded(), 2000);
	return true;
}

static void test_a_save_that_fails(void **state)
{
	uint32_t failures = 0;

	for (uint32_t saved = 0; saved <= PLACES + 1; saved++) {
		for (uint32_t fail = 1; fail_once(state, saved, fail); fail++)
			failures++;
	}
	assert_true(failures > 500);
}

static void save(void)
{
	store_save(&store, payload);
}

static void load(void)
{
	store_load(&store, payload);
}

/*
 * The power fails at the @cut-th command of a save, and then at the @again-th one of what the next
 * start does about it.  Returns false when the save had fewer commands.
 */
static bool cut_twice(void **state, enum machine_cut how, uint32_t saved, uint32_t cut, uint32_t again)
{
	bool was_cut;
	uint32_t value;

	assert_int_equal(set_up(state), 0);
	machine.cut = how;
	store_load(&store, payload);
	for (uint32_t i = 1; i <= saved; i++) {
		fill(i * 1000);
		assert_int_equal(store_save(&store, payload), 0);
	}
	fill((saved + 1) * 1000);
	machine.cut_at = machine.flash_commands + cut;
	was_cut = !machine_run(save);
	assert_int_equal(power_on(state), 0);

	machine.cut_at = again ? machine.flash_commands + again : 0;
	machine_run(load);
	assert_int_equal(power_on(state), 0);
	if (saved == 0 && store_load(&store, payload) == E_MONITOR_STATE_BLANK)
		return was_cut;
	value = loaded();
	assert_true(value == saved * 1000 || value == (saved + 1) * 1000);
	if (!was_cut)
		assert_int_equal(value, (saved + 1) * 1000);
	/* And it can go on. */
	fill(123456);
	assert_int_equal(store_save(&store, payload), 0);
	assert_int_equal(loaded(), 123456);
	return was_cut;
}

/* At each command of a save, from a blank store to more than a turn of the ring. */
static uint32_t cut_each(void **state, enum machine_cut how)
{
	uint32_t cuts = 0;

	for (uint32_t saved = 0; saved <= PLACES + 1; saved++) {
		for (uint32_t cut = 1; cut_twice(state, how, saved, cut, 0); cut++) {
			cut_twice(state, how, saved, cut, 1);
			cut_twice(state, how, saved, cut, 2);
			cuts += 3;
		}
	}
	return cuts;
}

static void test_cuts(void **state)
{
	uint32_t cuts = 0;

	for (enum machine_cut how = 0; how < CUT_COUNT; how++)
		cuts += cut_each(state, how);
	printf("store: %u power cuts, 0 wrong\n", cuts);
	assert_true(cuts > 1500);
}

static void commit(void)
{
	state_commit();
}

/* The monitor's own state: a draft counts as a whole or not at all, also in memory. */
static void test_state(void **state)
{
	struct state *draft;

	assert_int_equal(state_load(&secure), E_MONITOR_STATE_BLANK);
	assert_int_equal(state_now()->versions.os, 0);
	draft = state_draft();
	draft->versions.os = 5;
	draft->slots.is_set = 1;
	assert_int_equal(state_now()->versions.os, 0);
	assert_int_equal(state_commit(), 0);
	assert_int_equal(state_now()->versions.os, 5);

	draft = state_draft();
	draft->versions.os = 6;
	machine.fault = FAULT_ERASE_STATUS;
	machine.cut_at = machine.flash_commands + 3;
	assert_false(machine_run(commit));
	machine.fault = FAULT_NONE;
	assert_int_equal(power_on(state), 0);
	assert_int_equal(state_load(&secure), 0);
	assert_int_equal(state_now()->versions.os, 5);
	assert_int_equal(state_now()->slots.is_set, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_blank, set_up),
		cmocka_unit_test_setup(test_turns_of_the_ring, set_up),
		cmocka_unit_test_setup(test_another_format, set_up),
		cmocka_unit_test_setup(test_bits, set_up),
		cmocka_unit_test_setup(test_without_a_seal, set_up),
		cmocka_unit_test_setup(test_a_bad_flash, set_up),
		cmocka_unit_test_setup(test_a_save_that_fails, set_up),
		cmocka_unit_test_setup(test_cuts, set_up),
		cmocka_unit_test_setup(test_state, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
