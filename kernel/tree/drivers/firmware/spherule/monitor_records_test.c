// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the calls of the Security Monitor that take a record, and of who
 * may make which call.
 *
 * The first table is the golden list of what programs can ask: it is compared
 * with the driver's in both directions, over all numbers, so that a call more, a
 * bit less or another size fails here.
 */

#include <asm/archrandom.h>
#include <asm/cacheflush.h>
#include <asm/extable.h>
#include <asm/system_misc.h>
#include <linux/io.h>
#include <linux/psci.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/linux/psci.h>
#include <uapi/linux/spherule.h>

#include "device.h"
#include "monitor_test.h"

#define IN	SPHERULE_RECORD_IN
#define OUT	SPHERULE_RECORD_OUT

/* Literals, not the driver's expressions. */
static const struct spherule_monitor_rule golden[] = {
	{ 0x83000001, SPHERULE_CAP_MONITOR },				/* BOOT_INFO */
	{ 0x83000002, SPHERULE_MANAGER_ONLY },				/* BOOT_OK */
	{ 0x83000003, SPHERULE_CAP_TELEMETRY, 64, 0, OUT },		/* TELEMETRY */
	{ 0x83000004, SPHERULE_MANAGER_ONLY },				/* WATCHDOG */
	{ 0x83000005, SPHERULE_MANAGER_ONLY },				/* BOOT_SETTLED */
	{ 0x83000100, SPHERULE_CAP_FLASH_READ },			/* FLASH_GEOMETRY */
	{ 0x83000101, SPHERULE_CAP_FLASH_READ },			/* FLASH_PARTITION */
	{ 0x83000200, SPHERULE_CAP_IMAGE_UPDATE },			/* IMAGE_BEGIN */
	{ 0x83000201, SPHERULE_CAP_IMAGE_UPDATE, 4096, 2,
	  IN | SPHERULE_RECORD_SIZED },					/* IMAGE_WRITE */
	{ 0x83000202, SPHERULE_CAP_IMAGE_UPDATE },			/* IMAGE_FINISH */
	{ 0x83000203, SPHERULE_CAP_IMAGE_UPDATE },			/* IMAGE_ABORT */
	{ 0x83000204, SPHERULE_CAP_IMAGE_UPDATE },			/* IMAGE_INSTALL */
	{ 0x83000205, SPHERULE_CAP_IMAGE_UPDATE },			/* IMAGE_REMOVE */
	{ 0x83000206, SPHERULE_CAP_IMAGE_QUERY, 96, 1, OUT },		/* IMAGE_INFO */
	{ 0x83000207, SPHERULE_CAP_IMAGE_QUERY },			/* IMAGE_SPACE */
	{ 0x83000208, SPHERULE_MANAGER_ONLY },				/* IMAGE_VERIFY */
	{ 0x83000300, SPHERULE_CAP_MONITOR },				/* TRUST_INFO */
	{ 0x83000301, SPHERULE_CAP_DEVICE_STATE, 1328, 0, IN },		/* TRUST_UPDATE */
	{ 0x83000310, SPHERULE_CAP_MONITOR, 160, 0, OUT },		/* DEVICE_INFO */
	{ 0x83000311, SPHERULE_CAP_DEVICE_STATE },			/* DEVICE_MANUFACTURE */
	{ 0x83000312, SPHERULE_CAP_DEVICE_STATE, 256, 0, IN },		/* DEVICE_ORDER */
	{ 0x83000400, SPHERULE_CAP_DERIVE_KEY, 64, 0, IN | OUT },	/* KEY_DERIVE */
	{ 0x83000401, SPHERULE_CAP_ATTEST, 292, 0, IN | OUT },		/* ATTEST */
};

/* The calls that the kernel alone makes. */
static const u32 kernel_only[] = {
	SPH_SMC_VERSION, SPH_SMC_FLASH_ERASE, SPH_SMC_FLASH_PROGRAM, SPH_SMC_IMAGE_HOLD,
	SPH_SMC_IMAGE_RELEASE,
};

static const struct spherule_monitor_rule *golden_rule(u32 function)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(golden); i++)
		if (golden[i].function == function)
			return &golden[i];
	return NULL;
}

static bool is_known(u32 function)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernel_only); i++)
		if (kernel_only[i] == function)
			return true;
	return golden_rule(function);
}

