// SPDX-License-Identifier: Apache-2.0
/* Each rule of boot_manifest.c, beside a manifest that keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "abi/bytes.h"
#include "abi/boot_manifest.h"
#include "abi/errors.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SLOT_BYTES 0x100000u

static const struct boot_layout layout = {
	.board = "board",
	.slot_bytes = SLOT_BYTES,
	.manifest_offset = 0x3000,
	.dtb_offset = 0,
	.dtb_stride_bytes = 0x1000,
	.dtb_count = 2,
	.kernel_offset = 0x4000,
	.system_offset = 0x40000,
};

static uint8_t good[896];

static void put_part(uint8_t *bytes, uint32_t index, uint32_t kind,
		     uint32_t offset, uint32_t length)
{
	uint8_t *p = bytes + 128 + 44 * index;

	put_le32(p, kind);
	put_le32(p + 4, offset);
	put_le32(p + 8, length);
	memset(p + 12, 0xe0 + (int)index, 32);
}

/* Offsets are written out: the test must not share the parser's idea of them. */
static int set_up(void **state)
{
	(void)state;
	memset(good, 0, sizeof(good));
	memcpy(good, "SPBM", 4);
	good[4] = 1;
	good[6] = 0x40;
	good[7] = 3;
	put_le32(good + 8, 5);
	put_le32(good + 12, 1);
	put_le32(good + 16, 6);
	memcpy(good + 20, "0.1.0", 5);
	memset(good + 52, 0xab, 32);
	memcpy(good + 84, "board", 5);
	put_part(good, 0, 1, 0, 0x700);
	put_part(good, 1, 1, 0x1000, 0x1000);
	put_part(good, 2, 2, 0x4000, 0x3c000);
	put_part(good, 3, 3, 0x40000, 0x1100);
	put_part(good, 4, 4, 0x42000, 0x2000);
	put_part(good, 5, 4, 0x44000, 0xbc000);
	return 0;
}

static int parse(const uint8_t *bytes)
{
	struct boot_manifest m;

	return boot_manifest_parse(bytes, sizeof(m), &layout, &m);
}

static void test_good(void **state)
{
	struct boot_manifest m;

	(void)state;
	assert_int_equal(boot_manifest_parse(good, 832, &layout, &m), 0);
	assert_int_equal(m.security_version, 5);
	assert_int_equal(m.flags, BOOT_MANIFEST_F_DEVELOPMENT);
	assert_int_equal(m.part_count, 6);
	assert_string_equal(m.os_version, "0.1.0");
	assert_int_equal(m.key_id[31], 0xab);
	assert_int_equal(m.parts[2].kind, BOOT_PART_KERNEL);
	assert_int_equal(m.parts[2].offset, 0x4000);
	assert_int_equal(m.parts[2].bytes, 0x3c000);
	assert_int_equal(m.parts[5].sha256[31], 0xe5);
	assert_int_equal(boot_manifest_images_end(&m), SLOT_BYTES);
	assert_int_equal(boot_manifest_parse(good, 831, &layout, &m),
			 -E_MONITOR_MANIFEST_ABSENT);
	put_le32(good + 16, 4);
	memset(good + 128 + 4 * 44, 0, 2 * 44);
	assert_int_equal(boot_manifest_parse(good, 832, &layout, &m), 0);
	assert_int_equal(boot_manifest_images_end(&m), 0x42000);
}

static void test_fields(void **state)
{
	static const struct {
		uint32_t at;
		uint8_t value;
		int error;
	} changes[] = {
		{ 0, 'X', E_MONITOR_MANIFEST_ABSENT },
		{ 3, 'm', E_MONITOR_MANIFEST_ABSENT },
		{ 4, 2, E_MONITOR_MANIFEST_FIELD }, /* format */
		{ 6, 0x41, E_MONITOR_MANIFEST_FIELD }, /* length */
		{ 12, 2, E_MONITOR_MANIFEST_FIELD }, /* flags */
		{ 15, 0x80, E_MONITOR_MANIFEST_FIELD },
		{ 20, 0, E_MONITOR_MANIFEST_FIELD }, /* version: empty */
		{ 21, '\n', E_MONITOR_MANIFEST_FIELD },
		{ 26, 'x', E_MONITOR_MANIFEST_FIELD }, /* behind its NUL */
		{ 84, 'c', E_MONITOR_BOARD },
		{ 88, 0, E_MONITOR_BOARD },
		{ 89, '2', E_MONITOR_BOARD },
		{ 90, 'x', E_MONITOR_BOARD }, /* behind its NUL */
		{ 99, 1, E_MONITOR_BOARD },
		{ 100, 1, E_MONITOR_MANIFEST_FIELD }, /* reserved */
		{ 127, 1, E_MONITOR_MANIFEST_FIELD },
		{ 16, 5, E_MONITOR_MANIFEST_PARTS }, /* a part is not counted */
		{ 16, 7, E_MONITOR_MANIFEST_PARTS },
		{ 16, 17, E_MONITOR_MANIFEST_PARTS },
		{ 19, 0x80, E_MONITOR_MANIFEST_PARTS },
		{ 128 + 6 * 44, 1, E_MONITOR_MANIFEST_PARTS }, /* unused */
		{ 831, 1, E_MONITOR_MANIFEST_PARTS },
		{ 8, 0, 0 }, /* any security version */
		{ 12, 0, 0 },
		{ 52, 1, 0 }, /* any key: the signature says */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		uint8_t bytes[832];

		memcpy(bytes, good, sizeof(bytes));
		bytes[changes[i].at] = changes[i].value;
		assert_int_equal(parse(bytes), -changes[i].error);
	}
	memset(good + 20, 'x', 32);
	assert_int_equal(parse(good), -E_MONITOR_MANIFEST_FIELD);
}

