// SPDX-License-Identifier: Apache-2.0
/* Unit tests of the walk over the images of a partition, on a file instead of flash. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "devices.h"
#include "abi/errors.h"
#include "flash.h"
#include "scratch.h"

#define CRAMFS_MAGIC	0x28cd3d45
#define PARTITION_BYTES	(16 * 4096)

char *scratch_read_file(const char *path)
{
	(void)path;
	return NULL;
}

int devices_add_mtd(unsigned int index)
{
	(void)index;
	return 0;
}

static const char proc_mtd[] =
	"dev:    size   erasesize  name\n"
	"mtd0: 005c0000 00040000 \"system\"\n"
	"mtd1: 01000000 00040000 \"apps\"\n"
	"mtd12: 00400000 00040000 \"storage\"\n";

static void test_find_mtd(void **state)
{
	uint32_t bytes = 0;

	(void)state;
	assert_int_equal(flash_find_mtd(proc_mtd, "apps", &bytes), 1);
	assert_int_equal(bytes, 0x1000000);
	assert_int_equal(flash_find_mtd(proc_mtd, "storage", &bytes), 12);
	assert_int_equal(flash_find_mtd(proc_mtd, "app", &bytes), -ENOENT);
	assert_int_equal(flash_find_mtd(proc_mtd, "name", &bytes), -ENOENT);
	assert_int_equal(flash_find_mtd(NULL, "apps", &bytes), -ENOENT);
}

static struct flash_walk make_flash(void)
{
	static char name[] = "/tmp/flash_test.XXXXXX";
	struct flash_walk walk = { .partition_bytes = PARTITION_BYTES };
	uint8_t erased[PARTITION_BYTES];

	memcpy(name + sizeof(name) - 7, "XXXXXX", 6);
	walk.fd = mkstemp(name);
	assert_true(walk.fd >= 0);
	unlink(name);
	memset(erased, 0xff, sizeof(erased));
	assert_int_equal(pwrite(walk.fd, erased, sizeof(erased), 0), sizeof(erased));
	return walk;
}

static void put_image(int fd, uint32_t offset, uint32_t body_bytes, uint32_t type)
{
	const uint32_t head[] = { CRAMFS_MAGIC, body_bytes, 3, 0 };
	struct image_metadata metadata = {
		.magic = IMAGE_METADATA_MAGIC,
		.format = IMAGE_FORMAT,
		.metadata_bytes = sizeof(metadata),
		.body_bytes = body_bytes,
		.type = type,
		.component_id = { 1 },
		.image_id = { 2 },
		.name = "test",
		.abi_required = 1,
	};

	assert_int_equal(pwrite(fd, head, sizeof(head), offset), sizeof(head));
	assert_int_equal(pwrite(fd, &metadata, sizeof(metadata), offset + body_bytes),
			 sizeof(metadata));
}

static void test_walk_finds_all_and_ends_at_erased_flash(void **state)
{
	struct flash_walk walk = make_flash();
	struct flash_image image;

	(void)state;
	put_image(walk.fd, 0, 4096, IMAGE_TYPE_APP);
	put_image(walk.fd, 8192, 8192, IMAGE_TYPE_APP);
	assert_int_equal(flash_next(&walk, &image), 1);
	assert_int_equal(image.offset, 0);
	assert_int_equal(flash_next(&walk, &image), 1);
	assert_int_equal(image.offset, 8192);
	assert_int_equal(image.body_bytes, 8192);
	assert_int_equal(flash_next(&walk, &image), 0);
	flash_close(&walk);
}

static void test_walk_goes_on_behind_bad_metadata(void **state)
{
	struct flash_walk walk = make_flash();
	struct flash_image image;

	(void)state;
	put_image(walk.fd, 0, 4096, 99);
	put_image(walk.fd, 8192, 4096, IMAGE_TYPE_APP);
	assert_int_equal(flash_next(&walk, &image), -E_IMAGE_TYPE);
	assert_int_equal(flash_next(&walk, &image), 1);
	assert_int_equal(image.offset, 8192);
	flash_close(&walk);
}

static void test_walk_ends_where_the_length_is_unknown(void **state)
{
	struct flash_walk walk = make_flash();
	struct flash_image image;
	const uint32_t zero[4] = { 0 };

	(void)state;
	assert_int_equal(pwrite(walk.fd, zero, sizeof(zero), 0), sizeof(zero));
	put_image(walk.fd, 8192, 4096, IMAGE_TYPE_APP);
	assert_int_equal(flash_next(&walk, &image), -E_IMAGE_MAGIC);
	assert_int_equal(flash_next(&walk, &image), 0);
	flash_close(&walk);
}

static void test_walk_refuses_an_image_over_the_end(void **state)
{
	struct flash_walk walk = make_flash();
	struct flash_image image;

	(void)state;
	put_image(walk.fd, 0, 4096, IMAGE_TYPE_APP);
	put_image(walk.fd, 8192, PARTITION_BYTES, IMAGE_TYPE_APP);
	assert_int_equal(flash_next(&walk, &image), 1);
	assert_true(flash_next(&walk, &image) < 0);
	assert_int_equal(flash_next(&walk, &image), 0);
	flash_close(&walk);
}

static void test_an_image_at_its_place(void **state)
{
	struct flash_walk walk = make_flash();
	struct flash_image image;

	(void)state;
	put_image(walk.fd, 8192, 4096, IMAGE_TYPE_APP);
	put_image(walk.fd, 32768, 8192, IMAGE_TYPE_APP);
	assert_int_equal(flash_at(&walk, 32768, &image), 0);
	assert_int_equal(image.offset, 32768);
	assert_int_equal(image.body_bytes, 8192);
	assert_int_equal(flash_at(&walk, 8192, &image), 0);
	assert_int_equal(image.offset, 8192);
	assert_int_equal(flash_at(&walk, 0, &image), -E_IMAGE_MAGIC);
	assert_int_equal(flash_at(&walk, PARTITION_BYTES, &image), -E_IMAGE_MAGIC);
	assert_int_equal(flash_at(&walk, PARTITION_BYTES + 4096, &image), -E_IMAGE_TRUNCATED);
	assert_int_equal(flash_at(&walk, 0xfffff000, &image), -E_IMAGE_TRUNCATED);
	flash_close(&walk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_mtd),
		cmocka_unit_test(test_walk_finds_all_and_ends_at_erased_flash),
		cmocka_unit_test(test_walk_goes_on_behind_bad_metadata),
		cmocka_unit_test(test_walk_ends_where_the_length_is_unknown),
		cmocka_unit_test(test_walk_refuses_an_image_over_the_end),
		cmocka_unit_test(test_an_image_at_its_place),
	};

	return cmocka_run_group_tests_name("appman: flash", tests, NULL, NULL);
}