static void records_test_calls_of_programs(struct kunit *test)
{
	static const u32 others[] = {
		PSCI_0_2_FN_SYSTEM_OFF, PSCI_0_2_FN_SYSTEM_RESET, ARM_SMCCC_VERSION_FUNC_ID,
		ARM_SMCCC_TRNG_RND32, 0, ~0, SPH_SMC_BASE | 0x40000000,
	};
	u32 number;

	for (number = 0; number < 0x10000; number++) {
		const struct spherule_monitor_rule *wanted = golden_rule(SPH_SMC_BASE + number);
		const struct spherule_monitor_rule *found =
			spherule_monitor_rule(SPH_SMC_BASE + number);

		if (!wanted && !found)
			continue;
		KUNIT_EXPECT_TRUE_MSG(test, wanted && found && wanted->capability == found->capability &&
				      wanted->record_bytes == found->record_bytes &&
				      wanted->place == found->place && wanted->flags == found->flags,
				      "call %#x", number);
	}
	for (number = 0; number < ARRAY_SIZE(others); number++)
		KUNIT_EXPECT_NULL(test, spherule_monitor_rule(others[number]));
}

static void records_test_requests(struct kunit *test)
{
	static const struct {
		const char *what;
		struct spherule_monitor_request request;
	} wrong[] = {
		{ "reserved", { .function = SPH_SMC_BOOT_INFO, .reserved = 1 } },
		{ "a record without need", { .function = SPH_SMC_BOOT_INFO, .record = 4096,
					     .record_bytes = 4 } },
		{ "bytes without need", { .function = SPH_SMC_BOOT_INFO, .record_bytes = 4 } },
		{ "no record", { .function = SPH_SMC_DEVICE_INFO, .record_bytes = 160 } },
		{ "no bytes", { .function = SPH_SMC_DEVICE_INFO, .record = 4096 } },
		{ "too short", { .function = SPH_SMC_DEVICE_INFO, .record = 4096,
				 .record_bytes = 159 } },
		{ "too long", { .function = SPH_SMC_DEVICE_INFO, .record = 4096,
				.record_bytes = 161 } },
		{ "an address", { .function = SPH_SMC_DEVICE_INFO, .record = 4096, .record_bytes = 160,
				  .arguments = { SECURE_SRAM } } },
		{ "beyond 32 bits", { .function = SPH_SMC_DEVICE_INFO, .record_bytes = 160,
				      .record = 0x100001000ull } },
		{ "a block of 0", { .function = SPH_SMC_IMAGE_WRITE, .record = 4096 } },
		{ "a block too long", { .function = SPH_SMC_IMAGE_WRITE, .record = 4096,
					.record_bytes = 4100, .arguments = { 1, 0, 0, 4100 } } },
		{ "another length", { .function = SPH_SMC_IMAGE_WRITE, .record = 4096,
				      .record_bytes = 4, .arguments = { 1, 0, 0, 4096 } } },
	};
	struct spherule_monitor_request good = { .function = SPH_SMC_BOOT_INFO };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct spherule_monitor_request request = wrong[i].request;

		KUNIT_EXPECT_EQ_MSG(test, spherule_monitor_ask(&request), -EINVAL, "%s",
				    wrong[i].what);
	}
	KUNIT_EXPECT_EQ(test, spherule_monitor_ask(&good), 0);
	good.function = SPH_SMC_FLASH_ERASE;
	KUNIT_EXPECT_EQ(test, spherule_monitor_ask(&good), -EPERM);
}

/* A number that answers and is not in a table here is a call that nobody has looked at. */
static void records_test_numbers(struct kunit *test)
{
	u32 number;

	for (number = 0; number < 0x1000; number++) {
		u32 function = SPH_SMC_BASE + number;

		/* Without arguments most of them refuse, but these would do what they say. */
		if (function == SPH_SMC_BOOT_OK || function == SPH_SMC_BOOT_SETTLED ||
		    function == SPH_SMC_DEVICE_MANUFACTURE)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, smc(function, 0, 0, 0, 0, NULL) != SPH_SMC_E_UNKNOWN,
				    is_known(function), "call %#x", number);
	}
}

/**
 * struct record - a call and a good record for it
 * @what: its name
 * @function: SPH_SMC_*
 * @control: the status with a good address and a record of zeros
 * @other: another one that is as good, by what the device is
 */
