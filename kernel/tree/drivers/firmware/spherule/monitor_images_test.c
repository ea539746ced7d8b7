// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the image store of the Security Monitor, as a compromised kernel
 * would use it: parts that come out of order, handles that are gone, images that
 * nobody signed. Nothing is installed here; what is installed stays what it was.
 *
 * The control is an installed image of the device, staged once more.
 */

#include <asm/cacheflush.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/spherule/monitor.h>
#include <linux/spherule/monitor_records.h>

#include "monitor_test.h"

#define BLOCK		SPH_SMC_PROGRAM_MAX
#define NO_HANDLE	0x7ffffff1

/* What must be the same behind each test. */
struct store {
	struct arm_smccc_res space;
	struct sph_image_info first;
};

static u32 *block_of(struct kunit *test)
{
	u32 *block = kunit_kzalloc(test, BLOCK, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, block);
	return block;
}

static s32 write_block(u32 handle, u32 offset, const void *block, u32 bytes)
{
	__cpuc_flush_dcache_area((void *)block, BLOCK);
	return smc_pieces(SPH_SMC_IMAGE_WRITE, handle, offset, virt_to_phys(block), bytes, NULL);
}

static s32 read_info(struct kunit *test, u32 number, struct sph_image_info *info)
{
	u32 *block = block_of(test);
	s32 status;

	__cpuc_flush_dcache_area(block, BLOCK);
	status = smc_pieces(SPH_SMC_IMAGE_INFO, number, virt_to_phys(block), 0, 0, NULL);
	__cpuc_flush_dcache_area(block, BLOCK);
	memcpy(info, block, sizeof(*info));
	return status;
}

static void look(struct kunit *test, struct store *store)
{
	arm_smccc_smc(SPH_SMC_IMAGE_SPACE, 0, 0, 0, 0, 0, 0, 0, &store->space);
	KUNIT_ASSERT_EQ(test, store->space.a0, 0);
	KUNIT_ASSERT_GE_MSG(test, store->space.a1, 1, "an app must be installed");
	KUNIT_ASSERT_EQ(test, read_info(test, 0, &store->first), SPH_SMC_OK);
}

static void expect_same(struct kunit *test, const struct store *before)
{
	struct store now;

	look(test, &now);
	KUNIT_EXPECT_EQ(test, now.space.a1, before->space.a1);
	KUNIT_EXPECT_EQ(test, now.space.a2, before->space.a2);
	KUNIT_EXPECT_MEMEQ(test, &now.first, &before->first, sizeof(now.first));
}

static u32 begin(struct kunit *test, u32 bytes)
{
	u32 handle = 0;

	KUNIT_ASSERT_EQ(test, smc_pieces(SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_APP, bytes, 0, 0, &handle),
			SPH_SMC_OK);
	KUNIT_ASSERT_NE(test, handle, 0);
	return handle;
}

static s32 finish(u32 handle, u32 *number)
{
	return smc_pieces(SPH_SMC_IMAGE_FINISH, handle, 0, 0, 0, number);
}

static s32 abort_image(u32 handle)
{
	return smc_pieces(SPH_SMC_IMAGE_ABORT, handle, 0, 0, 0, NULL);
}

static void images_test_begin(struct kunit *test)
{
	static const struct {
		u32 type, bytes;
	} wrong[] = {
		{ 0, BLOCK }, { 3, BLOCK }, { ~0, BLOCK }, { SPH_IMAGE_APP, 0 },
		{ SPH_IMAGE_APP, ~0 }, { SPH_IMAGE_APP, 0xfffff000 }, { SPH_IMAGE_APP, 0x4000000 },
		{ SPH_IMAGE_OS, 0 }, { SPH_IMAGE_OS, ~0 }, { SPH_IMAGE_OS, 0x4000000 },
	};
	struct store before;
	size_t i;

	look(test, &before);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		u32 handle = 1;
		s32 status = smc_pieces(SPH_SMC_IMAGE_BEGIN, wrong[i].type, wrong[i].bytes, 0, 0,
					&handle);

		KUNIT_EXPECT_TRUE_MSG(test, status == SPH_SMC_E_INVALID ||
				      (wrong[i].bytes > BLOCK && status == SPH_SMC_E_NO_SPACE),
				      "type %u, %u bytes: %d", wrong[i].type, wrong[i].bytes, status);
		KUNIT_EXPECT_EQ(test, handle, 0);
	}
	expect_same(test, &before);
}

/* Names nobody's image: nothing is there, whatever the call. */
static void expect_no_handle(struct kunit *test, u32 handle, const void *block)
{
	u32 number = 1;

	KUNIT_EXPECT_EQ(test, write_block(handle, 0, block, BLOCK), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, finish(handle, &number), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, number, 0);
}

