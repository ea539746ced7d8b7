// SPDX-License-Identifier: Apache-2.0
/* Unit tests of the resolver's messages. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "abi/resolver.h"

static const struct resolver_answer sample = {
	.id = 0x01020304, .ttl_s = 300, .address_count = 2, .name_length = 12,
	.addresses = { 0xc0000207, 0x0a000001 }, .name = "host.example",
};

static const uint8_t sample_bytes[] = {
	'S', 'A', 'P', 'R', 1, 0, 40, 0, 4, 3, 2, 1, 44, 1, 0, 0, 2, 12, 0, 0,
	7, 2, 0, 192, 1, 0, 0, 10, 'h', 'o', 's', 't', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e',
};

static void test_answer_as_the_page_says(void **state)
{
	uint8_t bytes[RESOLVER_MESSAGE_MAX];
	struct resolver_answer answer;

	(void)state;
	assert_int_equal(resolver_format_answer(&sample, bytes), sizeof(sample_bytes));
	assert_memory_equal(bytes, sample_bytes, sizeof(sample_bytes));
	assert_int_equal(resolver_parse_answer(sample_bytes, sizeof(sample_bytes), &answer), 0);
	assert_memory_equal(&answer, &sample, sizeof(answer));
}

static void test_largest_and_too_large(void **state)
{
	struct resolver_answer largest = { .address_count = RESOLVER_ADDRESSES_MAX,
					   .name_length = RESOLVER_NAME_MAX }, parsed;
	uint8_t bytes[RESOLVER_MESSAGE_MAX + 1];

	(void)state;
	memset(largest.name, 'a', RESOLVER_NAME_MAX);
	assert_int_equal(resolver_format_answer(&largest, bytes), RESOLVER_MESSAGE_MAX);
	assert_int_equal(resolver_parse_answer(bytes, RESOLVER_MESSAGE_MAX, &parsed), 0);
	assert_int_equal(resolver_parse_answer(bytes, RESOLVER_MESSAGE_MAX + 1, &parsed), -EBADMSG);
	largest.address_count++;
	assert_int_equal(resolver_format_answer(&largest, bytes), 0);
	largest.address_count = 0;
	assert_int_equal(resolver_format_answer(&largest, bytes), 0);
	largest.address_count = 1;
	largest.name_length = 0;
	assert_int_equal(resolver_format_answer(&largest, bytes), 0);
}

/* Each byte of the head that is wrong, and each length. */
static void test_wrong_messages(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { 0, 's' },  { 4, 2 },  { 5, 1 },	   { 6, 39 },	{ 7, 1 },  { 16, 1 },
		      { 16, 0 },   { 16, 9 }, { 17, 0 },   { 17, 11 },	{ 18, 1 }, { 19, 1 },
		      { 28, 'H' }, { 28, 0 }, { 28, ' ' }, { 28, 0x80 } };
	struct resolver_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t bytes[sizeof(sample_bytes)];

		memcpy(bytes, sample_bytes, sizeof(bytes));
		bytes[wrong[i].at] = wrong[i].value;
		assert_int_equal(resolver_parse_answer(bytes, sizeof(bytes), &answer), -EBADMSG);
	}
	for (size_t length = 0; length < sizeof(sample_bytes); length++)
		assert_int_equal(resolver_parse_answer(sample_bytes, length, &answer), -EBADMSG);
}

static void test_replies(void **state)
{
	const struct resolver_reply sent = { 7, -EINVAL };
	uint8_t bytes[RESOLVER_REPLY_BYTES + 1] = { 0 };
	struct resolver_reply got;

	(void)state;
	assert_int_equal(resolver_format_reply(&sent, bytes), RESOLVER_REPLY_BYTES);
	assert_int_equal(resolver_parse_reply(bytes, RESOLVER_REPLY_BYTES, &got), 0);
	assert_int_equal(got.id, 7);
	assert_int_equal(got.result, -EINVAL);
	assert_int_equal(resolver_parse_reply(bytes, RESOLVER_REPLY_BYTES + 1, &got), -EBADMSG);
	assert_int_equal(resolver_parse_reply(bytes, RESOLVER_REPLY_BYTES - 1, &got), -EBADMSG);
	assert_int_equal(resolver_parse_reply(sample_bytes, sizeof(sample_bytes), &got), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_as_the_page_says),
		cmocka_unit_test(test_largest_and_too_large),
		cmocka_unit_test(test_wrong_messages),
		cmocka_unit_test(test_replies),
	};

	return cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
