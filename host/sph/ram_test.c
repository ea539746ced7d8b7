// SPDX-License-Identifier: Apache-2.0
/* What files cost in RAM, of all layouts, and of headers that lie. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host/sph/elf_segments.h"
#include "host/sph/ram.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PAGE ELF_PAGE_BYTES

/* A file of an image, which may begin as a program, and what it costs. */
struct example {
	const char *name;
	uint32_t size;
	enum cramfs_layout layout;
	uint8_t behind; /* the byte that follows the file */
	Elf32_Ehdr header; /* e_phnum 0: no program */
	Elf32_Phdr segments[2];
	struct ram cost;
};

/* clang-format off */
#define HEADER(count) \
	{ .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB }, \
	  .e_phoff = sizeof(Elf32_Ehdr), \
	  .e_phentsize = sizeof(Elf32_Phdr), \
	  .e_phnum = (count) }
#define NO_PROGRAM { .e_ident = { 0 } }
#define LOAD(at, start, bytes, memory, rights) \
	{ .p_type = PT_LOAD, .p_offset = (at), .p_vaddr = (start), .p_filesz = (bytes), \
	  .p_memsz = (memory), .p_flags = (rights) }
#define TEXT	LOAD(0, 0x10000, 0x2100, 0x2100, PF_R | PF_X)
#define DATA	LOAD(0x2100, 0x13100, 0x100, 0x300, PF_R | PF_W)
#define COST(in_place, start, most, cache)	{ in_place, start, most, cache }

static const struct example programs[] = {
	{ "data and bss", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, DATA }, COST(12, 4, 4, 0) },
	{ "no bss", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13100, 0x100, 0x100, PF_R | PF_W) },
	  COST(12, 0, 4, 0) },
	{ "bss begins at the end of a page", 0x3000, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13100, 0xf00, 0x2701, PF_R | PF_W) },
	  COST(12, 0, 12, 0) },
	{ "bss begins one byte before", 0x2fff, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13100, 0xeff, 0x2700, PF_R | PF_W) },
	  COST(12, 4, 12, 0) },
	{ "bss in a segment of its own", 0x2100, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13fff, 0, 2, PF_R | PF_W) }, COST(12, 0, 8, 0) },
	{ "constants in a segment of their own", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13100, 0x100, 0x100, PF_R) }, COST(16, 0, 0, 0) },
	{ "an empty segment", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13100, 0, 0, PF_R | PF_W) }, COST(12, 0, 0, 0) },
	{ "nothing of it in the file", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, LOAD(0x2100, 0x13100, 0, 0x100, PF_R) }, COST(12, 0, 0, 0) },
	{ "not to be loaded", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(2), { TEXT, { .p_type = PT_TLS, .p_offset = 0x2100, .p_vaddr = 0x13100,
			       .p_filesz = 0x80, .p_memsz = 0x90, .p_flags = PF_R } },
	  COST(12, 0, 0, 0) },
	{ "packed", 0x2200, CRAMFS_LAYOUT_PACKED, 0,
	  HEADER(2), { TEXT, DATA }, COST(0, 4, 4, 16) },
	{ "shared last page", 0x2200, CRAMFS_LAYOUT_MAPPED, 1,
	  HEADER(2), { TEXT, DATA }, COST(8, 4, 4, 8) },
	{ "last page is full", 0x3000, CRAMFS_LAYOUT_MAPPED, 1,
	  HEADER(2), { TEXT, DATA }, COST(12, 4, 4, 0) },
	{ "shared page is of no segment", 0x3001, CRAMFS_LAYOUT_MAPPED, 1,
	  HEADER(2), { TEXT, DATA }, COST(12, 4, 4, 0) },
};

