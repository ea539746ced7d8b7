// SPDX-License-Identifier: GPL-2.0-only
/* The recovery loader: what it takes starts, what it refuses does not, and nothing else is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "sample.h"
#include "monitor/boot_verify.h"
#include "monitor/images/slots.h"
#include "monitor/recovery/recovery.h"
#include "monitor/state/state.h"
#include "ymodem_sender.h"

static uint8_t os[MACHINE_SLOT_BYTES], stream[16 * MACHINE_SLOT_BYTES];
static uint32_t stream_bytes;
static uint8_t before[MACHINE_FLASH_BYTES];

static int load_keys(void **state)
{
	(void)state;
	return keys_load();
}

static int free_keys(void **state)
{
	(void)state;
	keys_free();
	return 0;
}

static uint8_t *slot_at(uint32_t slot)
{
	return machine.flash + (slot == SPH_SLOT_A ? MACHINE_SLOT_A : MACHINE_SLOT_B);
}

/* A device that has confirmed an OS of security version 1 in slot A, and lost it. */
static int set_up(void **state)
{
	(void)state;
	sample_make();
	if (!sample_start() || sample_call(SPH_SMC_BOOT_OK, 0, 0, 0, 0))
		return -1;
	slot_at(SPH_SLOT_A)[MACHINE_SLOT_KERNEL] ^= 1;
	memset(slot_at(SPH_SLOT_B), 0, MACHINE_SLOT_BYTES);
	sample_make_os(os, 2, 0xb2);
	stream_bytes = 0;
	return 0;
}

/* What follows in the stream waits until the loader asks for it. */
static void wait_for_ask(void)
{
	if (!stream_bytes)
		machine.input_waits_count = 0;
	assert_true(machine.input_waits_count < ARRAY_SIZE(machine.input_waits));
	machine.input_waits[machine.input_waits_count++] = stream_bytes;
}

static void send_file(const uint8_t *data, uint32_t bytes)
{
	wait_for_ask();
	stream_bytes += sender_put_file(stream + stream_bytes, data, bytes);
}

static void load(void)
{
	static struct boot_verified verified;
	struct cfi_flash flash;

	if (!cfi_probe(&flash, MACHINE_FLASH_BASE))
		recovery_run(&flash, MACHINE_RAM_BYTES, &verified);
}

/* Starts with two bad slots, and the loader gets what was sent.  True: it has recovered. */
static bool recovers(void)
{
	assert_false(sample_start());
	memcpy(before, machine.flash, sizeof(before));
	memset(machine.console, 0, sizeof(machine.console));
	machine.console_bytes = 0;
	machine.input = stream;
	machine.input_bytes = stream_bytes;
	machine.input_at = 0;
	return !machine_run(load) && machine.end == END_RESET &&
	       machine.reset_reason == SPH_RESET_RECOVERED;
}

/* No byte outside the slot was written. */
static void assert_rest_is_untouched(uint32_t slot)
{
	const uint32_t start = slot == SPH_SLOT_A ? MACHINE_SLOT_A : MACHINE_SLOT_B;
	const uint32_t end = start + MACHINE_SLOT_BYTES;

	assert_memory_equal(before, machine.flash, start);
	assert_memory_equal(before + end, machine.flash + end, MACHINE_FLASH_BYTES - end);
	assert_true(machine.flash_in_array_mode);
}

static void assert_starts(uint32_t slot)
{
	const uint8_t *rest = slot_at(slot) + SAMPLE_OS_BYTES;

	assert_rest_is_untouched(slot);
	for (uint32_t i = 0; i < MACHINE_SLOT_BYTES - SAMPLE_OS_BYTES; i++)
		assert_int_equal(rest[i], 0xff);
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, slot);
	assert_true(state_now()->slots.is_set);
	assert_int_equal(state_now()->slots.confirmed, slot);
	assert_int_equal(state_now()->slots.trial, 0);
}

/* Refused with this text, and then nobody sends any more. */
static void assert_refused(const char *text)
{
	assert_false(recovers());
	assert_int_equal(machine.end, END_NONE);
	assert_non_null(strstr(machine.console, "E1061"));
	assert_non_null(strstr(machine.console, text));
	assert_rest_is_untouched(SPH_SLOT_B);
	assert_false(sample_start());
	assert_int_equal(state_now()->slots.confirmed, SPH_SLOT_A);
	stream_bytes = 0;
}

