// SPDX-License-Identifier: Apache-2.0
/* The ring of records: order, room, and what of a medium is believed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/record_ring.h"

#define HEAD	offsetof(struct record_ring, records)

static struct record_ring filled(uint32_t count)
{
	struct record_ring ring = { .magic = RECORD_RING_MAGIC };

	for (uint32_t i = 0; i < count; i++)
		record_ring_add(&ring, &(struct control_record){ .boot = i, .reason = CONTROL_END_EXIT });
	return ring;
}

static void test_newest_first(void **state)
{
	for (uint32_t count = 0; count <= RECORD_RING_MAX + 3; count++) {
		const struct record_ring ring = filled(count);

		(void)state;
		assert_int_equal(ring.count, count < RECORD_RING_MAX ? count : RECORD_RING_MAX);
		for (uint32_t i = 0; i < ring.count; i++)
			assert_int_equal(ring.records[i].boot, count - 1 - i);
		assert_true(record_ring_is_sound(&ring, HEAD + ring.count * sizeof(ring.records[0])));
	}
}

/* Only as long as it says; no shorter, no longer. */
static void test_length(void **state)
{
	const struct record_ring ring = filled(3);

	(void)state;
	for (size_t bytes = 0; bytes <= sizeof(ring); bytes++)
		assert_int_equal(record_ring_is_sound(&ring, bytes),
				 bytes == HEAD + 3 * sizeof(ring.records[0]));
}

static void test_hostile(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} changes[] = {
		{ offsetof(struct record_ring, magic), 0 },
		{ offsetof(struct record_ring, count), 2 },
		{ offsetof(struct record_ring, count), RECORD_RING_MAX + 1 },
		{ offsetof(struct record_ring, count) + 3, 0x80 },
		{ HEAD + offsetof(struct control_record, reason), 0 },
		{ HEAD + offsetof(struct control_record, reason), CONTROL_END_COUNT },
		{ HEAD + offsetof(struct control_record, reason), 0xff },
		{ HEAD + offsetof(struct control_record, where), CONTROL_WHERE_COUNT },
		{ HEAD + offsetof(struct control_record, where), 0xf0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct record_ring ring = filled(1);

		((uint8_t *)&ring)[changes[i].at] = changes[i].value;
		assert_false(record_ring_is_sound(&ring, HEAD + sizeof(ring.records[0])));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest_first),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests_name("record ring", tests, NULL, NULL);
}