static void images_test_handles(struct kunit *test)
{
	void *block = block_of(test);
	struct store before;
	u32 handle;

	look(test, &before);
	expect_no_handle(test, 0, block);
	expect_no_handle(test, 1, block);
	expect_no_handle(test, ~0, block);
	handle = begin(test, 2 * BLOCK);
	expect_no_handle(test, handle ^ NO_HANDLE, block);
	KUNIT_EXPECT_EQ(test, abort_image(handle ^ NO_HANDLE), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, write_block(handle, 0, block, BLOCK), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, abort_image(handle), SPH_SMC_OK);
	expect_no_handle(test, handle, block);
	KUNIT_EXPECT_EQ(test, abort_image(handle), SPH_SMC_E_ABSENT);
	expect_same(test, &before);
}

static void images_test_parts(struct kunit *test)
{
	void *block = block_of(test);
	u32 end = ram_end(test), handle, number;
	struct store before;
	size_t i;
	const struct {
		u32 offset, address, bytes;
		s32 status;
	} wrong[] = {
		{ BLOCK, 0, BLOCK, SPH_SMC_E_INVALID },
		{ 4, 0, 4, SPH_SMC_E_INVALID },
		{ 0xfffff000, 0, BLOCK, SPH_SMC_E_INVALID },
		{ 0, 0, 0, SPH_SMC_E_INVALID },
		{ 0, 0, 2, SPH_SMC_E_INVALID },
		{ 0, 0, BLOCK + 4, SPH_SMC_E_INVALID },
		{ 0, 0, ~0u, SPH_SMC_E_INVALID },
		{ 0, SECURE_SRAM, BLOCK, SPH_SMC_E_ADDRESS },
		{ 0, SECURE_FLASH + 4, BLOCK, SPH_SMC_E_ADDRESS },
		{ 0, SECURE_UART, 4, SPH_SMC_E_ADDRESS },
		{ 0, SHARED_FLASH, BLOCK, SPH_SMC_E_ADDRESS },
		{ 0, 0x3ffffffc, 8, SPH_SMC_E_ADDRESS },
		{ 0, end - 4, 8, SPH_SMC_E_ADDRESS },
		{ 0, end, 4, SPH_SMC_E_ADDRESS },
		{ 0, 0xfffffffc, 8, SPH_SMC_E_ADDRESS },
	};

	look(test, &before);
	handle = begin(test, 2 * BLOCK);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ_MSG(test, smc_pieces(SPH_SMC_IMAGE_WRITE, handle, wrong[i].offset,
						     wrong[i].address ?: virt_to_phys(block),
						     wrong[i].bytes, NULL),
				    wrong[i].status, "at %#x from %#x, %u bytes", wrong[i].offset,
				    wrong[i].address, wrong[i].bytes);
	KUNIT_EXPECT_EQ(test, write_block(handle, 0, block, BLOCK), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, write_block(handle, 0, block, BLOCK), SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, finish(handle, &number), SPH_SMC_E_INVALID);
	KUNIT_EXPECT_EQ(test, write_block(handle, BLOCK, block, BLOCK), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, write_block(handle, 2 * BLOCK, block, 4), SPH_SMC_E_INVALID);

	/* All is there, and it is nobody's image. The handle is gone with it. */
	KUNIT_EXPECT_EQ(test, finish(handle, &number), SPH_SMC_E_REFUSED);
	KUNIT_EXPECT_GE(test, number, 1000);
	expect_no_handle(test, handle, block);
	KUNIT_EXPECT_NE(test, smc_pieces(SPH_SMC_IMAGE_INSTALL, 0, 0, 0, 0, NULL),
			SPH_SMC_E_UNKNOWN);
	expect_same(test, &before);
}

/* Stages @bytes of an MTD, with one bit changed at @flip; ~0 for none. */
static s32 stage(struct kunit *test, const char *name, u32 offset, u32 bytes, u32 flip, u32 *handle,
		 u32 *number)
{
	struct mtd_info *mtd = partition(test, name);
	u8 *block = (u8 *)block_of(test);
	s32 status = SPH_SMC_OK;
	u32 at, part;
	size_t done;

	*handle = begin(test, bytes);
	for (at = 0; at < bytes && status == SPH_SMC_OK; at += part) {
		part = min_t(u32, bytes - at, BLOCK);
		KUNIT_EXPECT_EQ(test, mtd_read(mtd, offset + at, part, &done, block), 0);
		if (flip >= at && flip < at + part)
			block[flip - at] ^= 1;
		status = write_block(*handle, at, block, part);
	}
	put_mtd_device(mtd);
	return status == SPH_SMC_OK ? finish(*handle, number) : status;
}

