// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the Security Monitor, as a compromised kernel would call it.
 *
 * Every refusal has its positive control: the same call with good arguments, on
 * the storage partition, which these tests erase.
 */

#include <linux/mm.h>
#include <linux/psci.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spherule/monitor.h>
#include <uapi/linux/psci.h>

#include "monitor_test.h"

#define PATTERN_WORDS		64

static void erase_first_sector(struct kunit *test, struct mtd_info *mtd)
{
	struct erase_info erase = { .addr = 0, .len = mtd->erasesize };

	KUNIT_ASSERT_EQ(test, mtd_erase(mtd, &erase), 0);
}

static void monitor_test_version(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, spherule_monitor_present());
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_VERSION, 0, 0, 0, 0, NULL) >> 16, SPH_SMC_ABI_MAJOR);
}

static void monitor_test_psci(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, smc(PSCI_0_2_FN_PSCI_VERSION, 0, 0, 0, 0, NULL), 0x10000);
	KUNIT_EXPECT_EQ(test, smc(PSCI_1_0_FN_PSCI_FEATURES, PSCI_0_2_FN_SYSTEM_OFF,
				  0, 0, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, smc(PSCI_1_0_FN_PSCI_FEATURES, 0x8400ffff, 0, 0, 0, NULL),
			PSCI_RET_NOT_SUPPORTED);
	/* Standby: comes back with the next timer interrupt. */
	KUNIT_EXPECT_EQ(test, smc(PSCI_0_2_FN_CPU_SUSPEND, 0, 0, 0, 0, NULL), 0);
	/* The only processor can neither leave nor be started twice. */
	KUNIT_EXPECT_NE(test, smc(PSCI_0_2_FN_CPU_OFF, 0, 0, 0, 0, NULL), 0);
	KUNIT_EXPECT_NE(test, smc(PSCI_0_2_FN_CPU_ON, 0, 0x40008000, 0, 0, NULL), 0);
}

static void monitor_test_unknown_calls(struct kunit *test)
{
	static const u32 functions[] = {
		SPH_SMC_BASE + 0x00ff, SPH_SMC_BASE + 0x0104,
		SPH_SMC_BASE + 0xffff, SPH_SMC_BASE | 0x40000000, 0x83ffffff,
		0x00000000, 0x32000000, 0xbf000000, 0xffffffff, 0x7fffffff,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		KUNIT_EXPECT_EQ_MSG(test, smc(functions[i], 0, 0, 0, 0, NULL),
				    SPH_SMC_E_UNKNOWN, "function %#x", functions[i]);
}

static void monitor_test_partitions(struct kunit *test)
{
	u32 id, r1;

	for (id = 0; id < SPH_PART_COUNT; id++)
		KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PARTITION, id, 0, 0, 0, NULL), 0);
	r1 = 1;
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PARTITION, SPH_PART_COUNT, 0, 0, 0, &r1),
			SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, r1, 0);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PARTITION, ~0, 0, 0, 0, NULL),
			SPH_SMC_E_INVALID);
}

