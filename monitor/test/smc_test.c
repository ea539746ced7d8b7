// SPDX-License-Identifier: GPL-2.0-only
/* Every call with every wrong argument, each beside a right one. */
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
#include "monitor/flash_service.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_store.h"
#include "monitor/images/slots.h"
#include "monitor/normal_ram.h"
#include "monitor/psci.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"


#define ST			SPH_PART_STORAGE
#define SECTOR			MACHINE_SECTOR
#define END			MACHINE_STORAGE_BYTES
#define RAM			MACHINE_RAM_BASE
#define RAM_END			(MACHINE_RAM_BASE + MACHINE_RAM_BYTES)
#define MAX			SPH_SMC_PROGRAM_MAX

#define ERASE			SPH_SMC_FLASH_ERASE
#define PROGRAM			SPH_SMC_FLASH_PROGRAM
#define PARTITION		SPH_SMC_FLASH_PARTITION

#define INVALID			SPH_SMC_E_INVALID
#define DENIED			SPH_SMC_E_DENIED
#define ADDRESS			SPH_SMC_E_ADDRESS
#define UNKNOWN			SPH_SMC_E_UNKNOWN

static struct cfi_flash flash, secure;
static struct boot_info info;

static int set_up(void **state)
{
	(void)state;
	machine_init();
	info = (struct boot_info){ .slot = SPH_SLOT_A,
				   .reset_reason = SPH_RESET_REQUESTED,
				   .ram_bytes = MACHINE_RAM_BYTES };
	assert_int_equal(cfi_probe(&flash, MACHINE_FLASH_BASE), 0);
	assert_int_equal(cfi_probe(&secure, MACHINE_SECURE_BASE), 0);
	assert_int_equal(state_load(&secure), E_MONITOR_STATE_BLANK);
	normal_ram_init(info.ram_bytes);
	trust_init(&info);
	flash_service_init(&flash, &info);
	slots_init(&info);
	image_list_init(&flash);
	image_store_init(&flash, &info);
	smc_init(&info);
	for (uint32_t i = 0; i < MACHINE_RAM_BYTES; i++)
		machine.ram[i] = (uint8_t)(i * 7 + 1);
	memset(machine.flash + MACHINE_STORAGE - SECTOR, 0x5a, SECTOR);
	memset(machine.flash + MACHINE_STORAGE + END, 0x5a, SECTOR);
	return 0;
}

struct try {
	uint32_t id, r1, r2, r3, r4;
	int32_t status;
};