static void images_test_signatures(struct kunit *test)
{
	struct store before;
	u32 handle, number, bytes, i;

	look(test, &before);
	bytes = before.first.bytes;
	/* In the body, in the metadata, in the signature: 192 and 64 bytes at the end. */
	{
		const u32 flips[] = {
			0, 100, bytes / 2, bytes - 256, bytes - 255, bytes - 240, bytes - 176,
			bytes - 164, bytes - 66, bytes - 64, bytes - 1,
		};

		for (i = 0; i < ARRAY_SIZE(flips); i++) {
			number = 0;
			KUNIT_EXPECT_EQ_MSG(test, stage(test, "apps", before.first.offset, bytes,
							flips[i], &handle, &number),
					    SPH_SMC_E_REFUSED, "bit of byte %u", flips[i]);
			KUNIT_EXPECT_GE(test, number, 1000);
			KUNIT_EXPECT_EQ(test, abort_image(handle), SPH_SMC_E_ABSENT);
		}
	}
	/* Shorter and longer than what was signed. */
	KUNIT_EXPECT_EQ(test, stage(test, "apps", before.first.offset, bytes - 4, ~0, &handle, &number),
			SPH_SMC_E_REFUSED);
	KUNIT_EXPECT_EQ(test, stage(test, "apps", before.first.offset, bytes + 4, ~0, &handle, &number),
			SPH_SMC_E_REFUSED);
	expect_same(test, &before);

	/* The control. */
	number = 1;
	KUNIT_EXPECT_EQ_MSG(test, stage(test, "apps", before.first.offset, bytes, ~0, &handle, &number),
			    SPH_SMC_OK, "E%u", number);
	KUNIT_EXPECT_EQ(test, abort_image(0), SPH_SMC_OK);
	expect_same(test, &before);
}

/* The root filesystem is signed too, but not to be an app. */
static void images_test_wrong_role(struct kunit *test)
{
	struct mtd_info *mtd = partition(test, "system");
	u32 head[2], handle, number = 0;
	struct store before;
	size_t done;

	look(test, &before);
	KUNIT_ASSERT_EQ(test, mtd_read(mtd, 0, sizeof(head), &done, (u_char *)head), 0);
	put_mtd_device(mtd);
	KUNIT_EXPECT_EQ(test, stage(test, "system", 0, head[1] + 256, ~0, &handle, &number),
			SPH_SMC_E_REFUSED);
	KUNIT_EXPECT_GE(test, number, 1000);
	expect_same(test, &before);
}

static void images_test_verify(struct kunit *test)
{
	static const u32 nowhere[] = { 1, 4, 0x800, 0xfff000, 0x1000000, 0x10000000, ~0, 0xfffff000 };
	struct mtd_info *apps = partition(test, "apps"), *system = partition(test, "system");
	struct sph_image_info info;
	struct store before;
	size_t i;

	look(test, &before);
	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		s32 status = smc_pieces(SPH_SMC_IMAGE_VERIFY, nowhere[i], 0, 0, 0, NULL);

		KUNIT_EXPECT_TRUE_MSG(test, status == SPH_SMC_E_ABSENT || status == SPH_SMC_E_INVALID,
				      "%#x: %d", nowhere[i], status);
	}
	for (i = 0; i < before.space.a1; i++) {
		KUNIT_ASSERT_EQ(test, read_info(test, i, &info), SPH_SMC_OK);
		KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_VERIFY, info.offset, 0, 0, 0, NULL),
				SPH_SMC_OK);
		KUNIT_EXPECT_EQ(test, spherule_take_image(apps, info.offset), 0);
		spherule_release_image(apps, info.offset);
	}
	KUNIT_EXPECT_EQ(test, read_info(test, before.space.a1, &info), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, read_info(test, ~0, &info), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_NE(test, spherule_take_image(apps, 0xfff000), 0);
	KUNIT_EXPECT_EQ(test, spherule_take_image(system, 0xfff000), 0);
	spherule_release_image(system, 0xfff000);
	put_mtd_device(apps);
	put_mtd_device(system);
}

static s32 hold(u32 offset)
{
	return smc_pieces(SPH_SMC_IMAGE_HOLD, offset, 0, 0, 0, NULL);
}

static s32 release(u32 offset)
{
	return smc_pieces(SPH_SMC_IMAGE_RELEASE, offset, 0, 0, 0, NULL);
}

