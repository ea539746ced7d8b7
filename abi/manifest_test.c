// SPDX-License-Identifier: Apache-2.0
/*
 * The text as a whole and the fields that every app has: number, line, column and field of the
 * complaint.  The others are in manifest_fields_test.c.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/errors.h"
#include "abi/manifest.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define ID "\"48a22e96-d078-4e34-9d7a-91b3404031da\""
/* A good manifest on one line up to what a case adds; V N I E are its required members. */
#define V "\"SchemaVersion\":1,"
#define N "\"Name\":\"blink\","
#define I "\"ComponentId\":" ID ","
#define E "\"EntryPoint\":\"/bin/app\","
#define C "\"Capabilities\":{}"
#define GPIO(list) "{" V N I E "\n\"Capabilities\":{\"Gpio\":[" list "]}}"
#define STORAGE(value) \
	"{" V N I E "\n\"Capabilities\":{\"MutableStorage\":" value "}}"
#define ARGS(list) "{" V N I E C ",\n\"CmdArgs\":[" list "]}"
#define NAME(text) "{" V I E C ",\n\"Name\":" text "}"
#define ENTRY(text) "{" V N I C ",\n\"EntryPoint\":" text "}"

static int resolve(void *context, enum manifest_peripheral kind,
		   const char *name, size_t length)
{
	(void)context;
	if (kind != MANIFEST_GPIO)
		return -ENOENT;
	if (length == 4 && !memcmp(name, "LED1", 4))
		return 5;
	if (length == 5 && !memcmp(name, "POWER", 5))
		return -EPERM;
	if (length == 3 && !memcmp(name, "BIG", 3))
		return 256;
	return -ENOENT;
}

/* Id 200 is not on this board, 199 is the system's. */
static int check_id(void *context, enum manifest_peripheral kind,
		    unsigned int id)
{
	(void)context;
	(void)kind;
	return id == 199 ? -EPERM : id == 200 ? -ENOENT : 0;
}

static const struct manifest_board board = { NULL, resolve, check_id };
static const struct manifest_rules oem = { false, &board };
static const struct manifest_rules packed = { false, NULL };

struct text_case {
	const char *text;
	int number;
	unsigned int line, column;
	const char *field;
};

