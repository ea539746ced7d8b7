/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The firewall: which app may send where, and who may send to it.
 *
 * By default nothing passes, in or out.  What passes is known by the user of the socket that sends,
 * and by ports that belong to one app.  All of it is one table of nf_tables, which no other process
 * can change, and each change is one transaction: a packet is judged by the former rules or by the
 * new ones.  Nothing is allocated.  Nothing waits: the kernel has answered when a call returns.
 */
#ifndef APPMAN_FIREWALL_H
#define APPMAN_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/connection.h"
#include "abi/image.h"

/*
 * What one app may do; the caller's, and valid as long as it is in force.  Ports are in host order.
 * The user is 1 to 65535: its number is a part of what marks the app's packets.
 */
struct firewall_app {
	uid_t uid;
	const char *name;		/* for messages */
	uint8_t id[IMAGE_UUID_BYTES];	/* of its component */
	const struct connection *connections;
	size_t connection_count;
	const char *names;		/* the host names of @connections, by name_at */
	size_t names_bytes;
	const uint16_t *tcp_ports;	/* open to others, and to apps that have it as a peer */
	size_t tcp_count;
	const uint16_t *udp_ports;
	size_t udp_count;
	/* the components that it may connect to; there need not be any such */
	const uint8_t (*peers)[IMAGE_UUID_BYTES];
	size_t peer_count;
	bool is_anywhere; /* may send to everybody outside, whatever @connections say */
	bool is_resolver; /* answers port 53 of the device itself, for apps with host names */
};

struct firewall_count {
	uint64_t packets;
	uint64_t bytes;
};

struct firewall_counters {
	struct firewall_count sent, received, refused;
};

/*
 * Opens the way to the kernel and puts the rules there, with nobody in them: from now on nothing
 * passes.  Once, before there is a network.  Returns 0 or -errno; the other calls say -EBADF before,
 * and after it has failed: what is there of the rules then lets nothing pass.
 */
int firewall_open(void);

/*
 * Replaces all that is allowed: afterwards @apps may do what they say, and nobody else anything.
 * What an app was allowed before and is still allowed goes on: its flows, its counters and the
 * answers to its names.  An app whose entry differs loses all three.
 *
 * Returns 0 or -errno, and then nothing has changed: -EINVAL: a user that is twice or out of range;
 * -EADDRINUSE: two apps with one port; -E2BIG: more than the limits of limits.h; others are the
 * kernel's.  Says which app it was, and which field of its manifest.
 */
int firewall_apply(const struct firewall_app *apps, size_t count);

/*
 * @name has @address (host order) for the next @ttl_s seconds: apps that may send to @name can use
 * it when this returns.  An app has room for FIREWALL_ANSWERS_MAX; the oldest ends first.  Returns
 * how many apps can, or -errno.
 */
int firewall_add_answer(const char *name, size_t name_length, uint32_t address, uint32_t ttl_s);

/*
 * What the app of @uid has sent and received, and what was refused, since its entry is as it is.
 * Returns 0, -ENOENT, or -errno.
 */
int firewall_read_counters(uid_t uid, struct firewall_counters *counters);

#endif
