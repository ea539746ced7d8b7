// SPDX-License-Identifier: Apache-2.0
/* Each rule of trust_store.c, beside a store that keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "abi/bytes.h"
#include "abi/errors.h"
#include "abi/trust_store.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Offsets are written out: the test must not share the parser's idea of them. */
#define BYTES 1264
#define KEY(n) (64 + 100 * (n))

static uint8_t good[BYTES];

static void put_key(uint8_t *bytes, uint32_t index, uint32_t role,
		    uint32_t flags, uint32_t min, uint32_t max)
{
	uint8_t *p = bytes + KEY(index);

	put_le32(p, role);
	put_le32(p + 4, flags);
	put_le32(p + 8, min);
	put_le32(p + 12, max);
	memset(p + 16, role == 2 ? 0x77 : 0, 16);
	p[32] = 4;
	memset(p + 33, 0xa0 + (int)index, 64);
}

static int set_up(void **state)
{
	(void)state;
	memset(good, 0, sizeof(good));
	memcpy(good, "SPTS", 4);
	good[4] = 1;
	good[6] = 0xf0;
	good[7] = 4;
	put_le32(good + 8, 9);
	put_le32(good + 12, 3);
	put_le32(good + 16, 1);
	memset(good + 20, 0xab, 32);
	put_key(good, 0, 1, 1, 2, 7);
	put_key(good, 1, 2, 2, 0, 0xffffffff);
	put_key(good, 2, 3, 0, 5, 5);
	return 0;
}

static int parse(const uint8_t *bytes)
{
	struct trust_store store;

	return trust_store_parse(bytes, BYTES, &store);
}

static void test_good(void **state)
{
	struct trust_store s;

	(void)state;
	assert_int_equal(trust_store_parse(good, BYTES, &s), 0);
	assert_int_equal(s.version, 9);
	assert_int_equal(s.key_count, 3);
	assert_int_equal(s.flags, TRUST_STORE_F_DEVELOPMENT);
	assert_int_equal(s.root_key_id[31], 0xab);
	assert_int_equal(s.keys[0].role, TRUST_ROLE_OS);
	assert_int_equal(s.keys[0].flags, TRUST_KEY_F_DEVELOPMENT);
	assert_int_equal(s.keys[0].min_security_version, 2);
	assert_int_equal(s.keys[0].max_security_version, 7);
	assert_int_equal(s.keys[1].role, TRUST_ROLE_OEM);
	assert_int_equal(s.keys[1].flags, TRUST_KEY_F_REVOKED);
	assert_int_equal(s.keys[1].tenant_id[15], 0x77);
	assert_int_equal(s.keys[2].role, TRUST_ROLE_DEBUG);
	assert_int_equal(s.keys[2].point[0], 4);
	assert_int_equal(s.keys[2].point[64], 0xa2);
	assert_int_equal(trust_store_parse(good, BYTES - 1, &s),
			 -E_MONITOR_TRUST_FIELD);
	assert_int_equal(trust_store_parse(good, 0, &s),
			 -E_MONITOR_TRUST_FIELD);
}

