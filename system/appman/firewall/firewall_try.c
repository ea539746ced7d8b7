// SPDX-License-Identifier: Apache-2.0
/*
 * For nft_test.py: gives the kernel of the build machine a firewall, in a network namespace of its
 * own, step by step, and has nft print it after each.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../console.h"
#include "firewall.h"

#define NAME	"host.example"

static const struct connection connections[] = {
	{ .kind = CONNECTION_ADDRESS, .prefix = 32, .address = 0x0a070001 },
	{ .kind = CONNECTION_ADDRESS, .prefix = 32, .port = 443, .address = 0x0a070003 },
	{ .kind = CONNECTION_ADDRESS, .prefix = 24, .address = 0xc0000200 },
	{ .kind = CONNECTION_ADDRESS, .prefix = 12, .port = 8883, .address = 0xac100000 },
	{ .kind = CONNECTION_NAME, .port = 443, .name_length = sizeof(NAME) - 1 },
};
static const uint16_t tcp_ports[] = { 8080 }, udp_ports[] = { 5000, 5353 };
static const uint8_t peers[][IMAGE_UUID_BYTES] = { { 2 } };

static struct firewall_app apps[] = {
	{ .uid = 10000,
	  .name = "client",
	  .id = { 1 },
	  .connections = connections,
	  .connection_count = 5,
	  .names = NAME,
	  .names_bytes = sizeof(NAME) - 1,
	  .peers = peers,
	  .peer_count = 1 },
	{ .uid = 10001, .name = "server", .id = { 2 }, .tcp_ports = tcp_ports, .tcp_count = 1 },
	{ .uid = 10002,
	  .name = "networkd",
	  .id = { 3 },
	  .udp_ports = udp_ports,
	  .udp_count = 2,
	  .is_anywhere = true,
	  .is_resolver = true },
};

void console_error(int number, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("E%d: ", number);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

static void show(const char *what, int result)
{
	printf("== %s: %d\n", what, result);
	fflush(stdout);
	if (result >= 0 && system("nft list ruleset"))
		exit(1);
}

static void replace_often(void)
{
	static struct firewall_app turns[2][3];
	int err = 0;

	for (size_t i = 0; i < 2; i++) {
		memcpy(turns[i], apps, sizeof(turns[i]));
		turns[i][0].connection_count = i ? 5 : 4;
	}
	for (int i = 0; i < 1000 && !err; i++)
		err = firewall_apply(turns[i % 2], 3);
	show("replaced 1000 times", err);
}

static void answer_often(void)
{
	int result = 1;

	for (uint32_t i = 0; i < 100 && result == 1; i++)
		result = firewall_add_answer(NAME, sizeof(NAME) - 1, 0x09090900 + i, 1000);
	show("100 answers", result);
}

int main(void)
{
	struct firewall_counters counters;
	int err = firewall_open();

	if (err) {
		printf("no nf_tables: %s\n", strerror(-err));
		return 77;
	}
	show("nobody", firewall_apply(NULL, 0));
	show("three apps", firewall_apply(apps, 3));
	show("an answer", firewall_add_answer(NAME, sizeof(NAME) - 1, 0x08080808, 3600));
	show("the same answer", firewall_add_answer(NAME, sizeof(NAME) - 1, 0x08080808, 7200));
	show("an answer for nobody", firewall_add_answer("x" NAME, sizeof(NAME), 0x08080809, 3600));
	show("the same apps", firewall_apply(apps, 3));
	show("two apps", firewall_apply(apps, 2));
	apps[1].uid = 10000;
	show("a user twice", firewall_apply(apps, 3));
	apps[1].uid = 10001;
	replace_often();
	answer_often();
	show("counters", firewall_read_counters(10000, &counters));
	show("counters of nobody", firewall_read_counters(10009, &counters));
	return 0;
}