/* What is taken is held once; what is refused is not. */
static void images_test_hold(struct kunit *test)
{
	static const u32 nowhere[] = { 1, 4, 0x800, 0xfff000, 0x1000000, 0x10000000, ~0, 0xfffff000 };
	struct mtd_info *apps = partition(test, "apps");
	struct store before;
	size_t i;

	look(test, &before);
	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		KUNIT_EXPECT_EQ(test, hold(nowhere[i]), SPH_SMC_E_ABSENT);
		KUNIT_EXPECT_NE(test, spherule_take_image(apps, nowhere[i]), 0);
		KUNIT_EXPECT_EQ(test, release(nowhere[i]), SPH_SMC_E_ABSENT);
	}
	KUNIT_EXPECT_EQ(test, release(before.first.offset), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, spherule_take_image(apps, before.first.offset), 0);
	KUNIT_EXPECT_EQ(test, release(before.first.offset), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, release(before.first.offset), SPH_SMC_E_ABSENT);
	put_mtd_device(apps);
	expect_same(test, &before);
}

static struct vfsmount *mount_image(struct kunit *test, u32 offset)
{
	struct fs_context *fc = fs_context_for_mount(get_fs_type("cramfs"), SB_RDONLY);
	struct vfsmount *mount;
	char value[16];

	KUNIT_ASSERT_FALSE(test, IS_ERR(fc));
	snprintf(value, sizeof(value), "%u", offset);
	KUNIT_EXPECT_EQ(test, vfs_parse_fs_string(fc, "source", "mtd:apps", 8), 0);
	KUNIT_EXPECT_EQ(test, vfs_parse_fs_string(fc, "offset", value, strlen(value)), 0);
	mount = fc_mount(fc);
	put_fs_context(fc);
	return mount;
}

/* While it is mounted, and not longer. */
static void images_test_mount_holds(struct kunit *test)
{
	struct store before;
	struct vfsmount *mount;

	look(test, &before);
	mount = mount_image(test, before.first.offset);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(mount), "%ld", PTR_ERR(mount));
	KUNIT_EXPECT_EQ(test, release(before.first.offset), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, release(before.first.offset), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, hold(before.first.offset), SPH_SMC_OK);
	mntput(mount);
	/* A kernel thread leaves the end of a mount to a worker. */
	msleep(200);
	KUNIT_EXPECT_EQ(test, release(before.first.offset), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_TRUE(test, IS_ERR(mount_image(test, 0xfff000)));
	KUNIT_EXPECT_EQ(test, release(0xfff000), SPH_SMC_E_ABSENT);
	expect_same(test, &before);
}

/* Good, and not installed: its bytes are in flash, and nothing can be executed from there. */
static void images_test_staged(struct kunit *test)
{
	struct mtd_info *apps = partition(test, "apps");
	u32 handle, offset = 0;
	struct store before;

	look(test, &before);
	KUNIT_ASSERT_EQ(test, stage(test, "apps", before.first.offset, before.first.bytes, ~0, &handle,
				    &offset), SPH_SMC_OK);
	KUNIT_EXPECT_NE(test, offset, before.first.offset);
	KUNIT_EXPECT_EQ(test, hold(offset), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_VERIFY, offset, 0, 0, 0, NULL),
			SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, spherule_take_image(apps, offset), -ENOENT);
	KUNIT_EXPECT_TRUE(test, IS_ERR(mount_image(test, offset)));
	KUNIT_EXPECT_EQ(test, abort_image(handle), SPH_SMC_OK);
	KUNIT_EXPECT_EQ(test, spherule_take_image(apps, offset), -ENOENT);
	put_mtd_device(apps);
	expect_same(test, &before);
}

static void images_test_remove(struct kunit *test)
{
	struct store before;

	look(test, &before);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_REMOVE, 0, 0, 0, 0, NULL), SPH_SMC_E_ABSENT);
	KUNIT_EXPECT_EQ(test, smc_pieces(SPH_SMC_IMAGE_REMOVE, ~0, ~0, ~0, ~0, NULL),
			SPH_SMC_E_ABSENT);
	expect_same(test, &before);
}

static struct kunit_case images_test_cases[] = {
	KUNIT_CASE(images_test_begin),
	KUNIT_CASE(images_test_handles),
	KUNIT_CASE(images_test_parts),
	KUNIT_CASE(images_test_signatures),
	KUNIT_CASE(images_test_wrong_role),
	KUNIT_CASE(images_test_verify),
	KUNIT_CASE(images_test_hold),
	KUNIT_CASE(images_test_mount_holds),
	KUNIT_CASE(images_test_staged),
	KUNIT_CASE(images_test_remove),
	{}
};

static struct kunit_suite images_test_suite = {
	.name = "spherule-images",
	.test_cases = images_test_cases,
};
kunit_test_suite(images_test_suite);

MODULE_DESCRIPTION("KUnit tests of the image store of the Spherule Security Monitor");
MODULE_LICENSE("GPL");
