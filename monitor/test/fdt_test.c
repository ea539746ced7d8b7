// SPDX-License-Identifier: GPL-2.0-only
/* A tree as QEMU writes it, and trees that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"
#include "monitor/device/fdt.h"

#define START			MACHINE_RAM_BASE
#define TREE			56u	/* offset of the structure block, behind an empty reserve map */

static uint32_t at;

static void put(uint32_t offset, uint32_t value)
{
	const uint32_t be = __builtin_bswap32(value);

	memcpy(machine.ram + offset, &be, sizeof(be));
}

static void add(uint32_t value)
{
	put(at, value);
	at += 4;
}

static void add_text(const char *text)
{
	memcpy(machine.ram + at, text, strlen(text) + 1);
	at += ((uint32_t)strlen(text) + 4) & ~3u;
}

static void add_property(uint32_t name, uint32_t bytes, uint8_t fill)
{
	add(3);
	add(bytes);
	add(name);
	memset(machine.ram + at, fill, bytes);
	at += (bytes + 3) & ~3u;
}

/* The strings: "reg" at 0, "rng-seed" at 4. */
static int set_up(void **state)
{
	(void)state;
	machine_init();
	at = TREE;
	add(1);
	add_text("");
	add_property(4, 8, 0xee);
	add(1);
	add_text("chosen");
	add_property(4, 32, 0xdd);
	add(2);
	add(1);
	add_text("secure-chosen-not");
	add_property(4, 32, 0xcc);
	add(2);
	add(1);
	add_text("soc");
	add(1);
	add_text("secure-chosen");
	add_property(4, 32, 0xbb);
	add(2);
	add(2);
	add(4);
	add(1);
	add_text("secure-chosen");
	add_property(0, 5, 0xaa);
	add_property(4, 30, 0x99);
	add(2);
	add(2);
	add(9);
	put(0, 0xd00dfeed);
	put(8, TREE);
	put(12, at);
	put(32, 13);
	put(36, at - TREE);
	memcpy(machine.ram + at, "reg\0rng-seed", 13);
	put(4, at + 13);
	return 0;
}

static int find(struct fdt_value *value)
{
	return fdt_find(START, MACHINE_RAM_BYTES, "secure-chosen", "rng-seed", value);
}

static void test_found(void **state)
{
	struct fdt_value value;

	(void)state;
	assert_int_equal(find(&value), 0);
	assert_int_equal(value.bytes, 30);
	assert_int_equal(machine.ram[value.address - START], 0x99);
	assert_int_equal(fdt_find(START, MACHINE_RAM_BYTES, "chosen", "rng-seed", &value), 0);
	assert_int_equal(machine.ram[value.address - START], 0xdd);
	assert_int_equal(fdt_find(START, MACHINE_RAM_BYTES, "secure-chosen", "reg", &value), 0);
	assert_int_equal(value.bytes, 5);
}

static void test_absent(void **state)
{
	struct fdt_value value;

	(void)state;
	assert_int_equal(fdt_find(START, MACHINE_RAM_BYTES, "secure-chosen", "rng", &value), -1);
	assert_int_equal(fdt_find(START, MACHINE_RAM_BYTES, "secure-chose", "rng-seed", &value), -1);
	assert_int_equal(fdt_find(START, 36, "secure-chosen", "rng-seed", &value), -1);
	assert_int_equal(fdt_find(START, at, "secure-chosen", "rng-seed", &value), -1);
	put(0, 0);
	assert_int_equal(find(&value), -1);
}

/* Whatever word is another number: nothing outside is read, which the machine watches. */
static void test_any_word_lies(void **state)
{
	static const uint32_t lies[] = { 0, 1, 2, 3, 9, 40, 0x7ffffffc, 0xfffffffc, 0xffffffff };
	static uint8_t good[MACHINE_RAM_BYTES];
	struct fdt_value value;
	const uint32_t end = at;

	(void)state;
	memcpy(good, machine.ram, sizeof(good));
	for (uint32_t word = 0; word < end; word += 4) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
			put(word, lies[i]);
			if (!find(&value))
				assert_in_range(value.address, START,
						START + MACHINE_RAM_BYTES - value.bytes);
			memcpy(machine.ram, good, sizeof(good));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_found, set_up),
		cmocka_unit_test_setup(test_absent, set_up),
		cmocka_unit_test_setup(test_any_word_lies, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