static const struct record {
	const char *what;
	u32 function;
	s32 control;
	s32 other;
} records[] = {
	{ "telemetry", SPH_SMC_TELEMETRY, SPH_SMC_OK, SPH_SMC_OK },
	{ "image info", SPH_SMC_IMAGE_INFO, SPH_SMC_OK, SPH_SMC_E_ABSENT },
	{ "trust update", SPH_SMC_TRUST_UPDATE, SPH_SMC_E_REFUSED, SPH_SMC_E_REFUSED },
	{ "device info", SPH_SMC_DEVICE_INFO, SPH_SMC_OK, SPH_SMC_OK },
	{ "device order", SPH_SMC_DEVICE_ORDER, SPH_SMC_E_REFUSED, SPH_SMC_E_REFUSED },
	{ "key", SPH_SMC_KEY_DERIVE, SPH_SMC_E_INVALID, SPH_SMC_E_ABSENT },
	{ "attestation", SPH_SMC_ATTEST, SPH_SMC_OK, SPH_SMC_OK },
};

static s32 call_at(const struct record *record, u32 address, u32 *r1)
{
	const struct spherule_monitor_rule *rule = golden_rule(record->function);

	return smc_pieces(record->function, rule->place == 0 ? address : 0,
			  rule->place == 1 ? address : 0, 0, 0, r1);
}

static void expect_refused(struct kunit *test, u32 address, s32 status, const char *where)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(records); i++) {
		u32 r1 = 1;

		KUNIT_EXPECT_EQ_MSG(test, call_at(&records[i], address, &r1), status, "%s, %s",
				    records[i].what, where);
		KUNIT_EXPECT_EQ(test, r1, 0);
	}
}

static void records_test_bad_addresses(struct kunit *test)
{
	static const struct {
		const char *where;
		u32 address;
	} places[] = {
		{ "secure SRAM", SECURE_SRAM },
		{ "the end of secure SRAM", SECURE_SRAM + 0xfff0 },
		{ "the flash of the monitor", SECURE_FLASH },
		{ "the state of the monitor", SECURE_FLASH + 0x3f00000 },
		{ "the secure UART", SECURE_UART },
		{ "the interrupt controller", 0x08000000 },
		{ "the flash of both", SHARED_FLASH },
		{ "below RAM", 0x3fffffe0 },
		{ "far above RAM", 0x80000000 },
		{ "the last words", 0xfffffffc },
	};
	struct mtd_info *mtd = partition(test, "system");
	u32 *before = kunit_kmalloc(test, 4096, GFP_KERNEL);
	u32 *after = kunit_kmalloc(test, 4096, GFP_KERNEL);
	u32 end = ram_end(test);
	size_t i, done;

	KUNIT_ASSERT_EQ(test, mtd_read(mtd, 0, 4096, &done, (u_char *)before), 0);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		expect_refused(test, places[i].address, SPH_SMC_E_ADDRESS, places[i].where);
	expect_refused(test, end - 4, SPH_SMC_E_ADDRESS, "over the end of RAM");
	expect_refused(test, end, SPH_SMC_E_ADDRESS, "behind RAM");
	expect_refused(test, virt_to_phys(before) + 1, SPH_SMC_E_INVALID, "odd");
	expect_refused(test, virt_to_phys(before) + 2, SPH_SMC_E_INVALID, "half a word");
	KUNIT_ASSERT_EQ(test, mtd_read(mtd, 0, 4096, &done, (u_char *)after), 0);
	KUNIT_EXPECT_MEMEQ(test, before, after, 4096);
	put_mtd_device(mtd);
}

#define GUARD		64
#define GUARD_BYTE	0xa5

/* The controls: the same calls with good memory, and not a byte beside it. */
static void records_test_good_addresses(struct kunit *test)
{
	u8 guard[GUARD];
	size_t i;

	memset(guard, GUARD_BYTE, GUARD);
	for (i = 0; i < ARRAY_SIZE(records); i++) {
		const struct record *record = &records[i];
		u32 bytes = golden_rule(record->function)->record_bytes;
		u8 *memory = kunit_kzalloc(test, bytes + 2 * GUARD, GFP_KERNEL);
		u32 r1 = 0;
		s32 status;

		KUNIT_ASSERT_NOT_NULL(test, memory);
		memcpy(memory, guard, GUARD);
		memcpy(memory + GUARD + bytes, guard, GUARD);
		__cpuc_flush_dcache_area(memory, bytes + 2 * GUARD);
		status = call_at(record, virt_to_phys(memory + GUARD), &r1);
		__cpuc_flush_dcache_area(memory, bytes + 2 * GUARD);
		KUNIT_EXPECT_TRUE_MSG(test, status == record->control || status == record->other,
				      "%s: %d", record->what, status);
		KUNIT_EXPECT_EQ_MSG(test, status == SPH_SMC_E_REFUSED, r1 >= 1000, "%s: E%u",
				    record->what, r1);
		KUNIT_EXPECT_MEMEQ(test, memory, guard, GUARD);
		KUNIT_EXPECT_MEMEQ(test, memory + GUARD + bytes, guard, GUARD);
	}
}

