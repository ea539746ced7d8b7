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

#include "abi/array.h"
#include "host/sph/manifest_file.h"

#define LED \
	"{\"Name\":\"LED1\",\"Type\":\"Gpio\",\"Device\":\"gpiochip1\",\"Line\":2}"
#define POWER \
	"{\"Name\":\"power\",\"Type\":\"Gpio\",\"Device\":\"gpiochip0\",\"Line\":3,\"Owner\":\"System\"}"
#define DEVICE(type, device) \
	"{\"Name\":\"D\",\"Type\":\"" type "\",\"Device\":\"" device "\""
#define UART "{\"Name\":\"port1\",\"Device\":\"ttyS1\",\"Type\":\"Uart\"}"
#define DEVICES LED "," POWER "," UART "," DEVICE("Adc", "iio:device12") "}"
#define BOARD(list) "{\"Board\":\"b\",\"Peripherals\":[" list "]}"
#define WITH(field)                                                                    \
	"{\"Name\":\"A\",\"Type\":\"Gpio\",\"Device\":\"gpiochip0\",\"Line\":0," field \
	"}"
#define MANIFEST(gpio) CAPABILITIES("\"Gpio\":[" gpio "]")
#define CAPABILITIES(list)                                           \
	"{\"SchemaVersion\":1,\"Name\":\"n\",\"EntryPoint\":\"/a\"," \
	"\"ComponentId\":\"48a22e96-d078-4e34-9d7a-91b3404031da\","  \
	"\"Capabilities\":{" list "}}"

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
	assert_int_equal(board_resolve(&board, MANIFEST_GPIO, "LED1", 4), 34);
	assert_int_equal(board_resolve(&board, MANIFEST_UART, "LED1", 4),
			 -ENOENT);
	assert_int_equal(board_resolve(&board, MANIFEST_GPIO, "LED", 3),
			 -ENOENT);
	assert_int_equal(board_resolve(&board, MANIFEST_GPIO, "power", 5),
			 -EPERM);
	assert_int_equal(board_check(&board, MANIFEST_GPIO, 34), 0);
	assert_int_equal(board_check(&board, MANIFEST_ADC, 34), -ENOENT);
	assert_int_equal(board_check(&board, MANIFEST_GPIO, 3), -EPERM);
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
		{ BOARD("{\"Type\":\"Dac\"}"), "Type" },
		{ BOARD(DEVICE("Gpio", "gpiochip8") ",\"Line\":0}"), "Device" },
		{ BOARD(DEVICE("Gpio", "gpiochip00") ",\"Line\":0}"),
		  "Device" },
		{ BOARD(DEVICE("Gpio", "gpiochip") ",\"Line\":0}"), "Device" },
		{ BOARD(DEVICE("Gpio", "gpiochip0") "}"), "Line" },
		{ BOARD(DEVICE("Uart", "gpiochip0") "}"), "Device" },
		{ BOARD(DEVICE("Uart", "ttyAMA100") "}"), "Device" },
		{ BOARD(DEVICE("Uart", "ttyAMA01") "}"), "Device" },
		{ BOARD(DEVICE("Uart", "ttyAMA1") ",\"Line\":0}"), "Line" },
		{ BOARD(DEVICE("Uart", "ttyAMA1") "}," UART), "has a name" },
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

	return manifest_file_check("m", text, strlen(text), &board, false,
				   &manifest, &complaint);
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
					       false, &packed, &complaint),
			 0);
	assert_int_equal(packed.length, strlen(MANIFEST("34 ,  5")));
	assert_memory_equal(packed.data, MANIFEST("34 ,  5"), packed.length);
	free(packed.data);
	/* By number, what belongs to the system or is not there is refused as by name. */
	assert_int_equal(check(MANIFEST("3")), -E_MANIFEST_PERIPHERAL);
	assert_int_equal(check(MANIFEST("9")), -E_MANIFEST_PERIPHERAL);
	assert_int_equal(check(MANIFEST("\"$power\"")), -E_MANIFEST_PERIPHERAL);
}

/* Each kind by its own names, in the order of the text; what is missing comes with a list. */
static void test_kinds(void **state)
{
	static const char text[] = CAPABILITIES(
		"\"Adc\": [\"$D\"],\"Uart\":[ \"$port1\" ],\"Pwm\":[],"
		"\"AllowedConnections\":[\"a.b\"],\"Gpio\":[\"$LED1\"]");
	static const char wanted[] =
		CAPABILITIES("\"Adc\": [12],\"Uart\":[ 1 ],\"Pwm\":[],"
			     "\"AllowedConnections\":[\"a.b\"],\"Gpio\":[34]");
	struct bytes packed;

	(void)state;
	assert_int_equal(parse(BOARD("")), 0);
	assert_int_equal(check(CAPABILITIES("\"Spi\":[0]")),
			 -E_MANIFEST_UNKNOWN);
	assert_int_equal(check(CAPABILITIES("\"SpiMaster\":[0]")),
			 -E_MANIFEST_PERIPHERAL);
	assert_non_null(
		strstr(complaint.text, "(b has for apps, of SpiMaster: none)"));
	assert_non_null(strstr(complaint.text, ":1:"));
	assert_int_equal(parse(BOARD(DEVICES)), 0);
	assert_int_equal(check(text), 0);
	assert_int_equal(manifest_file_resolve(text, strlen(text), &board,
					       false, &packed, &complaint),
			 0);
	assert_int_equal(packed.length, strlen(wanted));
	assert_memory_equal(packed.data, wanted, packed.length);
	free(packed.data);
	assert_int_equal(check(CAPABILITIES("\"Uart\":[\"$LED1\"]")),
			 -E_MANIFEST_PERIPHERAL);
	assert_non_null(strstr(complaint.text, "of Uart: port1)"));
	assert_int_equal(check(CAPABILITIES("\"Uart\":[34]")),
			 -E_MANIFEST_PERIPHERAL);
	assert_int_equal(check(MANIFEST("\"$power\"")), -E_MANIFEST_PERIPHERAL);
	assert_non_null(strstr(complaint.text, "of Gpio: LED1)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_manifest),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
