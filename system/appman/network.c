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
#include "abi/sparse.h"
#include "console.h"
#include "firewall/firewall.h"
#include "network.h"
#include "privileges.h"
#include "resolver.h"

/* One more than firewall_apply() takes. */
#define BOOK_ENTRIES	(APP_MAX + 1)

/*
 * One is in force, the other is written for the next change, so that a change that is refused has
 * changed nothing.  Pages of a pool that no list has reached are no RAM.
 */
struct book {
	struct firewall_app entries[BOOK_ENTRIES];
	size_t count;
	size_t used;	/* words of its pool */
	uint32_t *pool;
};

static struct book books[2];
static SPARSE uint32_t pools[ARRAY_SIZE(books)][BOOK_ENTRIES * sizeof(struct manifest) / sizeof(uint32_t)];
static struct book *in_force = &books[0], *draft = &books[1];

/* There is room: the lists are a part of a manifest. */
static const void *keep(const void *list, size_t count, size_t size)
{
	uint32_t *place = draft->pool + draft->used;

	if (count)
		memcpy(place, list, count * size);
	draft->used += (count * size + sizeof(*place) - 1) / sizeof(*place);
	return place;
}

static void add(const struct firewall_app *from)
{
	struct firewall_app *to = &draft->entries[draft->count++];

	*to = *from;
	to->connections = keep(from->connections, from->connection_count, sizeof(*to->connections));
	to->names = keep(from->names, from->names_bytes, 1);
	to->tcp_ports = keep(from->tcp_ports, from->tcp_count, sizeof(*to->tcp_ports));
	to->udp_ports = keep(from->udp_ports, from->udp_count, sizeof(*to->udp_ports));
	to->peers = keep(from->peers, from->peer_count, sizeof(*to->peers));
}

/* All entries but that of @uid, and @entry behind them unless it is NULL. */
static int change(uid_t uid, const struct firewall_app *entry)
{
	struct book *former = in_force;
	int err;

	draft->count = 0;
	draft->used = 0;
	draft->pool = pools[draft - books];
	for (size_t i = 0; i < in_force->count; i++)
		if (in_force->entries[i].uid != uid)
			add(&in_force->entries[i]);
	if (entry)
		add(entry);
	err = firewall_apply(draft->entries, draft->count);
	if (err)
		return err;
	in_force = draft;
	draft = former;
	return 0;
}

/*
 * The kernel gives it its address.  Only when somebody needs it: it is a page of RAM.  To do so again
 * does no harm.
 */
static void raise_loopback(void)
{
	struct ifreq interface = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (ioctl(fd, SIOCSIFFLAGS, &interface) < 0)
		console_error(E_NETWORK_LOOPBACK, "loopback interface: %s", strerror(errno));
	close(fd);
}

int network_give(const struct app *app, const struct manifest *manifest)
{
	const bool is_networkd = privileges_is_networkd(app);
	struct firewall_app entry = {
		.uid = app->uid, .name = app->name,
		.connections = manifest->connections, .connection_count = manifest->connection_count,
		.names = manifest->names, .names_bytes = manifest->names_used,
		.tcp_ports = manifest->tcp_ports, .tcp_count = manifest->tcp_port_count,
		.udp_ports = manifest->udp_ports, .udp_count = manifest->udp_port_count,
		.peers = manifest->peers, .peer_count = manifest->peer_count,
		.is_anywhere = is_networkd, .is_resolver = is_networkd,
	};

	memcpy(entry.id, manifest->component_id, sizeof(entry.id));
	if (is_networkd && resolver_give(app->uid))
		console_error(E_FIREWALL_RESOLVER, "networkd cannot have " RESOLVER_PATH);
	if (is_networkd || entry.peer_count)
		raise_loopback();
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