static void test_parts(void **state)
{
	static const struct {
		uint32_t index, kind, offset, bytes;
	} bad[] = {
		{ 0, 0, 0, 0x700 }, /* kinds */
		{ 0, 5, 0, 0x700 },
		{ 0, 0xffffffff, 0, 0x700 },
		{ 0, 1, 0, 0 }, /* lengths */
		{ 0, 1, 0, 0x1001 },
		{ 2, 2, 0x4000, 0 },
		{ 2, 2, 0x4000, 0x3c001 },
		{ 5, 4, 0x44000, 0xbc001 },
		{ 5, 4, 0x44000, 0xffffffff },
		{ 5, 4, 0x44000, 0xfffbc000 }, /* wraps */
		{ 0, 1, 4, 0x700 }, /* places */
		{ 1, 1, 0x2000, 0x100 },
		{ 1, 1, 0, 0x100 },
		{ 2, 2, 0x5000, 0x1000 },
		{ 2, 2, 0x4001, 0x1000 },
		{ 3, 3, 0x41000, 0x100 },
		{ 4, 4, 0x43000, 0x100 },
		{ 4, 4, 0x41000, 0x100 },
		{ 5, 4, 0x100000, 1 },
		{ 5, 4, 0xfffff000, 0x2000 },
		{ 1, 2, 0x4000, 0x1000 }, /* counts */
		{ 2, 3, 0x40000, 0x1000 },
		{ 3, 2, 0x4000, 0x1000 },
		{ 3, 4, 0x40000, 0x1000 },
		{ 4, 3, 0x42000, 0x1000 },
		{ 4, 1, 0x42000, 0x1000 },
	};
	size_t i;

	(void)state;
	assert_int_equal(parse(good), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		uint8_t bytes[832];

		memcpy(bytes, good, sizeof(bytes));
		put_part(bytes, bad[i].index, bad[i].kind, bad[i].offset,
			 bad[i].bytes);
		assert_int_equal(parse(bytes), -E_MONITOR_MANIFEST_PARTS);
	}
}

/* A part over the manifest would let it sign itself. */
static void test_manifest_is_no_part(void **state)
{
	struct boot_layout over = layout;
	struct boot_manifest m;

	(void)state;
	over.manifest_offset = 0x43000;
	assert_int_equal(boot_manifest_parse(good, 832, &over, &m),
			 -E_MONITOR_MANIFEST_PARTS);
	over.manifest_offset = 0x41100; /* behind the root filesystem's last byte */
	assert_int_equal(boot_manifest_parse(good, 832, &over, &m), 0);
	over.manifest_offset = 0x410ff;
	assert_int_equal(boot_manifest_parse(good, 832, &over, &m),
			 -E_MONITOR_MANIFEST_PARTS);
}

static void test_most_parts(void **state)
{
	uint32_t i;

	(void)state;
	put_part(good, 5, 4, 0x44000, 0x1000);
	for (i = 6; i < 16; i++)
		put_part(good, i, 4, 0x45000 + (i - 6) * 0x1000, 0x1000);
	put_le32(good + 16, 16);
	assert_int_equal(parse(good), 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_null(boot_part_name(0));
	assert_string_equal(boot_part_name(BOOT_PART_DTB), "device tree");
	assert_string_equal(boot_part_name(BOOT_PART_SYSTEM_APP), "system app");
	assert_null(boot_part_name(5));
	assert_null(boot_part_name(0xffffffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, set_up),
		cmocka_unit_test_setup(test_fields, set_up),
		cmocka_unit_test_setup(test_parts, set_up),
		cmocka_unit_test_setup(test_manifest_is_no_part, set_up),
		cmocka_unit_test_setup(test_most_parts, set_up),
		cmocka_unit_test_setup(test_names, set_up),
	};

	return cmocka_run_group_tests_name("boot manifest", tests, NULL, NULL);
}