static const struct text_case cases[] = {
	{ "{" V N I E C "}", 0, 0, 0, "" },
	{ " \t\r\n{" V N I E C "}\n", 0, 0, 0, "" },
	{ GPIO("0,255"), 0, 0, 0, "" },
	{ GPIO("\"$LED1\",4"), 0, 0, 0, "" },
	{ ARGS(""), 0, 0, 0, "" },
	{ ARGS("\"\",\"a b\""), 0, 0, 0, "" },
	{ "{" V "\"N\\u0061me\":\"x\"," I E C "}", 0, 0, 0, "" },
	{ NAME("\"caf\xc3\xa9 \\ud83d\\ude00\""), 0, 0, 0, "" },

	{ "", E_MANIFEST_SIZE, 1, 1, "" },
	{ " ", E_MANIFEST_SYNTAX, 1, 2, "" },
	{ "{" V N I E C "", E_MANIFEST_SYNTAX, 1, 129, "" },
	{ "{" V N I E C ",}", E_MANIFEST_SYNTAX, 1, 130, "" },
	{ "{" V N I E C "}\nx", E_MANIFEST_SYNTAX, 2, 1, "" },
	{ "{\n\"SchemaVersion\" 1}", E_MANIFEST_SYNTAX, 2, 17, "" },
	{ "{\"SchemaVersion\":01}", E_MANIFEST_SYNTAX, 1, 19, "" },
	{ "{\"a\":\"\\x\"}", E_MANIFEST_SYNTAX, 1, 7, "" },
	{ "{\"a\":\"b", E_MANIFEST_SYNTAX, 1, 6, "" },
	{ "{\"a\":\"\xff\"}", E_MANIFEST_ENCODING, 1, 7, "" },
	{ "\xef\xbb\xbf{}", E_MANIFEST_SYNTAX, 1, 1, "" },
	{ "{\"a\":\"\t\"}", E_MANIFEST_ENCODING, 1, 7, "" },
	{ "{\"a\":\"\\u0000\"}", E_MANIFEST_ENCODING, 1, 7, "" },
	{ "{\"a\":\"\\ud800\"}", E_MANIFEST_ENCODING, 1, 7, "" },
	{ "{\"a\":\"\\udc00\\ud800\"}", E_MANIFEST_ENCODING, 1, 7, "" },
	{ "{\"a\":[[[[1]]]]}", E_MANIFEST_COMPLEX, 1, 9, "" },
	{ "[]", E_MANIFEST_TYPE, 1, 1, "" },
	{ "{" V N I E C ",\n\"Name\":\"x\"}", E_MANIFEST_DUPLICATE, 2, 1, "" },
	{ "{" V N I E C ",\n \"N\\u0061me\":\"x\"}", E_MANIFEST_DUPLICATE, 2, 2,
	  "" },

	{ "{" V N I E C ",\n\"Extra\":1}", E_MANIFEST_UNKNOWN, 2, 1, "Extra" },
	{ "{" V N I E C ",\n\"name\":1}", E_MANIFEST_UNKNOWN, 2, 1, "name" },
	{ "{" V N I E C ",\n\"a\\u001bb\":1}", E_MANIFEST_UNKNOWN, 2, 1,
	  "a?b" },
	{ "{" V N I E "\n\"Capabilities\":{\"Uarts\":[]}}", E_MANIFEST_UNKNOWN,
	  2, 17, "Capabilities.Uarts" },

	{ "{" N I E C "}", E_MANIFEST_MISSING, 1, 1, "SchemaVersion" },
	{ "{" V I E C "}", E_MANIFEST_MISSING, 1, 1, "Name" },
	{ "{" V N E C "}", E_MANIFEST_MISSING, 1, 1, "ComponentId" },
	{ "{" V N I C "}", E_MANIFEST_MISSING, 1, 1, "EntryPoint" },
	{ "{" V N I "\"EntryPoint\":\"/a\"}", E_MANIFEST_MISSING, 1, 1,
	  "Capabilities" },

	{ "{\"SchemaVersion\":2}", E_MANIFEST_RANGE, 1, 18, "SchemaVersion" },
	{ "{\"SchemaVersion\":1.0}", E_MANIFEST_TYPE, 1, 18, "SchemaVersion" },
	{ "{\"SchemaVersion\":\"1\"}", E_MANIFEST_TYPE, 1, 18,
	  "SchemaVersion" },
	{ "{\"SchemaVersion\":true}", E_MANIFEST_TYPE, 1, 18, "SchemaVersion" },
	{ "{\"SchemaVersion\":99999999999999999999999}", E_MANIFEST_RANGE, 1,
	  18, "SchemaVersion" },
	{ NAME("1"), E_MANIFEST_TYPE, 2, 8, "Name" },
	{ NAME("\"\""), E_MANIFEST_RANGE, 2, 8, "Name" },
	{ NAME("\"a\\nb\""), E_MANIFEST_RANGE, 2, 8, "Name" },
	{ NAME("\"a\\u0085b\""), E_MANIFEST_RANGE, 2, 8, "Name" },
	{ "{\"ComponentId\":\"x\"}", E_MANIFEST_RANGE, 1, 16, "ComponentId" },
	{ "{\"ComponentId\":\"00000000-0000-0000-0000-000000000000\"}",
	  E_MANIFEST_RANGE, 1, 16, "ComponentId" },
	{ ENTRY("\"bin/app\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/bin//app\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/bin/./app\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/bin/..\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/bin/\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/bin/a\\nb\""), E_MANIFEST_RANGE, 2, 14, "EntryPoint" },
	{ ENTRY("\"/bin/..app/...\""), 0, 0, 0, "" },
	{ ARGS("1"), E_MANIFEST_TYPE, 2, 12, "CmdArgs[0]" },
	{ ARGS("\"a\",null"), E_MANIFEST_TYPE, 2, 16, "CmdArgs[1]" },
	{ ARGS("\"a\",[\"b\"]"), E_MANIFEST_TYPE, 2, 16, "CmdArgs[1]" },
	{ ARGS("\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
	       "\"\",\"\",\"\",\"\""),
	  0, 0, 0, "" },
	{ ARGS("\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
	       "\"\",\"\",\"\",\"\",\"\""),
	  E_MANIFEST_RANGE, 2, 60, "CmdArgs[16]" },

	{ GPIO("1,2,1"), E_MANIFEST_RANGE, 2, 29, "Capabilities.Gpio[2]" },
	{ GPIO("5,\"$LED1\""), E_MANIFEST_RANGE, 2, 27,
	  "Capabilities.Gpio[1]" },
	{ GPIO("256"), E_MANIFEST_RANGE, 2, 25, "Capabilities.Gpio[0]" },
	{ GPIO("-1"), E_MANIFEST_RANGE, 2, 25, "Capabilities.Gpio[0]" },
	{ GPIO("1e1"), E_MANIFEST_TYPE, 2, 25, "Capabilities.Gpio[0]" },
	{ GPIO("null"), E_MANIFEST_TYPE, 2, 25, "Capabilities.Gpio[0]" },
	{ GPIO("{}"), E_MANIFEST_TYPE, 2, 25, "Capabilities.Gpio[0]" },
	{ GPIO("\"LED1\""), E_MANIFEST_TYPE, 2, 25, "Capabilities.Gpio[0]" },
	{ GPIO("\"$LED9\""), E_MANIFEST_PERIPHERAL, 2, 25,
	  "Capabilities.Gpio[0]" },
	{ GPIO("\"$POWER\""), E_MANIFEST_PERIPHERAL, 2, 25,
	  "Capabilities.Gpio[0]" },
	{ GPIO("\"$BIG\""), E_MANIFEST_PERIPHERAL, 2, 25,
	  "Capabilities.Gpio[0]" },
	{ "{\"Capabilities\":[]}", E_MANIFEST_TYPE, 1, 17, "Capabilities" },

	{ STORAGE("{\"SizeKB\":1}"), 0, 0, 0, "" },
	{ STORAGE("{\"SizeKB\":1023}"), 0, 0, 0, "" },
	{ STORAGE("{\"SizeKB\":0}"), E_MANIFEST_RANGE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKB\":1024}"), E_MANIFEST_RANGE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKB\":-1}"), E_MANIFEST_RANGE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKB\":4294967297}"), E_MANIFEST_RANGE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKB\":8.5}"), E_MANIFEST_TYPE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKB\":\"8\"}"), E_MANIFEST_TYPE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKB\":null}"), E_MANIFEST_TYPE, 2, 44,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{}"), E_MANIFEST_MISSING, 2, 34,
	  "Capabilities.MutableStorage.SizeKB" },
	{ STORAGE("{\"SizeKb\":8}"), E_MANIFEST_UNKNOWN, 2, 35,
	  "Capabilities.MutableStorage.SizeKb" },
	{ STORAGE("{\"SizeKB\":8,\"SizeKB\":9}"), E_MANIFEST_DUPLICATE, 2, 46,
	  "" },
	{ STORAGE("8"), E_MANIFEST_TYPE, 2, 34, "Capabilities.MutableStorage" },
	{ STORAGE("true"), E_MANIFEST_TYPE, 2, 34,
	  "Capabilities.MutableStorage" },
	{ STORAGE("[8]"), E_MANIFEST_TYPE, 2, 34,
	  "Capabilities.MutableStorage" },
};

