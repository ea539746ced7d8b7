// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the Security Monitor: a compromised kernel brings an OS of its own, what runs with
 * bits of its manifest changed, into the slot that does not run.
 *
 * The control is the manifest as it is: it is believed, and what it lists is missing, because only the
 * first sector of the slot comes. Nothing is installed.
 */

#include <asm/cacheflush.h>
#include <linux/crc32.h>
#include <linux/io.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spherule/monitor.h>

#include "monitor_test.h"

#define BLOCK		SPH_SMC_PROGRAM_MAX

/* Of the board "qemu-virt": boards/qemu-virt/flash_map.h; the manifest: abi/boot_manifest.md. */
#define SLOT_BYTES	0x800000
#define HEAD_BYTES	0x40000
#define MANIFEST	0x3f000
#define PART(number)	(MANIFEST + 128 + 44 * (number))
#define SIGNATURE	(MANIFEST + 832)

/* abi/errors.h */
#define E_ABSENT	1008
#define E_KEY		1009
#define E_SIGNATURE	1010
#define E_PART		1013

/* The head of the slot that runs, in place. */
static const u8 __iomem *map_head(struct kunit *test)
{
	struct arm_smccc_res res;
	const u8 __iomem *head;

	arm_smccc_smc(SPH_SMC_BOOT_INFO, 0, 0, 0, 0, 0, 0, 0, &res);
	KUNIT_ASSERT_EQ(test, res.a0, 0);
	KUNIT_ASSERT_LT(test, res.a1, SPH_SLOT_COUNT);
	head = ioremap(SHARED_FLASH + res.a1 * SLOT_BYTES, HEAD_BYTES);
	KUNIT_ASSERT_NOT_NULL(test, (__force const void *)head);
	return head;
}

static u32 begin(struct kunit *test, u32 bytes)
{
	u32 handle = 0;

	KUNIT_ASSERT_EQ(test, smc_pieces(SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_OS, bytes, 0, 0, &handle),
			SPH_SMC_OK);
	return handle;
}

static s32 write_block(u32 handle, u32 offset, const void *block, u32 bytes)
{
	__cpuc_flush_dcache_area((void *)block, BLOCK);
	return smc_pieces(SPH_SMC_IMAGE_WRITE, handle, offset, virt_to_phys(block), bytes, NULL);
}

/* The head with one bit changed at @flip; ~0 for none. Returns the reason of the refusal. */
static u32 stage(struct kunit *test, const u8 __iomem *head, u8 *block, u32 flip)
{
	u32 handle = begin(test, HEAD_BYTES), number = 0, at;

	for (at = 0; at < HEAD_BYTES; at += BLOCK) {
		memcpy_fromio(block, head + at, BLOCK);
		if (flip >= at && flip < at + BLOCK)
			block[flip - at] ^= 0x10;
		KUNIT_ASSERT_EQ(test, write_block(handle, at, block, BLOCK), SPH_SMC_OK);
	}
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_FINISH, handle, 0, 0, 0, &number),
			SPH_SMC_E_REFUSED);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_ABORT, handle, 0, 0, 0, NULL),
			SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_INSTALL, 0, 0, 0, 0, NULL), SPH_SMC_E_ABSENT);
	return number;
}

static u32 sum(const u8 __iomem *head, u8 *block)
{
	u32 at, crc = 0;

	for (at = 0; at < HEAD_BYTES; at += BLOCK) {
		memcpy_fromio(block, head + at, BLOCK);
		crc = crc32_le(crc, block, BLOCK);
	}
	return crc;
}

/* AS-30, AS-31, H-100: whatever is changed, the signature covers it, and it is not used before. */
static void os_test_manifest(struct kunit *test)
{
	static const struct {
		u32 flip, reason;
	} changes[] = {
		{ ~0, E_PART },
		{ MANIFEST, E_ABSENT }, { MANIFEST + 4, E_SIGNATURE }, { MANIFEST + 6, E_SIGNATURE },
		{ MANIFEST + 8, E_SIGNATURE }, { MANIFEST + 12, E_SIGNATURE },
		{ MANIFEST + 16, E_SIGNATURE }, { MANIFEST + 20, E_SIGNATURE }, { MANIFEST + 52, E_KEY },
		{ MANIFEST + 84, E_SIGNATURE }, { MANIFEST + 127, E_SIGNATURE },
		{ PART(0), E_SIGNATURE }, { PART(1) + 4, E_SIGNATURE }, { PART(2) + 8, E_SIGNATURE },
		{ PART(2) + 12, E_SIGNATURE }, { PART(15) + 43, E_SIGNATURE },
		{ SIGNATURE, E_SIGNATURE }, { SIGNATURE + 63, E_SIGNATURE },
	};
	u8 *block = kunit_kmalloc(test, BLOCK, GFP_KERNEL);
	const u8 __iomem *head = map_head(test);
	size_t i;
	u32 crc;

	KUNIT_ASSERT_NOT_NULL(test, block);
	crc = sum(head, block);
	for (i = 0; i < ARRAY_SIZE(changes); i++)
		KUNIT_EXPECT_EQ_MSG(test, stage(test, head, block, changes[i].flip), changes[i].reason,
				    "bit of byte %#x", changes[i].flip);
	/* What runs was not written to. */
	KUNIT_EXPECT_EQ(test, sum(head, block), crc);
	iounmap((void __iomem *)head);
}

/* One at a time, not longer than a slot, not a byte more than was said. */
static void os_test_room(struct kunit *test)
{
	u8 *block = kunit_kzalloc(test, BLOCK, GFP_KERNEL);
	u32 handle, other = 0;

	KUNIT_ASSERT_NOT_NULL(test, block);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_OS, SLOT_BYTES + 4, 0, 0,
					 &other), SPH_SMC_E_NO_SPACE);
	handle = begin(test, 2 * BLOCK);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_OS, BLOCK, 0, 0, &other),
			SPH_SMC_E_BUSY);
	KUNIT_EXPECT_EQ(test, write_block(handle, 0, block, BLOCK), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, write_block(handle, SLOT_BYTES - BLOCK, block, BLOCK), SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, write_block(handle, BLOCK, block, BLOCK), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, write_block(handle, 2 * BLOCK, block, 4), SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_FINISH, handle, 0, 0, 0, &other),
			SPH_SMC_E_REFUSED);
	KUNIT_EXPECT_EQ(test, other, E_ABSENT);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_ABORT, handle, 0, 0, 0, NULL),
			SPH_SMC_E_ABSENT);
}

static struct kunit_case os_test_cases[] = {
	KUNIT_CASE_SLOW(os_test_manifest),
	KUNIT_CASE(os_test_room),
	{}
};

static struct kunit_suite os_test_suite = {
	.name = "spherule-os",
	.test_cases = os_test_cases,
};
kunit_test_suite(os_test_suite);

MODULE_DESCRIPTION("KUnit tests of an OS that a compromised kernel brings to the Spherule Security Monitor");
MODULE_LICENSE("GPL");