static const struct example data_files[] = {
	{ "mapped", 0x2200, CRAMFS_LAYOUT_MAPPED, 0, NO_PROGRAM, { { 0 } }, COST(12, 0, 0, 0) },
	{ "shared", 0x2200, CRAMFS_LAYOUT_MAPPED, 1, NO_PROGRAM, { { 0 } }, COST(8, 0, 0, 4) },
	{ "one page", 0x1000, CRAMFS_LAYOUT_MAPPED, 1, NO_PROGRAM, { { 0 } }, COST(4, 0, 0, 0) },
	{ "packed", 0x2001, CRAMFS_LAYOUT_PACKED, 0, NO_PROGRAM, { { 0 } }, COST(0, 0, 0, 12) },
	{ "one byte", 1, CRAMFS_LAYOUT_PACKED, 1, NO_PROGRAM, { { 0 } }, COST(0, 0, 0, 4) },
	{ "scattered", 0x2200, CRAMFS_LAYOUT_OTHER, 0, HEADER(2), { TEXT, DATA },
	  COST(0, 0, 0, 12) },
	{ "empty", 0, CRAMFS_LAYOUT_NONE, 1, NO_PROGRAM, { { 0 } }, COST(0, 0, 0, 0) },
	{ "nothing to load", 0x2200, CRAMFS_LAYOUT_MAPPED, 0, HEADER(1), { { .p_type = PT_NOTE } },
	  COST(12, 0, 0, 0) },
	{ "no segments", 0x2200, CRAMFS_LAYOUT_PACKED, 0, HEADER(0), { { 0 } },
	  COST(0, 0, 0, 12) },
};

static const struct example liars[] = {
	{ "p_filesz", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(1), { LOAD(0, 0, 0xffffffff, 0xffffffff, PF_R) }, COST(12, 0, 0, 0) },
	{ "p_offset", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(1), { LOAD(0xffffffff, 0, 0x100, 0x100, PF_R) }, COST(0, 0, 0, 0) },
	{ "p_offset + p_filesz", 0x2200, CRAMFS_LAYOUT_PACKED, 0,
	  HEADER(1), { LOAD(0x1000, 0, 0xfffff001, 0xfffff001, PF_R) }, COST(0, 0, 0, 8) },
	{ "p_memsz", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(1), { LOAD(0x100, 0x100, 0x100, 0xfffffeff, PF_R | PF_W) },
	  COST(0, 4, 4194304, 0) },
	{ "p_vaddr + p_memsz", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(1), { LOAD(0, 0xffffffff, 0x100, 0xffffffff, PF_R | PF_W) },
	  COST(0, 4, 4194308, 0) },
	{ "p_filesz above p_memsz", 0x2200, CRAMFS_LAYOUT_MAPPED, 0,
	  HEADER(1), { LOAD(0, 0x10000, 0x1100, 0x100, PF_R | PF_W) }, COST(0, 0, 4, 0) },
};
/* clang-format on */

/* @e at @data in a body of @length bytes, which ends there for the address sanitizer too. */
static struct ram measure(const struct example *e, uint32_t data, size_t length)
{
	struct cramfs_entry entry = { .size = e->size,
				      .layout = e->layout,
				      .data = data };
	uint8_t *whole = calloc(1, 8 * PAGE);
	uint8_t *body = malloc(length);
	struct ram ram;

	assert_non_null(whole);
	assert_non_null(body);
	assert_true(length <= 8 * PAGE);
	if (e->size > sizeof(e->header) + sizeof(e->segments)) {
		memcpy(whole + data, &e->header, sizeof(e->header));
		memcpy(whole + data + sizeof(e->header), e->segments,
		       sizeof(e->segments));
	}
	whole[data + e->size] = e->behind;
	memcpy(body, whole, length);
	ram_measure(body, length, &entry, &ram);
	free(body);
	free(whole);
	return ram;
}

static void check_cost(const char *name, struct ram got, struct ram expected)
{
	if (memcmp(&got, &expected, sizeof(got)))
		fail_msg("%s: %llu %llu %llu %llu", name,
			 (unsigned long long)got.in_place_kib,
			 (unsigned long long)got.start_kib,
			 (unsigned long long)got.most_kib,
			 (unsigned long long)got.cache_kib);
}

static void check_all(const struct example *examples, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct example *e = &examples[i];
		uint32_t skew = e->layout == CRAMFS_LAYOUT_PACKED ? 4 : 0;

		check_cost(e->name, measure(e, PAGE + skew, 8 * PAGE), e->cost);
	}
}

