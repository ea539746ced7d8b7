// SPDX-License-Identifier: Apache-2.0
/* hardware.json, and what a manifest makes of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host/sph/manifest_file.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define LED \
	"{\"Name\":\"LED1\",\"Type\":\"Gpio\",\"Device\":\"gpiochip1\",\"Line\":2}"
#define POWER \
	"{\"Name\":\"power\",\"Type\":\"Gpio\",\"Device\":\"gpiochip0\",\"Line\":3,\"Owner\":\"System\"}"
#define BOARD(list) "{\"Board\":\"b\",\"Peripherals\":[" list "]}"
#define WITH(field)                                                                    \
	"{\"Name\":\"A\",\"Type\":\"Gpio\",\"Device\":\"gpiochip0\",\"Line\":0," field \
	"}"
#define MANIFEST(gpio)                                               \
	"{\"SchemaVersion\":1,\"Name\":\"n\",\"EntryPoint\":\"/a\"," \
	"\"ComponentId\":\"48a22e96-d078-4e34-9d7a-91b3404031da\","  \
	"\"Capabilities\":{\"Gpio\":[" gpio "]}}"

static struct board board;
static struct complaint complaint;

static int parse(const char *text)
{
	return board_parse("hardware.json", text, strlen(text), &board,
			   &complaint);
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(parse(BOARD(LED "," POWER)), 0);
	assert_int_equal(board.count, 2);
	assert_int_equal(board_resolve_gpio(&board, "LED1", 4), 34);
	assert_int_equal(board_resolve_gpio(&board, "LED", 3), -ENOENT);
	assert_int_equal(board_resolve_gpio(&board, "power", 5), -EPERM);
	assert_int_equal(parse(BOARD("")), 0);
	assert_int_equal(parse(BOARD(WITH("\"Comment\":\"x\""))), 0);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *where;
	} cases[] = {
		{ "{}", "Board" },
		{ "{\"Board\":\"b\"}", "Peripherals" },
		{ "{\"Board\":\"b\",}", "hardware.json:1:14" },
		{ "{\"Board\":\"b\",\"Peripherals\":{}}", "Peripherals" },
		{ BOARD("1"), "Peripherals" },
		{ BOARD(LED "," LED), "Name" },
		{ BOARD(WITH("\"Extra\":1")), "no field" },
		{ BOARD(WITH("\"Owner\":\"Me\"")), "Owner" },
		{ BOARD(WITH("\"Comment\":\"*/\"")), "Comment" },
		{ BOARD(WITH("\"Comment\":\"\\n\"")), "Comment" },
		{ BOARD("{\"Name\":\"1\"}"), "Name" },
		{ BOARD("{\"Name\":\"a b\"}"), "Name" },
		{ BOARD("{\"Type\":\"Uart\"}"), "Type" },
		{ BOARD("{\"Device\":\"gpiochip8\"}"), "Device" },
		{ BOARD("{\"Line\":32}"), "Line" },
		{ BOARD("{\"Name\":\"a\"}"), "Type" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text), -E_PACK_BOARD);
		assert_non_null(strstr(complaint.text, cases[i].where));
	}
}

static int check(const char *text)
{
	struct manifest manifest;

	return manifest_file_check("m", text, strlen(text), &board, &manifest,
				   &complaint);
}

static void test_manifest(void **state)
{
	static const char text[] = MANIFEST("34 ,  \"$G5\"");
	struct bytes packed;

	(void)state;
	assert_int_equal(
		parse(BOARD(LED "," POWER ",{\"Name\":\"G5\",\"Type\":\"Gpio\","
				"\"Device\":\"gpiochip0\",\"Line\":5}")),
		0);
	assert_int_equal(check(text), 0);
	assert_int_equal(manifest_file_resolve(text, strlen(text), &board,
					       &packed, &complaint),
			 0);
	assert_int_equal(packed.length, strlen(MANIFEST("34 ,  5")));
	assert_memory_equal(packed.data, MANIFEST("34 ,  5"), packed.length);
	free(packed.data);
	/* By number, what belongs to the system or is not there is refused as by name. */
	assert_int_equal(check(MANIFEST("3")), -E_MANIFEST_PERIPHERAL);
	assert_int_equal(check(MANIFEST("9")), -E_MANIFEST_PERIPHERAL);
	assert_int_equal(check(MANIFEST("\"$power\"")), -E_MANIFEST_PERIPHERAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
