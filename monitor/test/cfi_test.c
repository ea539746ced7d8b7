// SPDX-License-Identifier: GPL-2.0-only
/* The flash driver against the flash of machine.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "machine.h"
#include "monitor/cfi.h"


static struct cfi_flash flash;

static int set_up(void **state)
{
	(void)state;
	machine_init();
	assert_int_equal(cfi_probe(&flash, MACHINE_FLASH_BASE), 0);
	return 0;
}

static void test_probe_finds_geometry(void **state)
{
	(void)state;
	assert_int_equal(flash.base, MACHINE_FLASH_BASE);
	assert_int_equal(flash.bytes, MACHINE_FLASH_BYTES);
	assert_int_equal(flash.sector_bytes, MACHINE_SECTOR);
	assert_int_equal(flash.buffer_bytes, 64);
	assert_true(machine.flash_in_array_mode);
}

static void test_probe_refuses(void **state)
{
	static const struct {
		uint8_t at, value;
		int error;
	} changes[] = {
		{ 0x10, 'X', E_MONITOR_FLASH_ABSENT },
		{ 0x12, 0, E_MONITOR_FLASH_ABSENT },
		{ 0x13, 2, E_MONITOR_FLASH_GEOMETRY },	/* AMD command set */
		{ 0x14, 1, E_MONITOR_FLASH_GEOMETRY },
		{ 0x27, 15, E_MONITOR_FLASH_GEOMETRY },
		{ 0x27, 31, E_MONITOR_FLASH_GEOMETRY },
		{ 0x27, 255, E_MONITOR_FLASH_GEOMETRY },
		{ 0x2a, 0, E_MONITOR_FLASH_GEOMETRY },	/* no write buffer */
		{ 0x2a, 255, E_MONITOR_FLASH_GEOMETRY },
		{ 0x2c, 2, E_MONITOR_FLASH_GEOMETRY },	/* two kinds of sectors */
		{ 0x2c, 0, E_MONITOR_FLASH_GEOMETRY },
		{ 0x2d, 0, E_MONITOR_FLASH_GEOMETRY },
		{ 0x2f, 0, E_MONITOR_FLASH_GEOMETRY },
		{ 0x30, 255, E_MONITOR_FLASH_GEOMETRY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		set_up(state);
		machine.query[changes[i].at] = changes[i].value;
		assert_int_equal(cfi_probe(&flash, MACHINE_FLASH_BASE),
				 changes[i].error);
		assert_true(machine.flash_in_array_mode);
	}
	set_up(state);
	machine.chip_missing = true;
	assert_int_equal(cfi_probe(&flash, MACHINE_FLASH_BASE),
			 E_MONITOR_FLASH_ABSENT);
}

/* Lengths and offsets around the write buffer's edges. */
static void test_program_splits_at_buffers(void **state)
{
	uint32_t data[64];

	for (uint32_t i = 0; i < ARRAY_SIZE(data); i++)
		data[i] = i * 0x9e3779b9;
	for (uint32_t offset = 0; offset <= 64; offset += 4) {
		for (uint32_t bytes = 4; bytes <= sizeof(data); bytes += 4) {
			set_up(state);
			assert_int_equal(cfi_program(&flash, offset, data,
						     bytes),
					 SPH_SMC_OK);
			assert_memory_equal(machine.flash + offset, data,
					    bytes);
			assert_int_equal(machine.flash[offset + bytes], 0xff);
			assert_true(machine.flash_in_array_mode);
		}
	}
}

static void test_program_only_clears_bits(void **state)
{
	const uint32_t first = 0x0ff00ff0, less = 0x00f000f0, more = 0x0ff10ff0;

	(void)state;
	assert_int_equal(cfi_program(&flash, 8, &first, 4), SPH_SMC_OK);
	assert_int_equal(cfi_program(&flash, 8, &less, 4), SPH_SMC_OK);
	assert_int_equal(machine.flash_commands, 2);
	assert_int_equal(cfi_program(&flash, 8, &more, 4), SPH_SMC_E_IO);
	assert_int_equal(machine.flash_commands, 2);
	assert_int_equal(cfi_erase(&flash, 0), SPH_SMC_OK);
	assert_int_equal(cfi_program(&flash, 8, &more, 4), SPH_SMC_OK);
}

static void test_one_bad_chip_is_a_failure(void **state)
{
	const uint32_t data = 0x12345678;

	machine.fault = FAULT_ERASE_STATUS;
	assert_int_equal(cfi_erase(&flash, 0), SPH_SMC_E_IO);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_int_equal(cfi_program(&flash, 0, &data, 4), SPH_SMC_E_IO);
	set_up(state);
	machine.fault = FAULT_BAD_CELL;
	assert_int_equal(cfi_program(&flash, 0, &data, 4), SPH_SMC_E_IO);
	set_up(state);
	machine.fault = FAULT_NEVER_READY;
	assert_int_equal(cfi_erase(&flash, 0), SPH_SMC_E_IO);
	assert_true(machine.ticks < 6000); /* a tick is a millisecond here */
	assert_true(machine.flash_in_array_mode);
	set_up(state);
	assert_int_equal(cfi_program(&flash, 0, &data, 4), SPH_SMC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_probe_finds_geometry, set_up),
		cmocka_unit_test_setup(test_probe_refuses, set_up),
		cmocka_unit_test_setup(test_program_splits_at_buffers, set_up),
		cmocka_unit_test_setup(test_program_only_clears_bits, set_up),
		cmocka_unit_test_setup(test_one_bad_chip_is_a_failure, set_up),
	};

	return cmocka_run_group_tests_name("monitor cfi", tests, NULL, NULL);
}