/* Good write, read back through MTD; then every way in which a write is wrong. */
static void monitor_test_program(struct kunit *test)
{
	struct mtd_info *mtd = partition(test, "storage");
	u32 *data = kunit_kmalloc_array(test, PATTERN_WORDS, sizeof(*data), GFP_KERNEL);
	u32 *back = kunit_kmalloc_array(test, PATTERN_WORDS, sizeof(*back), GFP_KERNEL);
	const u32 bytes = PATTERN_WORDS * sizeof(*data);
	size_t done, i;

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_ASSERT_NOT_NULL(test, back);
	erase_first_sector(test, mtd);
	for (i = 0; i < PATTERN_WORDS; i++)
		data[i] = 0x5a5a0000 + i;

	KUNIT_EXPECT_EQ(test, mtd_write(mtd, 0, bytes, &done, (u_char *)data), 0);
	KUNIT_EXPECT_EQ(test, mtd_read(mtd, 0, bytes, &done, (u_char *)back), 0);
	KUNIT_EXPECT_MEMEQ(test, back, data, bytes);

	/* Setting bits needs an erase first: the monitor verifies and says so. */
	memset(data, 0xff, bytes);
	KUNIT_EXPECT_EQ(test, mtd_write(mtd, 0, bytes, &done, (u_char *)data), -EIO);
	KUNIT_EXPECT_EQ(test, mtd_read(mtd, 0, bytes, &done, (u_char *)back), 0);
	KUNIT_EXPECT_EQ(test, back[PATTERN_WORDS - 1], 0x5a5a0000 + PATTERN_WORDS - 1);

	erase_first_sector(test, mtd);
	KUNIT_EXPECT_EQ(test, mtd_read(mtd, 0, bytes, &done, (u_char *)back), 0);
	KUNIT_EXPECT_MEMEQ(test, back, data, bytes);
	put_mtd_device(mtd);
}

struct bad_program {
	const char *what;
	u32 partition, offset, address, bytes;
	s32 status;
};

/* An address of 0 stands for a good buffer. */
static const struct bad_program bad_programs[] = {
	{ "system partition", SPH_PART_SYSTEM, 0, 0, 4, SPH_SMC_E_DENIED },
	{ "app partition", SPH_PART_APPS, 0, 0, 4, SPH_SMC_E_DENIED },
	{ "no such partition", SPH_PART_COUNT, 0, 0, 4, SPH_SMC_E_INVALID },
	{ "partition -1", ~0, 0, 0, 4, SPH_SMC_E_INVALID },
	{ "odd offset", SPH_PART_STORAGE, 2, 0, 4, SPH_SMC_E_INVALID },
	{ "odd length", SPH_PART_STORAGE, 0, 0, 6, SPH_SMC_E_INVALID },
	{ "no length", SPH_PART_STORAGE, 0, 0, 0, SPH_SMC_E_INVALID },
	{ "too long", SPH_PART_STORAGE, 0, 0, SPH_SMC_PROGRAM_MAX + 4, SPH_SMC_E_INVALID },
	{ "length wraps", SPH_PART_STORAGE, 4, 0, 0xfffffffc, SPH_SMC_E_INVALID },
	{ "offset behind the end", SPH_PART_STORAGE, SZ_1G, 0, 4, SPH_SMC_E_INVALID },
	{ "offset wraps", SPH_PART_STORAGE, 0xfffffffc, 0, 8, SPH_SMC_E_INVALID },
	{ "from secure SRAM", SPH_PART_STORAGE, 0, SECURE_SRAM, 4, SPH_SMC_E_ADDRESS },
	{ "from the flash of the monitor", SPH_PART_STORAGE, 0, SECURE_FLASH + 4, 4,
	  SPH_SMC_E_ADDRESS },
	{ "from the secure UART", SPH_PART_STORAGE, 0, SECURE_UART, 4, SPH_SMC_E_ADDRESS },
	{ "from the other flash", SPH_PART_STORAGE, 0, SHARED_FLASH, 4, SPH_SMC_E_ADDRESS },
	{ "from below RAM", SPH_PART_STORAGE, 0, 0x3ffffffc, 8, SPH_SMC_E_ADDRESS },
	{ "from the last word, wrapping", SPH_PART_STORAGE, 0, 0xfffffffc, 8,
	  SPH_SMC_E_ADDRESS },
};