static void test_fields(void **state)
{
	static const struct {
		uint32_t at;
		uint8_t value;
		int error;
	} changes[] = {
		{ 0, 'X', E_MONITOR_TRUST_FIELD },
		{ 3, 's', E_MONITOR_TRUST_FIELD },
		{ 4, 2, E_MONITOR_TRUST_FIELD }, /* format */
		{ 5, 1, E_MONITOR_TRUST_FIELD },
		{ 6, 0xf1, E_MONITOR_TRUST_FIELD }, /* length */
		{ 8, 0, E_MONITOR_TRUST_FIELD }, /* version */
		{ 12, 0, E_MONITOR_TRUST_FIELD }, /* number of keys */
		{ 12, 2, E_MONITOR_TRUST_FIELD },
		{ 12, 4, E_MONITOR_TRUST_FIELD },
		{ 12, 13, E_MONITOR_TRUST_FIELD },
		{ 15, 0x80, E_MONITOR_TRUST_FIELD },
		{ 16, 2, E_MONITOR_TRUST_FIELD }, /* flags */
		{ 19, 0x80, E_MONITOR_TRUST_FIELD },
		{ 52, 1, E_MONITOR_TRUST_FIELD }, /* reserved */
		{ 63, 1, E_MONITOR_TRUST_FIELD },
		{ KEY(0), 0, E_MONITOR_TRUST_FIELD }, /* roles */
		{ KEY(0), 2, E_MONITOR_TRUST_FIELD }, /* without a tenant */
		{ KEY(0), 4, E_MONITOR_TRUST_FIELD },
		{ KEY(0) + 3, 0x80, E_MONITOR_TRUST_FIELD },
		{ KEY(1), 1, E_MONITOR_TRUST_FIELD }, /* with a tenant */
		{ KEY(1), 3, E_MONITOR_TRUST_FIELD },
		{ KEY(0) + 4, 4, E_MONITOR_TRUST_FIELD }, /* flags */
		{ KEY(0) + 7, 0x80, E_MONITOR_TRUST_FIELD },
		{ KEY(0) + 8, 8, E_MONITOR_TRUST_FIELD }, /* range */
		{ KEY(0) + 12, 1, E_MONITOR_TRUST_FIELD },
		{ KEY(0) + 16, 1, E_MONITOR_TRUST_FIELD }, /* tenant */
		{ KEY(2) + 31, 1, E_MONITOR_TRUST_FIELD },
		{ KEY(0) + 32, 2, E_MONITOR_TRUST_FIELD }, /* form of the point */
		{ KEY(0) + 97, 1, E_MONITOR_TRUST_FIELD }, /* reserved */
		{ KEY(2) + 99, 1, E_MONITOR_TRUST_FIELD },
		{ KEY(3), 1, E_MONITOR_TRUST_FIELD }, /* unused */
		{ BYTES - 1, 1, E_MONITOR_TRUST_FIELD },
		{ 8, 1, 0 },
		{ 11, 0xff, 0 },
		{ 16, 0, 0 },
		{ 20, 1, 0 }, /* any root key: the monitor knows which */
		{ KEY(0), 3, 0 },
		{ KEY(0) + 4, 3, 0 },
		{ KEY(0) + 8, 7, 0 },
		{ KEY(0) + 12, 2, 0 },
		{ KEY(1) + 16, 0, 0 },
		{ KEY(2) + 96, 1, 0 }, /* any point of that form */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		uint8_t bytes[BYTES];

		memcpy(bytes, good, sizeof(bytes));
		bytes[changes[i].at] = changes[i].value;
		assert_int_equal(parse(bytes), -changes[i].error);
	}
}

/* Once revoked and once not, or for two tenants: which of them would count? */
static void test_key_stands_once(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		uint8_t bytes[BYTES];

		memcpy(bytes, good, sizeof(bytes));
		memcpy(bytes + KEY(2) + 32, bytes + KEY(i) + 32, 65);
		assert_int_equal(parse(bytes), -E_MONITOR_TRUST_FIELD);
		bytes[KEY(2) + 96] ^= 1;
		assert_int_equal(parse(bytes), 0);
	}
}

static void test_nobodys_apps(void **state)
{
	(void)state;
	memset(good + KEY(1) + 16, 0, 16);
	assert_int_equal(parse(good), -E_MONITOR_TRUST_FIELD);
	good[KEY(1) + 31] = 1;
	assert_int_equal(parse(good), 0);
}

static void test_most_keys(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 3; i < 12; i++)
		put_key(good, i, 1 + i % 3, 0, i, i);
	put_le32(good + 12, 12);
	assert_int_equal(parse(good), 0);
	put_le32(good + 12, 11);
	assert_int_equal(parse(good), -E_MONITOR_TRUST_FIELD);
}

static void test_names(void **state)
{
	(void)state;
	assert_null(trust_role_name(0));
	assert_string_equal(trust_role_name(TRUST_ROLE_OS), "OS");
	assert_string_equal(trust_role_name(TRUST_ROLE_OEM), "OEM");
	assert_string_equal(trust_role_name(TRUST_ROLE_DEBUG), "debug");
	assert_null(trust_role_name(4));
	assert_null(trust_role_name(0xffffffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, set_up),
		cmocka_unit_test_setup(test_fields, set_up),
		cmocka_unit_test_setup(test_key_stands_once, set_up),
		cmocka_unit_test_setup(test_nobodys_apps, set_up),
		cmocka_unit_test_setup(test_most_keys, set_up),
		cmocka_unit_test_setup(test_names, set_up),
	};

	return cmocka_run_group_tests_name("trust store", tests, NULL, NULL);
}
