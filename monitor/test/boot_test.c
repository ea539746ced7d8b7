// SPDX-License-Identifier: GPL-2.0-only
/* What is chosen at boot: slot, device tree, kernel, size of RAM; and the log that says so. */
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
#include "monitor/boot.h"
#include "monitor/crc32.h"
#include "monitor/log.h"
#include "monitor/ram.h"


static int set_up(void **state)
{
	(void)state;
	machine_init();
	return 0;
}

static struct boot_record make_record(uint32_t sequence, uint32_t slot)
{
	struct boot_record record = {
		.magic = BOOT_RECORD_MAGIC,
		.version = BOOT_RECORD_VERSION,
		.sequence = sequence,
		.active_slot = slot,
	};

	record.crc32 = crc32(&record, offsetof(struct boot_record, crc32));
	return record;
}

static void test_crc32(void **state)
{
	(void)state;
	/* The catalogue's check value. */
	assert_int_equal(crc32("123456789", 9), 0xcbf43926);
	assert_int_equal(crc32("", 0), 0);
}

static void test_record_bit_flips(void **state)
{
	const struct boot_record good = make_record(1, SPH_SLOT_B);

	(void)state;
	assert_true(boot_record_is_valid(&good));
	for (uint32_t bit = 0; bit < sizeof(good) * 8; bit++) {
		struct boot_record bad = good;

		((uint8_t *)&bad)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(boot_record_is_valid(&bad));
	}
}

static void test_record_fields(void **state)
{
	static const struct {
		size_t offset;
		uint32_t value;
	} changes[] = {
		{ offsetof(struct boot_record, magic), 0 },
		{ offsetof(struct boot_record, version), 2 },
		{ offsetof(struct boot_record, sequence), 0 },
		{ offsetof(struct boot_record, active_slot), SPH_SLOT_COUNT },
		{ offsetof(struct boot_record, active_slot), ~0u },
		{ offsetof(struct boot_record, reserved), 1 },
		{ offsetof(struct boot_record, reserved[10]), 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct boot_record record = make_record(1, SPH_SLOT_A);

		memcpy((uint8_t *)&record + changes[i].offset,
		       &changes[i].value, 4);
		record.crc32 =
			crc32(&record, offsetof(struct boot_record, crc32));
		assert_false(boot_record_is_valid(&record));
	}
}

static void test_choice(void **state)
{
	static const struct {
		uint32_t sequence[2]; /* 0: not valid */
		uint32_t slot[2];
		uint32_t chosen, by;
	} cases[] = {
		{ { 0, 0 }, { 1, 1 }, SPH_SLOT_A, 0 },
		{ { 1, 0 }, { 1, 0 }, SPH_SLOT_B, 1 },
		{ { 0, 1 }, { 0, 1 }, SPH_SLOT_B, 1 },
		{ { 1, 2 }, { 0, 1 }, SPH_SLOT_B, 2 },
		{ { 3, 2 }, { 0, 1 }, SPH_SLOT_A, 3 },
		{ { 2, 2 }, { 1, 0 }, SPH_SLOT_B, 2 },
		{ { ~0u, 1 }, { 1, 0 }, SPH_SLOT_B, ~0u },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct boot_choice choice;

		machine_init();
		for (int copy = 0; copy < 2; copy++) {
			const struct boot_record record = make_record(
				cases[i].sequence[copy], cases[i].slot[copy]);

			memcpy(machine.flash + copy * MACHINE_SECTOR, &record,
			       sizeof(record));
		}
		choice = boot_read_choice();
		assert_int_equal(choice.slot, cases[i].chosen);
		assert_int_equal(choice.sequence, cases[i].by);
	}
	machine_init();
	assert_int_equal(boot_read_choice().sequence, 0);
}

static void put_dtb(uint32_t offset, uint32_t magic, uint32_t bytes)
{
	const uint32_t header[2] = { __builtin_bswap32(magic),
				     __builtin_bswap32(bytes) };

	memcpy(machine.flash + offset, header, sizeof(header));
}

static void test_dtb(void **state)
{
	static const struct {
		uint32_t magic, bytes;
		int error;
	} cases[] = {
		{ 0xd00dfeed, 40, 0 },
		{ 0xd00dfeed, MACHINE_DTB_STRIDE, 0 },
		{ 0xd00dfeed, 39, E_MONITOR_DTB },
		{ 0xd00dfeed, 0, E_MONITOR_DTB },
		{ 0xd00dfeed, MACHINE_DTB_STRIDE + 1, E_MONITOR_DTB },
		{ 0xd00dfeed, ~0u, E_MONITOR_DTB },
		{ 0xedfe0dd0, 40, E_MONITOR_DTB },
	};
	const uint32_t good = MACHINE_FLASH_BASE + MACHINE_SLOT_B +
			      MACHINE_DTB_STRIDE;
	uint32_t address = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put_dtb(MACHINE_SLOT_B + MACHINE_DTB_STRIDE, cases[i].magic,
			cases[i].bytes);
		address = 0;
		assert_int_equal(boot_find_dtb(SPH_SLOT_B, 8192, &address),
				 cases[i].error);
		assert_int_equal(address, cases[i].error ? 0 : good);
	}
	put_dtb(MACHINE_SLOT_B + MACHINE_DTB_STRIDE, 0xd00dfeed, 40);
	assert_int_equal(boot_find_dtb(SPH_SLOT_B, 16384, &address),
			 E_MONITOR_DTB);
	assert_int_equal(boot_find_dtb(SPH_SLOT_B, 4096, &address),
			 E_MONITOR_DTB);
	assert_int_equal(boot_find_dtb(SPH_SLOT_A, 8192, &address),
			 E_MONITOR_DTB);
}