static void test_programs(void **state)
{
	(void)state;
	check_all(programs, ARRAY_SIZE(programs));
}

static void test_data_files(void **state)
{
	(void)state;
	check_all(data_files, ARRAY_SIZE(data_files));
}

static void test_liars(void **state)
{
	(void)state;
	check_all(liars, ARRAY_SIZE(liars));
}

#define IS_DATA(change)                                                      \
	do {                                                                 \
		static const struct ram data_file = COST(12, 0, 0, 0);       \
		struct example e = programs[0];                              \
                                                                             \
		e.header.change;                                             \
		check_cost(#change, measure(&e, PAGE, 8 * PAGE), data_file); \
	} while (0)

/* With headers that no loader would take the first of the programs is a data file. */
static void test_headers(void **state)
{
	(void)state;
	IS_DATA(e_ident[EI_MAG0] = 0);
	IS_DATA(e_ident[EI_CLASS] = ELFCLASS64);
	IS_DATA(e_ident[EI_DATA] = ELFDATA2MSB);
	IS_DATA(e_phentsize = 56);
	IS_DATA(e_phoff = 0xffffffff);
	IS_DATA(e_phnum = 0);
	IS_DATA(e_phnum = 0xffff);
}

/* Contents and their last page have to be in the body, wherever it ends. */
static void test_truncated(void **state)
{
	static const struct ram outside = COST(0, 0, 0, 12);
	static const struct ram shared = COST(8, 4, 4, 8);
	const struct example *e = &programs[0];
	size_t length;

	(void)state;
	for (length = 1; length < PAGE + e->size; length++)
		check_cost("cut", measure(e, PAGE, length), outside);
	for (; length < 4 * PAGE; length++)
		check_cost("cut behind", measure(e, PAGE, length), shared);
	check_cost("whole", measure(e, PAGE, length), e->cost);
}

/* An entry that no reader of ours makes. */
static void test_entry_outside(void **state)
{
	static const struct ram one_page = COST(0, 0, 0, 4);
	static const struct ram largest = COST(0, 0, 0, 4194304);
	static const uint8_t body[PAGE];
	struct cramfs_entry entry = { .layout = CRAMFS_LAYOUT_MAPPED };
	struct ram ram;

	(void)state;
	entry.size = 2;
	entry.data = 0xffffffff;
	ram_measure(body, sizeof(body), &entry, &ram);
	check_cost("data", ram, one_page);
	entry.size = 0xffffffff;
	ram_measure(body, sizeof(body), &entry, &ram);
	check_cost("data and size", ram, largest);
	entry.data = 0;
	ram_measure(body, sizeof(body), &entry, &ram);
	check_cost("size", ram, largest);
}

/* Each of the most segments that there can be is as large as one can be. */
static void test_sum(void **state)
{
	static const Elf32_Ehdr header = HEADER(0xffff);
	static const Elf32_Phdr segment =
		LOAD(0, 0, 0xffffffff, 0xffffffff, PF_R | PF_W);
	struct cramfs_entry entry = {
		.layout = CRAMFS_LAYOUT_PACKED,
		.size = sizeof(header) + 0xffff * sizeof(segment),
	};
	uint8_t *body = malloc(entry.size);
	struct ram ram;
	size_t i;

	(void)state;
	assert_non_null(body);
	memcpy(body, &header, sizeof(header));
	for (i = 0; i < 0xffff; i++)
		memcpy(body + sizeof(header) + i * sizeof(segment), &segment,
		       sizeof(segment));
	ram_measure(body, entry.size, &entry, &ram);
	free(body);
	assert_int_equal(ram.in_place_kib, 0);
	assert_int_equal(ram.start_kib, 0);
	assert_int_equal(ram.most_kib, 0xffffull * 4194304);
	assert_int_equal(ram.cache_kib, 0xffffull * 2052);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_data_files),
		cmocka_unit_test(test_liars),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_entry_outside),
		cmocka_unit_test(test_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