static const struct try tries[] = {
	/* flash: erase */
	{ ERASE, ST, 0, 0, 0, SPH_SMC_OK },
	{ ERASE, ST, END - SECTOR, 0, 0, SPH_SMC_OK },
	{ ERASE, ST, END, 0, 0, INVALID },
	{ ERASE, ST, END + SECTOR, 0, 0, INVALID },
	{ ERASE, ST, 4, 0, 0, INVALID },
	{ ERASE, ST, SECTOR - 1, 0, 0, INVALID },
	{ ERASE, ST, SECTOR / 2, 0, 0, INVALID },
	{ ERASE, ST, 0u - SECTOR, 0, 0, INVALID },
	{ ERASE, ST, 0u - MACHINE_STORAGE, 0, 0, INVALID },
	{ ERASE, ST, ~0u, 0, 0, INVALID },
	{ ERASE, SPH_PART_SYSTEM, 0, 0, 0, DENIED },
	{ ERASE, SPH_PART_APPS, 0, 0, 0, DENIED },
	{ ERASE, SPH_PART_COUNT, 0, 0, 0, INVALID },
	{ ERASE, 0x80000000 + ST, 0, 0, 0, INVALID },
	{ ERASE, ~0u, 0, 0, 0, INVALID },

	/* flash: program, where to */
	{ PROGRAM, ST, 0, RAM, 4, SPH_SMC_OK },
	{ PROGRAM, ST, END - 4, RAM, 4, SPH_SMC_OK },
	{ PROGRAM, ST, END - MAX, RAM, MAX, SPH_SMC_OK },
	{ PROGRAM, ST, END, RAM, 4, INVALID },
	{ PROGRAM, ST, END - 4, RAM, 8, INVALID },
	{ PROGRAM, ST, END - MAX + 4, RAM, MAX, INVALID },
	{ PROGRAM, ST, 0u - 4, RAM, 8, INVALID },
	{ PROGRAM, ST, 0u - 4, RAM, 4, INVALID },
	{ PROGRAM, ST, 1, RAM, 4, INVALID },
	{ PROGRAM, ST, 2, RAM, 4, INVALID },
	{ PROGRAM, SPH_PART_SYSTEM, 0, RAM, 4, DENIED },
	{ PROGRAM, SPH_PART_APPS, 0, RAM, 4, DENIED },
	{ PROGRAM, SPH_PART_COUNT, 0, RAM, 4, INVALID },
	{ PROGRAM, ~0u, 0, RAM, 4, INVALID },

	/* flash: program, how much */
	{ PROGRAM, ST, 0, RAM, MAX, SPH_SMC_OK },
	{ PROGRAM, ST, 0, RAM, 0, INVALID },
	{ PROGRAM, ST, 0, RAM, 1, INVALID },
	{ PROGRAM, ST, 0, RAM, 6, INVALID },
	{ PROGRAM, ST, 0, RAM, MAX + 4, INVALID },
	{ PROGRAM, ST, 4, RAM, 0u - 4, INVALID },
	{ PROGRAM, ST, 0, RAM, 0x80000000, INVALID },
	{ PROGRAM, ST, 0, RAM, ~0u, INVALID },

	/* flash: program, where from */
	{ PROGRAM, ST, 0, RAM_END - 4, 4, SPH_SMC_OK },
	{ PROGRAM, ST, 0, RAM_END - MAX, MAX, SPH_SMC_OK },
	{ PROGRAM, ST, 0, RAM_END - 4, 8, ADDRESS },
	{ PROGRAM, ST, 0, RAM_END - MAX + 4, MAX, ADDRESS },
	{ PROGRAM, ST, 0, RAM_END, 4, ADDRESS },
	{ PROGRAM, ST, 0, RAM - 4, 4, ADDRESS },
	{ PROGRAM, ST, 0, RAM - 4, 8, ADDRESS },
	{ PROGRAM, ST, 0, RAM + 1, 4, INVALID },
	{ PROGRAM, ST, 0, RAM + 2, 4, INVALID },
	{ PROGRAM, ST, 0, 0, 4, ADDRESS },
	{ PROGRAM, ST, 0, 0x0e000000, 4, ADDRESS },
	{ PROGRAM, ST, 0, 0x09040000, 4, ADDRESS },
	{ PROGRAM, ST, 0, MACHINE_FLASH_BASE, 4, ADDRESS },
	{ PROGRAM, ST, 0, 0u - 4, 4, ADDRESS },
	{ PROGRAM, ST, 0, 0u - 4, 8, ADDRESS },
	{ PROGRAM, ST, 0, 0u - MAX, MAX, ADDRESS },

	/* flash: questions */
	{ PARTITION, SPH_PART_SYSTEM, 0, 0, 0, SPH_SMC_OK },
	{ PARTITION, SPH_PART_COUNT, 0, 0, 0, INVALID },
	{ PARTITION, ~0u, 0, 0, 0, INVALID },
	{ SPH_SMC_FLASH_GEOMETRY, ~0u, ~0u, ~0u, ~0u, SPH_SMC_OK },

	/* who is there */
	{ SPH_SMC_VERSION, 0, 0, 0, 0, SPH_SMC_ABI_MAJOR << 16 | SPH_SMC_ABI_MINOR },
	{ SPH_SMC_BOOT_INFO, 0, 0, 0, 0, SPH_SMC_OK },
	{ SPH_SMC_BASE + 0x0006, 0, 0, 0, 0, UNKNOWN },
	{ SPH_SMC_BASE + 0x0104, ST, 0, 0, 0, UNKNOWN },
	{ SPH_SMC_BASE + 0xffff, 0, 0, 0, 0, UNKNOWN },
	{ ERASE & 0x7fffffff, ST, 0, 0, 0, UNKNOWN },
	{ ERASE | 0x40000000, ST, 0, 0, 0, UNKNOWN },
	{ 0, 0, 0, 0, 0, UNKNOWN },
	{ ~0u, 0, 0, 0, 0, UNKNOWN },

	/* SMCCC */
	{ 0x80000000, 0, 0, 0, 0, 0x10002 },
	{ 0x80000001, 0x80000000, 0, 0, 0, 0 },
	{ 0x80000001, 0x80000001, 0, 0, 0, 0 },
	{ 0x80000001, 0x80008000, 0, 0, 0, UNKNOWN },
	{ 0x80000001, ERASE, 0, 0, 0, UNKNOWN },

	/* PSCI */
	{ PSCI_VERSION, 0, 0, 0, 0, 0x10000 },
	{ PSCI_CPU_SUSPEND, 0, 0, 0, 0, PSCI_SUCCESS },
	{ PSCI_CPU_SUSPEND, 1, 0, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_CPU_SUSPEND, 1 << 16, RAM, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_CPU_SUSPEND, 1 << 24, 0, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_CPU_SUSPEND, ~0u, 0, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_CPU_OFF, 0, 0, 0, 0, PSCI_DENIED },
	{ PSCI_CPU_ON, 0, RAM, 0, 0, PSCI_ALREADY_ON },
	{ PSCI_CPU_ON, 1, RAM, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_CPU_ON, ~0u, RAM, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_AFFINITY_INFO, 0, 0, 0, 0, 0 },
	{ PSCI_AFFINITY_INFO, 1, 0, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_AFFINITY_INFO, 0, 1, 0, 0, PSCI_INVALID_PARAMETERS },
	{ PSCI_MIGRATE_INFO_TYPE, 0, 0, 0, 0, 2 },
	{ PSCI_FEATURES, PSCI_SYSTEM_OFF, 0, 0, 0, 0 },
	{ PSCI_FEATURES, PSCI_CPU_SUSPEND, 0, 0, 0, 0 },
	{ PSCI_FEATURES, 0x80000000, 0, 0, 0, 0 },
	{ PSCI_FEATURES, 0x84000005, 0, 0, 0, PSCI_NOT_SUPPORTED },
	{ PSCI_FEATURES, 0xc4000001, 0, 0, 0, PSCI_NOT_SUPPORTED },
	{ PSCI_FEATURES, SPH_SMC_VERSION, 0, 0, 0, PSCI_NOT_SUPPORTED },
	{ PSCI_FEATURES, ~0u, 0, 0, 0, PSCI_NOT_SUPPORTED },
	{ 0x84000005, 0, 0, 0, 0, PSCI_NOT_SUPPORTED },
	{ 0xc4000003, 0, 0, 0, 0, PSCI_NOT_SUPPORTED },
};

