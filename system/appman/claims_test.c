// SPDX-License-Identifier: Apache-2.0
/* Who wants the same: each kind of thing, beside a set that wants its neighbour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "abi/array.h"
#include "claims.h"

static void none(struct manifest *manifest)
{
	(void)manifest;
}

static void gpio_5(struct manifest *manifest)
{
	manifest->gpios[manifest->gpio_count++] = 5;
}

static void gpio_6(struct manifest *manifest)
{
	manifest->gpios[manifest->gpio_count++] = 6;
}

static void uart_5(struct manifest *manifest)
{
	manifest->uarts.ids[manifest->uarts.count++] = 5;
}

static void adc_5(struct manifest *manifest)
{
	manifest->adcs.ids[manifest->adcs.count++] = 5;
}

static void tcp_8080(struct manifest *manifest)
{
	manifest->tcp_ports[manifest->tcp_port_count++] = 8080;
}

static void udp_8080(struct manifest *manifest)
{
	manifest->udp_ports[manifest->udp_port_count++] = 8080;
}

static void all(struct manifest *manifest)
{
	gpio_6(manifest);
	uart_5(manifest);
	udp_8080(manifest);
}

static const struct claim *meet(void (*one)(struct manifest *), void (*other)(struct manifest *))
{
	static struct manifest first, second;
	static struct claims claims, others;

	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	one(&first);
	other(&second);
	claims_collect(&first, &claims);
	claims_collect(&second, &others);
	return claims_meet(&claims, &others);
}

static void test_only_the_same_meet(void **state)
{
	void (*const kinds[])(struct manifest *) = { none,  gpio_5,   gpio_6,  uart_5,
						     adc_5, tcp_8080, udp_8080 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (size_t j = 0; j < ARRAY_SIZE(kinds); j++)
			assert_int_equal(meet(kinds[i], kinds[j]) != NULL, i == j && i != 0);
}

static void test_what_is_named(void **state)
{
	(void)state;
	assert_string_equal(meet(all, udp_8080)->kind, "UDP port");
	assert_int_equal(meet(all, udp_8080)->id, 8080);
	assert_string_equal(meet(uart_5, all)->kind, "UART");
	assert_null(meet(all, tcp_8080));
}

/* As many as a manifest can have. */
static void test_full(void **state)
{
	static struct manifest manifest;
	static struct claims claims;

	(void)state;
	manifest.gpio_count = MANIFEST_MAX_GPIOS;
	manifest.uarts.count = manifest.i2c_masters.count = manifest.spi_masters.count = MANIFEST_MAX_DEVICES;
	manifest.pwms.count = manifest.adcs.count = MANIFEST_MAX_DEVICES;
	manifest.tcp_port_count = manifest.udp_port_count = MANIFEST_MAX_PORTS;
	claims_collect(&manifest, &claims);
	assert_int_equal(claims.count, CLAIMS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_same_meet),
		cmocka_unit_test(test_what_is_named),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