static void test_kernel(void **state)
{
	uint32_t address = 0;

	(void)state;
	assert_int_equal(boot_find_kernel(SPH_SLOT_A, &address),
			 E_MONITOR_KERNEL);
	machine.flash[MACHINE_SLOT_A + MACHINE_SLOT_KERNEL] = 0;
	assert_int_equal(boot_find_kernel(SPH_SLOT_A, &address), 0);
	assert_int_equal(address, MACHINE_FLASH_BASE + MACHINE_SLOT_A +
					  MACHINE_SLOT_KERNEL);
	assert_int_equal(boot_find_kernel(SPH_SLOT_B, &address),
			 E_MONITOR_KERNEL);
}

static void test_ram(void **state)
{
	static const struct {
		uint32_t bytes;
		bool wraps;
		uint32_t found;
	} cases[] = {
		{ 16384, false, 16384 }, { 8192, false, 8192 }, { 8192, true, 8192 },
		{ 4096, false, 0 },	 { 4096, true, 0 },	{ 16380, false, 8192 },
	};
	static uint8_t before[MACHINE_RAM_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_init();
		for (uint32_t n = 0; n < MACHINE_RAM_BYTES; n++)
			machine.ram[n] = (uint8_t)(n * 13);
		memcpy(before, machine.ram, sizeof(before));
		machine.ram_bytes = cases[i].bytes;
		machine.ram_wraps = cases[i].wraps;
		assert_int_equal(ram_detect(), cases[i].found);
		assert_memory_equal(machine.ram, before, sizeof(before));
	}
}

static void test_log(void **state)
{
	(void)state;
	log_info("%s %u %u %08x %x%%", "text", 0u, 4294967295u, 0xabu, 0xcdu);
	log_error(E_MONITOR_BOOT_RECORD,
		  "no valid boot record, starting slot %s", "A");
	assert_string_equal(machine.console,
			    "monitor: text 0 4294967295 000000ab cd(?)\r\n"
			    "monitor: E1003 no valid boot record, starting slot A\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_crc32, set_up),
		cmocka_unit_test_setup(test_record_bit_flips, set_up),
		cmocka_unit_test_setup(test_record_fields, set_up),
		cmocka_unit_test_setup(test_choice, set_up),
		cmocka_unit_test_setup(test_dtb, set_up),
		cmocka_unit_test_setup(test_kernel, set_up),
		cmocka_unit_test_setup(test_ram, set_up),
		cmocka_unit_test_setup(test_log, set_up),
	};

	return cmocka_run_group_tests_name("monitor boot", tests, NULL, NULL);
}