static void test_into_the_other_slot(void **state)
{
	(void)state;
	send_file(os, SAMPLE_OS_BYTES);
	assert_true(recovers());
	assert_starts(SPH_SLOT_B);
	assert_int_equal(state_now()->versions.os, 1);
	assert_int_equal(sample_call(SPH_SMC_BOOT_OK, 0, 0, 0, 0), 0);
	assert_int_equal(state_now()->versions.os, 2);
	/* And from B to A. */
	slot_at(SPH_SLOT_B)[MACHINE_SLOT_KERNEL] ^= 1;
	assert_true(recovers());
	assert_starts(SPH_SLOT_A);
}

static void test_slot_a_when_nothing_is_set(void **state)
{
	(void)state;
	sample_make();
	slot_at(SPH_SLOT_A)[0] ^= 1;
	send_file(os, SAMPLE_OS_BYTES);
	assert_true(recovers());
	assert_starts(SPH_SLOT_A);
}

static void test_trial_is_over(void **state)
{
	(void)state;
	slots_put_trial(state_draft(), SPH_SLOT_A);
	assert_int_equal(state_commit(), 0);
	send_file(os, SAMPLE_OS_BYTES);
	assert_true(recovers());
	assert_starts(SPH_SLOT_B);
}

static void test_what_is_not_genuine(void **state)
{
	/* In each part, and in what signs them. */
	static const uint32_t places[] = { MACHINE_SLOT_MANIFEST, MACHINE_SLOT_MANIFEST + 8,
					   MACHINE_SLOT_MANIFEST + 895, 0, MACHINE_SLOT_KERNEL,
					   MACHINE_SLOT_SYSTEM };

	(void)state;
	for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		os[places[i]] ^= 4;
		send_file(os, SAMPLE_OS_BYTES);
		assert_refused("recovery: refused: ");
		os[places[i]] ^= 4;
	}
	os[MACHINE_SLOT_KERNEL] ^= 4;
	send_file(os, SAMPLE_OS_BYTES);
	assert_refused("E1013 recovery: refused: the kernel");
	os[MACHINE_SLOT_KERNEL] ^= 4;
	/* More than was signed. */
	memset(os + SAMPLE_OS_BYTES, 0, MACHINE_SECTOR);
	send_file(os, SAMPLE_OS_BYTES + MACHINE_SECTOR);
	assert_refused("E1014 ");
	/* Less. */
	send_file(os, SAMPLE_OS_BYTES - 4);
	assert_refused("E1013 ");
	/* Nothing but what was there before: a file of another shape. */
	send_file((const uint8_t *)"x", 1);
	assert_refused("E1008 ");
	send_file(os, SAMPLE_OS_BYTES);
	assert_true(recovers());
	assert_starts(SPH_SLOT_B);
}

static void test_older_is_refused(void **state)
{
	(void)state;
	send_file(os, SAMPLE_OS_BYTES);
	assert_true(recovers());
	assert_starts(SPH_SLOT_B);
	assert_int_equal(sample_call(SPH_SMC_BOOT_OK, 0, 0, 0, 0), 0);
	slot_at(SPH_SLOT_B)[MACHINE_SLOT_KERNEL] ^= 1;
	sample_make_os(os, 1, 0xb1);
	stream_bytes = 0;
	send_file(os, SAMPLE_OS_BYTES);
	assert_false(recovers());
	assert_non_null(strstr(machine.console, "E1027 recovery: refused"));
	assert_rest_is_untouched(SPH_SLOT_A);
}

static void test_lengths(void **state)
{
	(void)state;
	wait_for_ask();
	stream_bytes = sender_put_header(stream, "x", MACHINE_SLOT_BYTES + 1);
	assert_refused("E1063 ");
	assert_memory_equal(before, machine.flash, sizeof(before));
	stream_bytes = sender_put_header(stream, "x", 0);
	assert_refused("E1063 ");
	stream_bytes = sender_put_header(stream, "x", 0x7fffffff);
	assert_refused("E1063 ");
	send_file(os, MACHINE_SLOT_BYTES); /* whole, and zeros that nobody signed */
	assert_false(recovers());
	assert_rest_is_untouched(SPH_SLOT_B);
}

