// SPDX-License-Identifier: Apache-2.0
/* What the apps of the device may do on the network. */

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/resolver.h"
#include "console.h"
#include "firewall/firewall.h"
#include "network.h"
#include "privileges.h"
#include "resolver.h"

/*
 * One is in force, the other is written for the next change, so that a change that is refused has
 * changed nothing.  Pages of a pool that no list has reached are no RAM.
 */
static struct {
	struct firewall_app entries[2][APP_MAX];
	size_t counts[2];
	uint32_t pools[2][NETWORK_LISTS_BYTES / sizeof(uint32_t)];
} lists;
static unsigned int current;

/* What is being written: where in the pool, and whether something did not fit. */
static size_t used;
static bool is_full;

static const void *keep(const void *list, size_t bytes)
{
	size_t words = (bytes + sizeof(uint32_t) - 1) / sizeof(uint32_t);
	uint32_t *place = lists.pools[!current] + used;

	if (words > ARRAY_SIZE(lists.pools[0]) - used) {
		is_full = true;
		return NULL;
	}
	if (bytes)
		memcpy(place, list, bytes);
	used += words;
	return place;
}

static void add(const struct firewall_app *from)
{
	struct firewall_app *to;

	if (lists.counts[!current] == APP_MAX) {
		is_full = true;
		return;
	}
	to = &lists.entries[!current][lists.counts[!current]++];
	*to = *from;
	to->connections = keep(from->connections, from->connection_count * sizeof(from->connections[0]));
	to->names = keep(from->names, from->names_bytes);
	to->tcp_ports = keep(from->tcp_ports, from->tcp_count * sizeof(from->tcp_ports[0]));
	to->udp_ports = keep(from->udp_ports, from->udp_count * sizeof(from->udp_ports[0]));
	to->peers = keep(from->peers, from->peer_count * sizeof(from->peers[0]));
}

/* All entries but that of @uid, and @entry behind them unless it is NULL. */
static int change(uid_t uid, const struct firewall_app *entry)
{
	int err;

	lists.counts[!current] = 0;
	used = 0;
	is_full = false;
	for (size_t i = 0; i < lists.counts[current]; i++)
		if (lists.entries[current][i].uid != uid)
			add(&lists.entries[current][i]);
	if (entry)
		add(entry);
	if (is_full) {
		console_error(E_FIREWALL_LISTS, "%s: all apps together have longer lists than %d bytes",
			      entry ? entry->name : "", NETWORK_LISTS_BYTES);
		return -E2BIG;
	}
	err = firewall_apply(lists.entries[!current], lists.counts[!current]);
	if (!err)
		current = !current;
	return err;
}

int network_give(const struct app *app, const struct manifest *manifest)
{
	const bool is_networkd = privileges_is_networkd(app);
	struct firewall_app entry = {
		.uid = app->uid,
		.name = app->name,
		.connections = manifest->connections,
		.connection_count = manifest->connection_count,
		.names = manifest->names,
		.names_bytes = manifest->names_used,
		.tcp_ports = manifest->tcp_ports,
		.tcp_count = manifest->tcp_port_count,
		.udp_ports = manifest->udp_ports,
		.udp_count = manifest->udp_port_count,
		.peers = manifest->peers,
		.peer_count = manifest->peer_count,
		.is_anywhere = is_networkd,
		.is_resolver = is_networkd,
	};

	memcpy(entry.id, manifest->component_id, sizeof(entry.id));
	if (is_networkd && resolver_give(app->uid))
		console_error(E_FIREWALL_RESOLVER, "networkd cannot have " RESOLVER_PATH);
	return change(app->uid, &entry);
}

void network_take(const struct app *app)
{
	for (size_t i = 0; i < lists.counts[current]; i++)
		if (lists.entries[current][i].uid == app->uid) {
			change(app->uid, NULL);
			return;
		}
}

/* The kernel gives it its address. */
static int raise_loopback(void)
{
	struct ifreq interface = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &interface) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

void network_open(void)
{
	int err = firewall_open();

	if (err)
		return;
	err = raise_loopback();
	if (err)
		console_error(E_NETWORK_LOOPBACK, "apps cannot reach each other: %s", strerror(-err));
}
