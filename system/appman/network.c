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
struct book {
	struct firewall_app entries[APP_MAX];
	size_t count;
	size_t used;	/* words of its pool */
	bool is_full;	/* something did not fit */
	uint32_t *pool;
};

static struct {
	struct book books[2];
	uint32_t pools[2][NETWORK_LISTS_BYTES / sizeof(uint32_t)];
} kept;
static struct book *in_force = &kept.books[0], *draft = &kept.books[1];

static const void *keep(const void *list, size_t count, size_t size)
{
	size_t bytes = count * size;
	size_t words = (bytes + sizeof(uint32_t) - 1) / sizeof(uint32_t);
	uint32_t *place = draft->pool + draft->used;

	if (words > ARRAY_SIZE(kept.pools[0]) - draft->used) {
		draft->is_full = true;
		return NULL;
	}
	if (bytes)
		memcpy(place, list, bytes);
	draft->used += words;
	return place;
}

static void add(const struct firewall_app *from)
{
	struct firewall_app *to;

	if (draft->count == APP_MAX) {
		draft->is_full = true;
		return;
	}
	to = &draft->entries[draft->count++];
	*to = *from;
	to->connections = keep(from->connections, from->connection_count, sizeof(*to->connections));
	to->names = keep(from->names, from->names_bytes, 1);
	to->tcp_ports = keep(from->tcp_ports, from->tcp_count, sizeof(*to->tcp_ports));
	to->udp_ports = keep(from->udp_ports, from->udp_count, sizeof(*to->udp_ports));
	to->peers = keep(from->peers, from->peer_count, sizeof(*to->peers));
}

static void take_draft(void)
{
	struct book *former = in_force;

	in_force = draft;
	draft = former;
}

/* All entries but that of @uid, and @entry behind them unless it is NULL. */
static int change(uid_t uid, const struct firewall_app *entry)
{
	int err;

	draft->count = 0;
	draft->used = 0;
	draft->is_full = false;
	draft->pool = kept.pools[draft - kept.books];
	for (size_t i = 0; i < in_force->count; i++)
		if (in_force->entries[i].uid != uid)
			add(&in_force->entries[i]);
	if (entry)
		add(entry);
	if (draft->is_full) {
		console_error(E_FIREWALL_LISTS, "%s: all apps together ask for too much",
			      entry ? entry->name : "network");
		return -E2BIG;
	}
	err = firewall_apply(draft->entries, draft->count);
	if (!err)
		take_draft();
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
	for (size_t i = 0; i < in_force->count; i++)
		if (in_force->entries[i].uid == app->uid) {
			change(app->uid, NULL);
			return;
		}
}

/* The kernel gives it its address. */
static int raise_loopback(void)
{
	struct ifreq interface = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = ioctl(fd, SIOCSIFFLAGS, &interface) < 0 ? -errno : 0;

	close(fd);
	return err;
}

void network_open(void)
{
	int err = firewall_open() ? 0 : raise_loopback();

	if (err)
		console_error(E_NETWORK_LOOPBACK, "loopback interface: %s", strerror(-err));
}
