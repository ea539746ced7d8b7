// SPDX-License-Identifier: Apache-2.0
/* Each rule of elf_check(), beside a program that keeps it, and what can be loaded at all. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host/sph/elf_check.h"
#include "host/sph/elf_segments.h"

struct program {
	Elf32_Ehdr header;
	Elf32_Phdr text, data, stack;
};

static const struct program good = {
	.header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB },
		    .e_type = ET_DYN,
		    .e_machine = EM_ARM,
		    .e_flags = EF_ARM_EABI_VER5,
		    .e_phoff = offsetof(struct program, text),
		    .e_phentsize = sizeof(Elf32_Phdr),
		    .e_phnum = 3 },
	.text = { .p_type = PT_LOAD,
		  .p_vaddr = 0x10000,
		  .p_filesz = 148,
		  .p_flags = PF_R | PF_X },
	.data = { .p_type = PT_LOAD,
		  .p_offset = 100,
		  .p_vaddr = 0x12000 + 100,
		  .p_filesz = 48,
		  .p_memsz = 96,
		  .p_flags = PF_R | PF_W },
	.stack = { .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
};

static const char *check(const struct program *p)
{
	return elf_check((const uint8_t *)p, sizeof(*p));
}

#define REFUSED(change, word)                        \
	do {                                         \
		struct program p = good;             \
		const char *rule;                    \
                                                     \
		p.change;                            \
		rule = check(&p);                    \
		assert_non_null(rule);               \
		assert_non_null(strstr(rule, word)); \
	} while (0)

static void test_good(void **state)
{
	struct program p = good;

	(void)state;
	assert_null(check(&p));
	p.header.e_type = ET_EXEC;
	assert_null(check(&p));
}

static void test_refused(void **state)
{
	(void)state;
	REFUSED(header.e_ident[0] = 0, "ELF");
	REFUSED(header.e_ident[EI_CLASS] = ELFCLASS64, "32-bit");
	REFUSED(header.e_ident[EI_DATA] = ELFDATA2MSB, "little-endian");
	REFUSED(header.e_machine = EM_386, "ARM");
	REFUSED(header.e_flags = EF_ARM_EABI_VER4, "EABI");
	REFUSED(header.e_type = ET_REL, "linked");
	REFUSED(header.e_phentsize = 56, "32 bytes");
	REFUSED(header.e_phoff = 0xffffffff, "program headers");
	REFUSED(header.e_phnum = 4, "program headers");
	REFUSED(stack.p_type = PT_NULL, "PT_GNU_STACK");
	REFUSED(stack.p_flags = PF_R | PF_W | PF_X, "stack");
	REFUSED(data.p_flags = PF_R | PF_W | PF_X, "writable and executable");
	REFUSED(data.p_vaddr = 0x12000, "modulo");
	REFUSED(data.p_filesz = 49, "segments");
	REFUSED(data.p_offset = 0xfffffff0, "segments");
	REFUSED(header.e_phnum = 0, "load");
}

static void test_truncated(void **state)
{
	size_t length;

	(void)state;
	for (length = 0; length < sizeof(good); length++)
		assert_non_null(elf_check((const uint8_t *)&good, length));
}

/* Any file of the processor's word size and byte order will do, if it has something to load. */
static void test_loadable(void **state)
{
	struct program p = good;
	const uint8_t *bytes = (const uint8_t *)&p;
	size_t length;

	(void)state;
	assert_true(elf_is_loadable(bytes, sizeof(p)));
	for (length = 0; length < sizeof(p); length++)
		assert_false(elf_is_loadable(bytes, length));
	p.header.e_machine = EM_386;
	p.text.p_type = PT_NOTE;
	assert_true(elf_is_loadable(bytes, sizeof(p)));
	p.data.p_type = PT_NOTE;
	assert_false(elf_is_loadable(bytes, sizeof(p)));
}

static void test_segments(void **state)
{
	struct elf_segment s;
	struct elf_walk walk;

	(void)state;
	assert_int_equal(
		elf_walk_start(&walk, (const uint8_t *)&good, sizeof(good)), 0);
	assert_true(elf_walk_next(&walk, &s));
	assert_true(elf_walk_next(&walk, &s));
	assert_int_equal(s.type, PT_LOAD);
	assert_int_equal(s.flags, PF_R | PF_W);
	assert_int_equal(s.offset, 100);
	assert_int_equal(s.file_bytes, 48);
	assert_int_equal(s.address, 0x12000 + 100);
	assert_int_equal(s.memory_bytes, 96);
	assert_true(elf_walk_next(&walk, &s));
	assert_int_equal(s.type, PT_GNU_STACK);
	assert_false(elf_walk_next(&walk, &s));
	assert_int_equal(elf_walk_start(&walk, (const uint8_t *)&good,
					sizeof(good) - 1),
			 -1);
	assert_false(elf_walk_next(&walk, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_loadable),
		cmocka_unit_test(test_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