static void monitor_test_bad_programs(struct kunit *test)
{
	struct mtd_info *mtd = partition(test, "storage");
	u32 *data = kunit_kzalloc(test, SPH_SMC_PROGRAM_MAX + 8, GFP_KERNEL);
	size_t i, done;
	u32 word;

	KUNIT_ASSERT_NOT_NULL(test, data);
	erase_first_sector(test, mtd);
	for (i = 0; i < ARRAY_SIZE(bad_programs); i++) {
		const struct bad_program *bad = &bad_programs[i];

		KUNIT_EXPECT_EQ_MSG(test, smc(SPH_SMC_FLASH_PROGRAM, bad->partition, bad->offset,
					      bad->address ?: virt_to_phys(data), bad->bytes,
					      NULL), bad->status, "%s", bad->what);
	}
	KUNIT_EXPECT_EQ(test, mtd_read(mtd, 0, sizeof(word), &done, (u_char *)&word), 0);
	KUNIT_EXPECT_EQ(test, word, ~0);

	/* The positive control. */
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, 0,
				  virt_to_phys(data), 4, NULL), SPH_SMC_OK);
	put_mtd_device(mtd);
}

/* One past the end of RAM, to the word, whatever its size is. */
static void monitor_test_ram_end(struct kunit *test)
{
	u32 end = ram_end(test);

	KUNIT_EXPECT_GE(test, end - PHYS_OFFSET, totalram_pages() * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, SZ_4K, end - 4, 8,
				  NULL), SPH_SMC_E_ADDRESS);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, SZ_4K, end, 4,
				  NULL), SPH_SMC_E_ADDRESS);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, SZ_4K, end - 4, 4,
				  NULL), SPH_SMC_OK);
}

static void monitor_test_bad_erases(struct kunit *test)
{
	struct mtd_info *mtd = partition(test, "storage");
	u32 sector = mtd->erasesize, end = mtd->size;

	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_ERASE, SPH_PART_SYSTEM, 0, 0, 0, NULL),
			SPH_SMC_E_DENIED);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_ERASE, SPH_PART_APPS, 0, 0, 0, NULL),
			SPH_SMC_E_DENIED);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_ERASE, SPH_PART_STORAGE, 4, 0, 0, NULL),
			SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_ERASE, SPH_PART_STORAGE, end, 0, 0, NULL),
			SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_ERASE, SPH_PART_STORAGE, 0 - sector, 0, 0, NULL),
			SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_FLASH_ERASE, SPH_PART_STORAGE, end - sector, 0, 0,
				  NULL), SPH_SMC_OK);
	put_mtd_device(mtd);
}

/* What MTD offers for partitions that are not ours to write. */
static void monitor_test_read_only_mtds(struct kunit *test)
{
	static const char * const names[] = { "system", "apps" };
	size_t i, done;
	u32 word = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct mtd_info *mtd = get_mtd_device_nm(names[i]);
		struct erase_info erase = { .addr = 0 };

		KUNIT_ASSERT_FALSE(test, IS_ERR(mtd));
		erase.len = mtd->erasesize;
		KUNIT_EXPECT_EQ(test, mtd_erase(mtd, &erase), -ENOTSUPP);
		KUNIT_EXPECT_EQ(test, mtd_write(mtd, 0, 4, &done, (u_char *)&word), -EROFS);
		put_mtd_device(mtd);
	}
}

static struct kunit_case monitor_test_cases[] = {
	KUNIT_CASE(monitor_test_version),
	KUNIT_CASE(monitor_test_psci),
	KUNIT_CASE(monitor_test_unknown_calls),
	KUNIT_CASE(monitor_test_partitions),
	KUNIT_CASE(monitor_test_program),
	KUNIT_CASE(monitor_test_bad_programs),
	KUNIT_CASE(monitor_test_ram_end),
	KUNIT_CASE(monitor_test_bad_erases),
	KUNIT_CASE(monitor_test_read_only_mtds),
	{}
};

static struct kunit_suite monitor_test_suite = {
	.name = "spherule-monitor",
	.test_cases = monitor_test_cases,
};
kunit_test_suite(monitor_test_suite);

MODULE_DESCRIPTION("KUnit tests of the Spherule Security Monitor");
MODULE_LICENSE("GPL");
