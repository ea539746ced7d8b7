// SPDX-License-Identifier: Apache-2.0
/* Each form of an entry of AllowedConnections, good and just not good. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/connection.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define L63 "a23456789012345678901234567890123456789012345678901234567890-x9"
#define L61 "a234567890123456789012345678901234567890123456789012345678901"
#define N253 L63 "." L63 "." L63 "." L61

static int parse(const char *text, struct connection *c, char *name,
		 const char **rule)
{
	/* A block of exactly its size, so that a byte read behind it is seen. */
	size_t length = strlen(text);
	char *copy = malloc(length ? length : 1);
	int result;

	assert_non_null(copy);
	memcpy(copy, text, length);
	result = connection_parse(copy, length, c, name, rule);
	free(copy);
	return result;
}

static void test_good(void **state)
{
	static const struct {
		const char *text;
		struct connection wanted;
		const char *name;
	} cases[] = {
		{ "1.0.0.0", { 1, 32, 0, 0x01000000, 0, 0 }, "" },
		{ "192.0.2.7", { 1, 32, 0, 0xc0000207, 0, 0 }, "" },
		{ "239.255.255.255:1", { 1, 32, 1, 0xefffffff, 0, 0 }, "" },
		{ "255.255.255.255", { 1, 32, 0, 0xffffffff, 0, 0 }, "" },
		{ "255.255.255.255:65535",
		  { 1, 32, 65535, 0xffffffff, 0, 0 },
		  "" },
		{ "10.0.0.0/8", { 1, 8, 0, 0x0a000000, 0, 0 }, "" },
		{ "192.0.2.128/25:443", { 1, 25, 443, 0xc0000280, 0, 0 }, "" },
		{ "192.0.2.254/31", { 1, 31, 0, 0xc00002fe, 0, 0 }, "" },
		{ "192.0.2.7/32", { 1, 32, 0, 0xc0000207, 0, 0 }, "" },
		{ "a", { 2, 0, 0, 0, 0, 1 }, "a" },
		{ "Host-1.Example", { 2, 0, 0, 0, 0, 14 }, "host-1.example" },
		{ "3com.example:8883",
		  { 2, 0, 8883, 0, 0, 12 },
		  "3com.example" },
		{ "1.2.3.4x", { 2, 0, 0, 0, 0, 8 }, "1.2.3.4x" },
		{ "localhost.example",
		  { 2, 0, 0, 0, 0, 17 },
		  "localhost.example" },
		{ "xn--bcher-kva.example",
		  { 2, 0, 0, 0, 0, 21 },
		  "xn--bcher-kva.example" },
		{ N253, { 2, 0, 0, 0, 0, 253 }, N253 },
		{ N253 ":65535", { 2, 0, 65535, 0, 0, 253 }, N253 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char name[CONNECTION_NAME_BYTES], text[CONNECTION_TEXT_BYTES];
		struct connection c, again;
		const char *rule;
		size_t length;

		assert_int_equal(parse(cases[i].text, &c, name, &rule), 0);
		assert_memory_equal(&c, &cases[i].wanted, sizeof(c));
		assert_string_equal(name, cases[i].name);
		length = connection_format(&c, name, text);
		assert_int_equal(length, strlen(text));
		assert_int_equal(parse(text, &again, name, &rule), 0);
		assert_memory_equal(&c, &again, sizeof(c));
		assert_true(connection_is_same(&c, &again, name));
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *rule;
	} cases[] = {
		{ "", "host" },
		{ ":443", "host" },
		{ "/8", "IPv4" },
		{ "a:", "port" },
		{ "a:0", "port" },
		{ "a:01", "port" },
		{ "a:65536", "port" },
		{ "a:99999999999", "port" },
		{ "a:+1", "port" },
		{ "a:https", "port" },
		{ "1.2.3", "IPv4" },
		{ "1.2.3.4.5", "IPv4" },
		{ "1.2.3.256", "IPv4" },
		{ "1.2.3.04", "IPv4" },
		{ "1.2..4", "IPv4" },
		{ "01.2.3.4", "IPv4" },
		{ "1", "IPv4" },
		{ "2130706433", "IPv4" },
		{ "0x7f000001", "IPv4" },
		{ "0x7f.1", "IPv4" },
		{ "a.0X7f", "IPv4" },
		{ "host.9", "IPv4" },
		{ ".1.2.3", "IPv4" },
		{ "a/24", "IPv4" },
		{ "host.example/24", "IPv4" },
		{ "10.0.0.0/7", "/8 to /32" },
		{ "10.0.0.0/33", "/8 to /32" },
		{ "10.0.0.0/", "/8 to /32" },
		{ "10.0.0.0/08", "/8 to /32" },
		{ "0.0.0.0/0", "/8 to /32" },
		{ "10.0.0.0/8/8", "IPv4" },
		{ "10.0.0.0/8.", "/8 to /32" },
		{ "10.0.0.0:1/8", "port" },
		{ "10.0.0.1/8", "zeros" },
		{ "192.0.2.1/31", "zeros" },
		{ "0.0.0.0", "begin with 0" },
		{ "0.0.0.0/8", "begin with 0" },
		{ "127.0.0.1", "this device" },
		{ "127.0.0.0/8", "this device" },
		{ "localhost", "this device" },
		{ "a.LocalHost:1", "this device" },
		{ "240.0.0.0", "239" },
		{ "255.255.255.254", "239" },
		{ "255.0.0.0/8", "239" },
		{ "*", "wildcards" },
		{ "*.example", "wildcards" },
		{ "::1", "IPv6" },
		{ "2001:db8::1", "IPv6" },
		{ "[2001:db8::1]:443", "IPv6" },
		{ "::ffff:1.2.3.4", "IPv6" },
		{ "https://host.example", "URL" },
		{ "host.example/", "IPv4" },
		{ "_http._tcp.local", "DNS-SD" },
		{ "a b", "spaces" },
		{ " a", "spaces" },
		{ ".", "dots" },
		{ "a.", "dots" },
		{ ".a", "dots" },
		{ "a..b", "dots" },
		{ "-a", "letters" },
		{ "a-.b", "letters" },
		{ "a.-", "letters" },
		{ "user@host", "letters" },
		{ "h\xc3\xb6st", "letters" },
		{ "a\n", "letters" },
		{ "1.2.3.4\n", "letters" },
		{ "x" L63, "63" },
		{ "a" N253, "253" },
		{ L63 "." L63 "." L63 "." L63, "253" },
		{ L63 "." L63 "." L63 "."
		      "1" L61,
		  "253" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char name[CONNECTION_NAME_BYTES];
		struct connection c;
		const char *rule = NULL;
		int result = parse(cases[i].text, &c, name, &rule);

		if (result != -EINVAL || !strstr(rule, cases[i].rule))
			print_error("%s: %d, %s\n", cases[i].text, result,
				    rule);
		assert_int_equal(result, -EINVAL);
		assert_non_null(strstr(rule, cases[i].rule));
		assert_string_equal(name, "");
		/* The sentence and what is around it must fit the complaint. */
		assert_true(strlen(rule) < 96);
	}
}

static void test_same(void **state)
{
	static const char names[] = "a\0b\0a";
	const struct connection a = { .kind = CONNECTION_NAME,
				      .name_length = 1 };
	struct connection b = a;

	(void)state;
	b.name_at = 4;
	assert_true(connection_is_same(&a, &b, names));
	b.name_at = 2;
	assert_false(connection_is_same(&a, &b, names));
	b = a;
	b.port = 1;
	assert_false(connection_is_same(&a, &b, names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