/* A refusal changes nothing, reads no RAM, sends no flash command, and returns no data. */
static void test_arguments(void **state)
{
	static struct machine before;

	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		const struct try *t = &tries[i];
		uint32_t regs[5] = { t->id, t->r1, t->r2, t->r3, t->r4 };

		set_up(state);
		before = machine;
		assert_true(machine_smc(regs));
		if ((int32_t)regs[0] != t->status)
			fail_msg("try %zu: call 0x%08x gives %d instead of %d",
				 i, t->id, (int32_t)regs[0], t->status);
		assert_true(machine.flash_in_array_mode);
		if (t->status >= 0)
			continue;
		assert_int_equal(regs[1] | regs[2] | regs[3], 0);
		assert_int_equal(machine.ram_reads, before.ram_reads);
		assert_int_equal(machine.flash_commands, before.flash_commands);
		assert_memory_equal(machine.flash, before.flash,
				    sizeof(machine.flash));
	}
}

static void test_program_writes_just_that(void **state)
{
	uint32_t regs[5] = { PROGRAM, ST, SECTOR + 60, RAM + 8, 200 };
	static uint8_t expected[MACHINE_FLASH_BYTES];

	(void)state;
	memcpy(expected, machine.flash, sizeof(expected));
	memcpy(expected + MACHINE_STORAGE + SECTOR + 60, machine.ram + 8, 200);
	assert_true(machine_smc(regs));
	assert_int_equal(regs[0], SPH_SMC_OK);
	assert_memory_equal(machine.flash, expected, sizeof(expected));
	assert_int_equal(machine.ram_reads, 50); /* each word once */
}

static void test_erase_erases_just_that(void **state)
{
	uint32_t regs[5] = { ERASE, ST, 0, 0, 0 };
	static uint8_t expected[MACHINE_FLASH_BYTES];

	(void)state;
	memset(machine.flash + MACHINE_STORAGE, 0x11, 2 * SECTOR);
	memcpy(expected, machine.flash, sizeof(expected));
	memset(expected + MACHINE_STORAGE, 0xff, SECTOR);
	assert_true(machine_smc(regs));
	assert_int_equal(regs[0], SPH_SMC_OK);
	assert_memory_equal(machine.flash, expected, sizeof(expected));
}

