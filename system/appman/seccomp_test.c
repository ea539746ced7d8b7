// SPDX-License-Identifier: Apache-2.0
/* The filter of system calls, run here by an interpreter of the few instructions that it has. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/seccomp.h>

#include "seccomp.h"

#define ROOM	64
#define ARCH	0x40000028u	/* AUDIT_ARCH_ARM */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct sock_filter program[ROOM];

static uint32_t run(int length, uint32_t arch, uint32_t number)
{
	uint32_t value = 0;

	for (int at = 0; at < length; at++) {
		const struct sock_filter *i = &program[at];

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(i->k == offsetof(struct seccomp_data, nr) ||
				    i->k == offsetof(struct seccomp_data, arch));
			value = i->k == offsetof(struct seccomp_data, nr) ? number : arch;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			at += value == i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			at += value >= i->k ? i->jt : i->jf;
			break;
		case BPF_RET | BPF_K:
			return i->k;
		default:
			fail_msg("instruction 0x%x at %d", i->code, at);
		}
	}
	fail_msg("the program ends without an answer for %u", number);
	return 0;
}

static uint32_t wanted(const struct seccomp_block *blocks, size_t count, uint32_t number)
{
	static const uint32_t values[] = {
		[SECCOMP_ABSENT] = SECCOMP_RET_ERRNO | ENOSYS,
		[SECCOMP_REFUSED] = SECCOMP_RET_ERRNO | EPERM,
		[SECCOMP_ALLOWED] = SECCOMP_RET_ALLOW,
	};

	for (size_t i = 0; i < count; i++)
		if (number >= blocks[i].first && number - blocks[i].first < blocks[i].count)
			return values[blocks[i].answers[number - blocks[i].first]];
	return values[SECCOMP_ABSENT];
}

static void check(const struct seccomp_block *blocks, size_t count)
{
	static const uint32_t far[] = { 0x7fffffff, 0x80000000, 0xffffffff };
	int length = seccomp_build(blocks, count, ARCH, program, ROOM);

	assert_true(length > 0);
	for (uint32_t number = 0; number < 2000; number++)
		assert_int_equal(run(length, ARCH, number), wanted(blocks, count, number));
	for (size_t i = 0; i < COUNT(far); i++)
		assert_int_equal(run(length, ARCH, far[i]), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(run(length, ARCH + 1, 0), SECCOMP_RET_KILL_PROCESS);
}

static void every_number_has_the_answer_of_its_table(void **state)
{
	static const uint8_t low[] = { 2, 2, 0, 1, 1, 2, 0, 0, 2 };
	static const uint8_t none[] = { 0 }, all[] = { 2, 2, 2 };
	static const uint8_t high[] = { 0, 2, 2, 0, 0, 1 };
	const struct seccomp_block blocks[] = {
		{ 0, low, sizeof(low) }, { 1000, high, sizeof(high) },
	};
	const struct seccomp_block small[] = { { 0, none, 1 } }, full[] = { { 0, all, 3 } };

	(void)state;
	check(blocks, 2);
	check(blocks, 1);
	check(small, 1);
	check(full, 1);
}

static void a_program_without_room_is_none(void **state)
{
	static const uint8_t answers[] = { 2, 0, 2, 0, 2 };
	const struct seccomp_block block = { 0, answers, sizeof(answers) };
	int length = seccomp_build(&block, 1, ARCH, program, ROOM);

	(void)state;
	for (int room = 0; room < length; room++)
		assert_int_equal(seccomp_build(&block, 1, ARCH, program, (size_t)room), -ERANGE);
	assert_int_equal(seccomp_build(&block, 1, ARCH, program, (size_t)length), length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_has_the_answer_of_its_table),
		cmocka_unit_test(a_program_without_room_is_none),
	};

	return cmocka_run_group_tests_name("appman/seccomp", tests, NULL, NULL);
}