static void test_cases(void **state)
{
	struct manifest manifest;
	struct manifest_error error;
	size_t i, failed = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct text_case *c = &cases[i];
		int result = manifest_parse(c->text, strlen(c->text), &oem,
					    &manifest, &error);

		if (result == -c->number && error.number == c->number &&
		    error.line == c->line && error.column == c->column &&
		    !strcmp(error.field, c->field))
			continue;
		failed++;
		print_error("case %zu: %s\n\tgot E%d %u:%u %s: %s\n", i,
			    c->text, error.number, error.line, error.column,
			    error.field, error.rule);
	}
	assert_int_equal(failed, 0);
}

static void test_values(void **state)
{
	static const char text[] =
		"{" V I E "\"CmdArgs\":[\"-v\",\"\\u00e9\"],"
		"\"Name\":\"123456789012345678901234567890\xc3\xa9tail\","
		"\"Capabilities\":{\"Gpio\":[7,\"$LED1\"],\"MutableStorage\":{\"SizeKB\":64}}}";
	struct manifest m;
	struct manifest_error error;

	(void)state;
	assert_int_equal(manifest_parse(text, strlen(text), &oem, &m, &error),
			 0);
	/* 31 bytes would cut the e acute in two. */
	assert_string_equal(m.name, "123456789012345678901234567890");
	assert_int_equal(m.component_id[0], 0x48);
	assert_string_equal(m.entry_point, "/bin/app");
	assert_int_equal(m.arg_count, 2);
	assert_string_equal(m.args, "-v");
	assert_string_equal(m.args + 3, "\xc3\xa9");
	assert_int_equal(m.gpio_count, 2);
	assert_int_equal(m.gpios[0], 7);
	assert_int_equal(m.gpios[1], 5);
	assert_int_equal(m.storage_kib, 64);
	/* The same text on the device, where nothing resolves names. */
	assert_int_equal(manifest_parse(text, strlen(text), &packed, &m,
					&error),
			 -E_MANIFEST_PERIPHERAL);
}