static void test_small_ram_bounds_the_buffer(void **state)
{
	uint32_t good[5] = { PROGRAM, ST, 0, RAM + 8192 - 4, 4 };
	uint32_t bad[5] = { PROGRAM, ST, 4, RAM + 8192, 4 };
	uint32_t none[5] = { PROGRAM, ST, 4, RAM, 4 };

	(void)state;
	machine.ram_bytes = 8192;
	normal_ram_init(8192);
	assert_true(machine_smc(good));
	assert_int_equal(good[0], SPH_SMC_OK);
	assert_true(machine_smc(bad));
	assert_int_equal((int32_t)bad[0], ADDRESS);
	normal_ram_init(0);
	assert_true(machine_smc(none));
	assert_int_equal((int32_t)none[0], ADDRESS);
}

static void test_answers(void **state)
{
	uint32_t boot[5] = { SPH_SMC_BOOT_INFO };
	uint32_t geometry[5] = { SPH_SMC_FLASH_GEOMETRY };
	uint32_t system[5] = { PARTITION, SPH_PART_SYSTEM };
	uint32_t storage[5] = { PARTITION, ST };

	(void)state;
	info.slot = SPH_SLOT_B;
	assert_true(machine_smc(boot));
	assert_int_equal(boot[1], SPH_SLOT_B);
	assert_int_equal(boot[2], SPH_RESET_REQUESTED);
	assert_int_equal(boot[3], MACHINE_RAM_BYTES);
	assert_true(machine_smc(geometry));
	assert_int_equal(geometry[1], MACHINE_FLASH_BASE);
	assert_int_equal(geometry[2], SECTOR);
	assert_int_equal(geometry[3], 4);
	assert_true(machine_smc(system));
	assert_int_equal(system[1], MACHINE_SLOT_B + 2 * SECTOR);
	assert_int_equal(system[3], 0);
	assert_true(machine_smc(storage));
	assert_int_equal(storage[1], MACHINE_STORAGE);
	assert_int_equal(storage[2], END);
	assert_int_equal(storage[3], SPH_PART_F_WRITABLE);
}

static void test_flash_failures_reach_the_caller(void **state)
{
	static const enum machine_fault faults[] = {
		FAULT_ERASE_STATUS,
		FAULT_PROGRAM_STATUS,
		FAULT_NEVER_READY,
		FAULT_BAD_CELL,
	};

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		const bool erases = faults[i] == FAULT_ERASE_STATUS;
		uint32_t regs[5] = { erases ? ERASE : PROGRAM, ST, 0, RAM, 4 };

		set_up(state);
		machine.fault = faults[i];
		assert_true(machine_smc(regs));
		assert_int_equal((int32_t)regs[0], SPH_SMC_E_IO);
		assert_true(machine.flash_in_array_mode);
	}
}

static void test_power(void **state)
{
	uint32_t off[5] = { PSCI_SYSTEM_OFF };
	uint32_t reset[5] = { PSCI_SYSTEM_RESET };
	uint32_t suspend[5] = { PSCI_CPU_SUSPEND };

	(void)state;
	assert_true(machine_smc(suspend));
	assert_int_equal(machine.waits, 1);
	assert_false(machine_smc(off));
	assert_int_equal(machine.end, END_POWER_OFF);
	assert_false(machine_smc(reset));
	assert_int_equal(machine.end, END_RESET);
	assert_int_equal(machine.reset_reason, SPH_RESET_REQUESTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arguments, set_up),
		cmocka_unit_test_setup(test_program_writes_just_that, set_up),
		cmocka_unit_test_setup(test_erase_erases_just_that, set_up),
		cmocka_unit_test_setup(test_small_ram_bounds_the_buffer,
				       set_up),
		cmocka_unit_test_setup(test_answers, set_up),
		cmocka_unit_test_setup(test_flash_failures_reach_the_caller,
				       set_up),
		cmocka_unit_test_setup(test_power, set_up),
	};

	return cmocka_run_group_tests_name("monitor smc", tests, NULL, NULL);
}
