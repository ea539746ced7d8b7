// SPDX-License-Identifier: GPL-2.0-only
/* Flash that programs are executed from is given to nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/smc.h"
#include "monitor/images/image_hold.h"
#include "monitor/images/image_list.h"
#include "monitor/state/state.h"
#include "sample.h"

#define SECTOR		MACHINE_SECTOR
#define SECTORS		(MACHINE_APPS_BYTES / SECTOR)
#define IMAGE_SECTORS	2u		/* of a package of one page */

static struct package package;

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

static int32_t install(uint8_t component, uint8_t content)
{
	package_make(&package, &(struct package_spec){ .component = component, .content = content });
	return sample_install(&package);
}

/* With component 0xc0 at offset 0. */
static int set_up(void **state)
{
	(void)state;
	sample_make();
	return !sample_start() || install(0xc0, 1);
}

static int32_t remove_component(uint8_t component)
{
	const uint32_t word = component * 0x01010101u;

	return sample_call(SPH_SMC_IMAGE_REMOVE, word, word, word, word);
}

static int32_t hold(uint32_t offset)
{
	return sample_call(SPH_SMC_IMAGE_HOLD, offset, 0, 0, 0);
}

static int32_t release(uint32_t offset)
{
	return sample_call(SPH_SMC_IMAGE_RELEASE, offset, 0, 0, 0);
}

static uint32_t free_sectors(void)
{
	assert_int_equal(sample_call(SPH_SMC_IMAGE_SPACE, 0, 0, 0, 0), 0);
	return sample_results[1] / SECTOR;
}

/* Images are written until the search has gone round more than once: not one byte of these sectors. */
static void assert_nothing_is_written(uint32_t sector)
{
	static uint8_t before[IMAGE_SECTORS * SECTOR];
	uint8_t *there = machine.flash + MACHINE_APPS + sector * SECTOR;

	memcpy(before, there, sizeof(before));
	for (uint8_t i = 0; i < 2 * SECTORS; i++)
		assert_int_equal(install(0xd0, i), 0);
	assert_memory_equal(before, there, sizeof(before));
}

static bool is_rewritten(uint32_t sector)
{
	static uint8_t before[IMAGE_SECTORS * SECTOR];
	uint8_t *there = machine.flash + MACHINE_APPS + sector * SECTOR;

	memcpy(before, there, sizeof(before));
	for (uint8_t i = 0; i < 2 * SECTORS; i++)
		assert_int_equal(install(0xd0, 0x80 | i), 0);
	return memcmp(before, there, sizeof(before));
}

static void test_removed_while_mounted(void **state)
{
	(void)state;
	assert_int_equal(hold(0), 0);
	assert_int_equal(free_sectors(), SECTORS - IMAGE_SECTORS);
	assert_int_equal(remove_component(0xc0), 0);
	assert_int_equal(free_sectors(), SECTORS - IMAGE_SECTORS);
	assert_nothing_is_written(0);
	assert_int_equal(hold(0), SPH_SMC_E_ABSENT);
	assert_int_equal(release(0), 0);
	assert_int_equal(free_sectors(), SECTORS - IMAGE_SECTORS);	/* 0xd0 has as many */
	assert_true(is_rewritten(0));
}

static void test_replaced_while_mounted(void **state)
{
	(void)state;
	assert_int_equal(hold(0), 0);
	assert_int_equal(install(0xc0, 2), 0);
	assert_int_equal(free_sectors(), SECTORS - 2 * IMAGE_SECTORS);
	assert_nothing_is_written(0);
	assert_int_equal(release(0), 0);
	assert_true(is_rewritten(0));
}

/* The control: nobody holds it. */
static void test_not_mounted(void **state)
{
	(void)state;
	assert_int_equal(remove_component(0xc0), 0);
	assert_int_equal(free_sectors(), SECTORS);
	assert_true(is_rewritten(0));
}

static void test_each_mount_counts(void **state)
{
	(void)state;
	assert_int_equal(hold(0), 0);
	assert_int_equal(hold(0), 0);
	assert_int_equal(remove_component(0xc0), 0);
	assert_int_equal(release(0), 0);
	assert_int_equal(free_sectors(), SECTORS - IMAGE_SECTORS);
	assert_int_equal(release(0), 0);
	assert_int_equal(free_sectors(), SECTORS);
	assert_int_equal(release(0), SPH_SMC_E_ABSENT);
}

static void test_what_is_not_there(void **state)
{
	static const uint32_t nowhere[] = { 4, SECTOR, SECTOR - 1, MACHINE_APPS_BYTES, UINT32_MAX,
					    0u - SECTOR };

	(void)state;
	for (uint32_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		assert_int_equal(hold(nowhere[i]), SPH_SMC_E_ABSENT);
		assert_int_equal(release(nowhere[i]), SPH_SMC_E_ABSENT);
	}
	assert_int_equal(hold(0), 0);
	for (uint32_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		assert_int_equal(release(nowhere[i]), SPH_SMC_E_ABSENT);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_APP, package.bytes, 0, 0), 0);
	assert_int_equal(hold(IMAGE_SECTORS * SECTOR), SPH_SMC_E_ABSENT);	/* staged only */
}

static void test_reset_releases(void **state)
{
	(void)state;
	assert_int_equal(hold(0), 0);
	assert_int_equal(remove_component(0xc0), 0);
	assert_true(sample_start());
	assert_int_equal(free_sectors(), SECTORS);
	assert_int_equal(release(0), SPH_SMC_E_ABSENT);
}

/* One image after the other in the same place of the list, each held and none released. */
static void test_all_places_are_taken(void **state)
{
	struct image_entry *entry;
	uint32_t sector = 0;

	(void)state;
	for (;; sector++) {
		entry = &state_draft()->images.entries[0];
		*entry = (struct image_entry){ .sector = sector, .sectors = 1, .bytes = SECTOR };
		assert_int_equal(state_commit(), 0);
		if (hold(sector * SECTOR))
			break;
	}
	assert_int_equal(sector, IMAGES_HELD_MAX);
	assert_int_equal(hold(sector * SECTOR), SPH_SMC_E_BUSY);
	assert_int_equal(release(0), 0);
	assert_int_equal(hold(sector * SECTOR), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_removed_while_mounted, set_up),
		cmocka_unit_test_setup(test_replaced_while_mounted, set_up),
		cmocka_unit_test_setup(test_not_mounted, set_up),
		cmocka_unit_test_setup(test_each_mount_counts, set_up),
		cmocka_unit_test_setup(test_what_is_not_there, set_up),
		cmocka_unit_test_setup(test_reset_releases, set_up),
		cmocka_unit_test_setup(test_all_places_are_taken, set_up),
	};

	return cmocka_run_group_tests_name("monitor holds", tests, load_keys, free_keys);
}