static void records_test_watchdog(struct kunit *test)
{
	static const u32 wrong[] = { 0, 1, SPH_WATCHDOG_MIN_MS - 1, SPH_WATCHDOG_MAX_MS + 1, ~0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ(test, smc(SPH_SMC_WATCHDOG, wrong[i], 0, 0, 0, NULL),
				SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, smc(SPH_SMC_WATCHDOG, SPH_WATCHDOG_MAX_MS, 0, 0, 0, NULL), SPH_SMC_OK);
}

/* The firmware's random bits, and that the kernel had them before anybody asked. */
static void records_test_random(struct kunit *test)
{
	unsigned long first[3] = {}, second[3] = {};

	KUNIT_EXPECT_TRUE(test, rng_is_initialized());
	KUNIT_EXPECT_EQ(test, arch_get_random_seed_longs(first, 0), 0);
	KUNIT_EXPECT_EQ(test, arch_get_random_seed_longs(first, 8), 3);
	KUNIT_EXPECT_EQ(test, arch_get_random_seed_longs(second, 3), 3);
	KUNIT_EXPECT_MEMNEQ(test, first, second, sizeof(first));
	KUNIT_EXPECT_EQ(test, arch_get_random_seed_longs(second, 1), 1);
	KUNIT_EXPECT_LT(test, smc(ARM_SMCCC_TRNG_RND32, 0, 0, 0, 0, NULL), 0);
	KUNIT_EXPECT_LT(test, smc(ARM_SMCCC_TRNG_RND32, 97, 0, 0, 0, NULL), 0);
	KUNIT_EXPECT_LT(test, smc(ARM_SMCCC_TRNG_RND32, ~0, 0, 0, 0, NULL), 0);
}

/* An external abort is no page fault: without this a probe would end the kernel. */
static int on_external_abort(unsigned long address, unsigned int status, struct pt_regs *registers)
{
	return !fixup_exception(registers);
}

/* Arm DDI 0406, B3.13.3, short descriptors: synchronous, asynchronous. */
static int __init records_test_init(void)
{
	hook_fault_code(8, on_external_abort, SIGBUS, 0, "external abort");
	hook_fault_code(22, on_external_abort, SIGBUS, 0, "asynchronous external abort");
	return 0;
}
late_initcall(records_test_init);

static int read_physical(struct kunit *test, u32 address, u32 *word)
{
	void __iomem *window = ioremap(address, PAGE_SIZE);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, window);
	err = copy_from_kernel_nofault(word, (__force void *)window, sizeof(*word));
	iounmap(window);
	return err;
}

static void records_test_secure_memory_faults(struct kunit *test)
{
	static const u32 secure[] = {
		SECURE_SRAM, SECURE_SRAM + 0xf000, SECURE_FLASH, SECURE_FLASH + 0x40000,
		SECURE_FLASH + 0x3f00000, SECURE_UART,
	};
	size_t i;
	u32 word = 0x12345678;

	for (i = 0; i < ARRAY_SIZE(secure); i++)
		KUNIT_EXPECT_EQ_MSG(test, read_physical(test, secure[i], &word), -EFAULT, "%#x: %#x",
				    secure[i], word);
	KUNIT_EXPECT_EQ(test, read_physical(test, SHARED_FLASH, &word), 0);
}

static struct kunit_case records_test_cases[] = {
	KUNIT_CASE(records_test_calls_of_programs),
	KUNIT_CASE(records_test_requests),
	KUNIT_CASE(records_test_numbers),
	KUNIT_CASE(records_test_bad_addresses),
	KUNIT_CASE(records_test_good_addresses),
	KUNIT_CASE(records_test_watchdog),
	KUNIT_CASE(records_test_random),
	KUNIT_CASE(records_test_secure_memory_faults),
	{}
};

static struct kunit_suite records_test_suite = {
	.name = "spherule-records",
	.test_cases = records_test_cases,
};
kunit_test_suite(records_test_suite);

MODULE_DESCRIPTION("KUnit tests of the records of the Spherule Security Monitor");
MODULE_LICENSE("GPL");