/* Builds a manifest with @count times @item in the brackets of @format. */
static int parse_filled(const char *format, const char *item, size_t count,
			struct manifest_error *error)
{
	static char list[20000], text[20000];
	struct manifest manifest;
	size_t used = 0, i;

	list[0] = '\0';
	for (i = 0; i < count; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s",
					 item);
	snprintf(text, sizeof(text), "%s%s%s", format, list, "\"]}");
	return manifest_parse(text, strlen(text), &packed, &manifest, error);
}

static void test_limits(void **state)
{
	static const char args[] = "{" V N I E C ",\"CmdArgs\":[\"";
	struct manifest_error error;
	struct manifest manifest;
	static char text[MANIFEST_MAX_BYTES + 2];
	int length;

	(void)state;
	assert_int_equal(parse_filled(args, "a", 511, &error), 0);
	assert_int_equal(parse_filled(args, "a", 512, &error),
			 -E_MANIFEST_RANGE);
	assert_string_equal(error.field, "CmdArgs[0]");
	assert_int_equal(parse_filled(args, "\",\"", MANIFEST_MAX_TOKENS,
				      &error),
			 -E_MANIFEST_COMPLEX);
	memset(text, ' ', sizeof(text));
	length = snprintf(text, sizeof(text), "{" V N I E C "}");
	text[length] = ' ';
	assert_int_equal(manifest_parse(text, MANIFEST_MAX_BYTES, &packed,
					&manifest, &error),
			 0);
	assert_int_equal(manifest_parse(text, MANIFEST_MAX_BYTES + 1, &packed,
					&manifest, &error),
			 -E_MANIFEST_SIZE);
	length = snprintf(text, sizeof(text),
			  "{" V N I C ",\"EntryPoint\":\"/%0126d\"}", 0);
	assert_int_equal(manifest_parse(text, (size_t)length, &packed,
					&manifest, &error),
			 0);
	length = snprintf(text, sizeof(text),
			  "{" V N I C ",\"EntryPoint\":\"/%0127d\"}", 0);
	assert_int_equal(manifest_parse(text, (size_t)length, &packed,
					&manifest, &error),
			 -E_MANIFEST_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
