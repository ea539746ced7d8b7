// SPDX-License-Identifier: Apache-2.0
/* Each rule of device_order.c, beside an order that keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "abi/device_order.h"
#include "abi/errors.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static uint8_t good[192];

/* Offsets are written out: the test must not share the parser's idea of them. */
static void make_good(uint8_t kind)
{
	memset(good, 0, sizeof(good));
	memcpy(good, "SPDO", 4);
	good[4] = 1;
	good[6] = 192;
	good[8] = kind;
	good[12] = 0x78;
	good[15] = 0x12;
	memset(good + 20, 0xd1, 32);
	if (kind == 3) {
		good[16] = 3;
	} else {
		good[52] = 4;
		memset(good + 53, 0x99, 64);
	}
}

static int parse(const uint8_t *bytes)
{
	struct device_order o;

	return device_order_parse(bytes, 192, &o);
}

static void test_good(void **state)
{
	struct device_order o;

	(void)state;
	make_good(1);
	assert_int_equal(device_order_parse(good, sizeof(good), &o), 0);
	assert_int_equal(o.kind, DEVICE_ORDER_CLAIM);
	assert_int_equal(o.epoch, 0x12000078);
	assert_int_equal(o.device_id[31], 0xd1);
	assert_int_equal(o.point[64], 0x99);
	make_good(2);
	assert_int_equal(parse(good), 0);
	make_good(3);
	assert_int_equal(device_order_parse(good, sizeof(good), &o), 0);
	assert_int_equal(o.capabilities, 3);
}

static void test_each_rule(void **state)
{
	static const struct {
		uint8_t kind, offset, value;
		int error;
	} rules[] = {
		{ 1, 0, 'X', E_MONITOR_ORDER_FIELD },
		{ 1, 4, 2, E_MONITOR_ORDER_FIELD },
		{ 1, 5, 1, E_MONITOR_ORDER_FIELD },
		{ 1, 6, 191, E_MONITOR_ORDER_FIELD },
		{ 1, 8, 0, E_MONITOR_ORDER_KIND },
		{ 1, 8, 4, E_MONITOR_ORDER_KIND },
		{ 1, 11, 0x80, E_MONITOR_ORDER_KIND },
		{ 1, 16, 1, E_MONITOR_ORDER_FIELD },
		{ 2, 16, 2, E_MONITOR_ORDER_FIELD },
		{ 3, 16, 4, E_MONITOR_ORDER_FIELD },
		{ 3, 19, 0x80, E_MONITOR_ORDER_FIELD },
		{ 1, 52, 2, E_MONITOR_ORDER_FIELD },
		{ 2, 52, 0, E_MONITOR_ORDER_FIELD },
		{ 3, 52, 4, E_MONITOR_ORDER_FIELD },
		{ 3, 116, 1, E_MONITOR_ORDER_FIELD },
		{ 1, 117, 1, E_MONITOR_ORDER_FIELD },
		{ 3, 191, 1, E_MONITOR_ORDER_FIELD },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		make_good(rules[i].kind);
		assert_int_equal(parse(good), 0);
		good[rules[i].offset] = rules[i].value;
		assert_int_equal(parse(good), -rules[i].error);
	}
}

static void test_short(void **state)
{
	struct device_order o;

	(void)state;
	make_good(1);
	assert_int_equal(device_order_parse(good, 191, &o),
			 -E_MONITOR_ORDER_FIELD);
	assert_int_equal(device_order_parse(good, 0, &o),
			 -E_MONITOR_ORDER_FIELD);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(device_order_kind_name(1), "claim");
	assert_string_equal(device_order_kind_name(2), "transfer");
	assert_string_equal(device_order_kind_name(3), "capabilities");
	assert_null(device_order_kind_name(0));
	assert_null(device_order_kind_name(4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_each_rule),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