/* Broken off at every kilobyte; the same loader then takes a whole one. */
static void test_transfers_that_fail(void **state)
{
	uint32_t whole;

	(void)state;
	send_file(os, SAMPLE_OS_BYTES);
	whole = stream_bytes;
	for (uint32_t bytes = 1; bytes < whole; bytes += 1000) {
		memset(slot_at(SPH_SLOT_B), 0, MACHINE_SLOT_BYTES);
		stream_bytes = bytes;
		assert_false(recovers());
		assert_rest_is_untouched(SPH_SLOT_B);
		if (bytes > 1000)
			assert_non_null(strstr(machine.console, "E1062 "));
	}
	stream_bytes = whole / 2;
	memset(stream + stream_bytes, 'x', 100000);
	stream_bytes += 100000;
	stream_bytes += sender_put_file(stream + stream_bytes, os, SAMPLE_OS_BYTES);
	assert_false(recovers()); /* unasked, and so it begins in what the loader throws away */
	stream_bytes = 0;
	send_file(os, SAMPLE_OS_BYTES);
	stream_bytes -= 133;	/* all but the end of the batch */
	memset(stream + stream_bytes, 0x18, 2000);
	stream_bytes += 2000;
	send_file(os, SAMPLE_OS_BYTES);
	assert_true(recovers());
	assert_null(strstr(strstr(machine.console, "E1062 ") + 1, "E1062 "));
	assert_non_null(strstr(machine.console, "E1062 "));
	assert_starts(SPH_SLOT_B);
}

static void test_flash_that_fails(void **state)
{
	static const enum machine_fault faults[] = { FAULT_ERASE_STATUS, FAULT_PROGRAM_STATUS,
						     FAULT_BAD_CELL };

	(void)state;
	for (uint32_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		send_file(os, SAMPLE_OS_BYTES);
		assert_false(sample_start());
		machine.fault = faults[i];
		machine.console_bytes = 0;
		machine.input = stream;
		machine.input_bytes = stream_bytes;
		machine.input_at = 0;
		assert_true(machine_run(load));
		assert_non_null(strstr(machine.console, "E1064 "));
		machine.fault = FAULT_NONE;
		machine_power_on();
		stream_bytes = 0;
	}
}

/* The power fails at each command of the flash: the loader is there again, and takes it then. */
static void test_power_cuts(void **state)
{
	uint32_t cuts = 0;

	for (uint32_t command = 1;; command++) {
		assert_int_equal(set_up(state), 0);
		machine.cut = command % CUT_COUNT;
		send_file(os, SAMPLE_OS_BYTES);
		assert_false(sample_start());
		memcpy(before, machine.flash, sizeof(before));
		machine.input = stream;
		machine.input_bytes = stream_bytes;
		machine.input_at = 0;
		machine.cut_at = machine.flash_commands + command;
		assert_false(machine_run(load));
		if (machine.end != END_CUT)
			break;
		cuts++;
		machine_power_on();
		assert_rest_is_untouched(SPH_SLOT_B);
		if (sample_start())
			continue; /* it was remembered */
		assert_true(recovers());
		assert_starts(SPH_SLOT_B);
	}
	assert_true(cuts > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_into_the_other_slot, set_up),
		cmocka_unit_test_setup(test_slot_a_when_nothing_is_set, set_up),
		cmocka_unit_test_setup(test_trial_is_over, set_up),
		cmocka_unit_test_setup(test_what_is_not_genuine, set_up),
		cmocka_unit_test_setup(test_older_is_refused, set_up),
		cmocka_unit_test_setup(test_lengths, set_up),
		cmocka_unit_test_setup(test_transfers_that_fail, set_up),
		cmocka_unit_test_setup(test_flash_that_fails, set_up),
		cmocka_unit_test_setup(test_power_cuts, set_up),
	};

	return cmocka_run_group_tests_name("monitor recovery", tests, load_keys, free_keys);
}
