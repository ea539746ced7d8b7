// SPDX-License-Identifier: Apache-2.0
/* Unit tests of what is kept for the firewall. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "console.h"
#include "firewall/firewall.h"
#include "network.h"
#include "privileges.h"
#include "resolver.h"

#define NAME	"host.example"

/* The kernel's place: what is in force there. */
static const struct firewall_app *in_force;
static size_t in_force_count;
static int apply_result;
static uid_t resolver_uid;

/* The interfaces of the build machine stay as they are. */
static int raised;
int __wrap_ioctl(int fd, unsigned long request, ...);

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	(void)fd;
	(void)request;
	raised++;
	return 0;
}

int firewall_apply(const struct firewall_app *entries, size_t count)
{
	if (apply_result)
		return apply_result;
	in_force = entries;
	in_force_count = count;
	return 0;
}

int resolver_give(uid_t uid)
{
	resolver_uid = uid;
	return 0;
}

bool privileges_is_networkd(const struct app *app)
{
	return app->is_system;
}

void console_error(int number, const char *format, ...)
{
	(void)format;
	(void)number;
}

static struct manifest manifest;

static struct app make_app(uid_t uid)
{
	return (struct app){ .uid = uid, .name = "app" };
}

/* One of each list; the port tells whose it is. */
static void make_manifest(uint16_t port)
{
	memset(&manifest, 0, sizeof(manifest));
	manifest.component_id[0] = (uint8_t)port;
	manifest.connections[0] = (struct connection){ .kind = CONNECTION_NAME, .port = port,
						       .name_length = sizeof(NAME) - 1 };
	manifest.connection_count = 1;
	memcpy(manifest.names, NAME, sizeof(NAME));
	manifest.names_used = sizeof(NAME);
	manifest.tcp_ports[0] = port;
	manifest.udp_ports[0] = port;
	manifest.tcp_port_count = manifest.udp_port_count = 1;
	manifest.peers[0][0] = 9;
	manifest.peer_count = 1;
}

static int give(uid_t uid, uint16_t port)
{
	struct app app = make_app(uid);

	make_manifest(port);
	return network_give(&app, &manifest);
}

static void take(uid_t uid)
{
	struct app app = make_app(uid);

	network_take(&app);
}

/* Whole, although the manifest has been another app's since. */
static void assert_entry(size_t place, uid_t uid, uint16_t port)
{
	const struct firewall_app *entry = &in_force[place];

	assert_true(place < in_force_count);
	assert_int_equal(entry->uid, uid);
	assert_int_equal(entry->id[0], port);
	assert_int_equal(entry->connection_count, 1);
	assert_int_equal(entry->connections[0].port, port);
	assert_string_equal(entry->names + entry->connections[0].name_at, NAME);
	assert_int_equal(entry->tcp_ports[0], port);
	assert_int_equal(entry->udp_ports[0], port);
	assert_int_equal(entry->peers[0][0], 9);
	assert_false(entry->is_anywhere || entry->is_resolver);
}

static int clear(void **state)
{
	(void)state;
	apply_result = 0;
	for (uid_t uid = 1; uid < 3 * APP_MAX; uid++)
		take(uid);
	assert_int_equal(in_force_count, 0);
	return 0;
}

static void test_entries_come_and_go(void **state)
{
	(void)state;
	assert_int_equal(give(1, 10), 0);
	assert_true(raised > 0); /* it has a peer */
	assert_int_equal(give(2, 20), 0);
	assert_int_equal(in_force_count, 2);
	assert_entry(0, 1, 10);
	assert_entry(1, 2, 20);
	/* Another manifest replaces the first. */
	assert_int_equal(give(1, 11), 0);
	assert_int_equal(in_force_count, 2);
	assert_entry(0, 2, 20);
	assert_entry(1, 1, 11);
	take(2);
	assert_int_equal(in_force_count, 1);
	assert_entry(0, 1, 11);
}

static void test_a_refusal_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(give(1, 10), 0);
	apply_result = -EADDRINUSE;
	assert_int_equal(give(2, 20), -EADDRINUSE);
	assert_int_equal(give(1, 11), -EADDRINUSE);
	assert_int_equal(in_force_count, 1);
	assert_entry(0, 1, 10);
	apply_result = 0;
	assert_int_equal(give(3, 30), 0);
	assert_int_equal(in_force_count, 2);
	assert_entry(0, 1, 10);
	assert_entry(1, 3, 30);
}

/* As many as there can be, with lists as long as they can be, one changed while all are there. */
static void test_the_largest_fit(void **state)
{
	(void)state;
	for (uid_t uid = 1; uid <= APP_MAX + 1; uid++) {
		struct app app = make_app(uid <= APP_MAX ? uid : 1);

		make_manifest(10);
		manifest.connection_count = MANIFEST_MAX_CONNECTIONS;
		manifest.names_used = MANIFEST_NAMES_BYTES;
		manifest.tcp_port_count = manifest.udp_port_count = MANIFEST_MAX_PORTS;
		manifest.peer_count = MANIFEST_MAX_PEERS;
		assert_int_equal(network_give(&app, &manifest), 0);
	}
	assert_int_equal(in_force_count, APP_MAX);
	assert_int_equal(in_force[0].uid, 2);
	assert_int_equal(in_force[APP_MAX - 1].uid, 1);
	/* One more than the table has places: somebody's that could not be taken. */
	apply_result = -E2BIG;
	assert_int_equal(give(APP_MAX + 1, 10), -E2BIG);
}

static void test_networkd_is_the_resolver(void **state)
{
	struct app app = make_app(7);

	(void)state;
	make_manifest(10);
	manifest.peer_count = 0;
	raised = 0;
	assert_int_equal(network_give(&app, &manifest), 0);
	assert_int_equal(raised, 0);
	app.is_system = true;
	assert_int_equal(network_give(&app, &manifest), 0);
	assert_int_equal(raised, 1);
	assert_true(in_force[0].is_anywhere && in_force[0].is_resolver);
	assert_int_equal(resolver_uid, 7);
}

/* As firewall_apply() says then, no app gets anything. */
static void test_without_rules_nobody_starts(void **state)
{
	(void)state;
	apply_result = -EBADF;
	assert_int_equal(give(1, 10), -EBADF);
	assert_int_equal(in_force_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_entries_come_and_go, clear),
		cmocka_unit_test_setup(test_a_refusal_changes_nothing, clear),
		cmocka_unit_test_setup(test_the_largest_fit, clear),
		cmocka_unit_test_setup(test_networkd_is_the_resolver, clear),
		cmocka_unit_test_setup(test_without_rules_nobody_starts, clear),
	};

	return cmocka_run_group_tests_name("appman network", tests, NULL, NULL);
}
