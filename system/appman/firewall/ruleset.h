/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What never changes of the firewall: its table, sets, chains and rules.
 *
 * The rules know no app.  They ask sets, and which apps there are is in the sets (elements.h), so
 * that a replacement exchanges elements only and each packet sees all of the former ones or all of
 * the new. Where a set is asked the key is that of the table in ruleset.c.  Pure.
 *
 * A mark stands for one app as it is allowed now.  The packets of an app carry it while they are
 * judged; a flow (an entry of conntrack) carries that of the app whose it is.
 *
 * Sources: Linux, include/uapi/linux/netfilter/nf_tables.h, nf_tables of 6.12.
 */
#ifndef APPMAN_FIREWALL_RULESET_H
#define APPMAN_FIREWALL_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netlink.h"

#define RULESET_TABLE	"spherule"

enum ruleset_set {
	SET_USERS,	/* user -> mark */
	SET_FLOWS,	/* user . mark: whose flows carry which mark */
	SET_HOSTS,	/* mark . address . port, of the manifest; port 0: every port */
	SET_ANSWERS,	/* the same, of names; an element has a time to live */
	SET_LOCAL,	/* mark . protocol . port: what it may reach on the device itself */
	SET_SERVERS,	/* mark . protocol . port: from where it may answer on the device itself */
	SET_PORTS,	/* protocol . port -> mark: ports that are open to others */
	SET_COUNTERS,	/* mark . enum ruleset_counter, with a counter */
	SET_COUNT
};

enum ruleset_counter { COUNT_SENT, COUNT_RECEIVED, COUNT_REFUSED, COUNT_COUNT };

#define RULESET_KEY_WORDS 3 /* the longest key; a word each, in the order of the network */

/*
 * The table with its sets, chains and rules, which are not there yet: one step for each batch, from
 * 0 on, so that a batch is small.  From the second step on nothing passes but what the rules let.
 * Returns false, and puts nothing, behind the last step.
 */
bool ruleset_put(struct netlink_writer *writer, size_t step);

/* Begins a message about a table of ours, and names the table.  @type: NFT_MSG_*, @flags: NLM_F_*.
 */
void ruleset_begin(struct netlink_writer *writer, uint16_t type, uint16_t flags,
		   uint16_t table_attribute);

const char *ruleset_set_name(enum ruleset_set set);

/* Words of the key and of the data of a set. */
size_t ruleset_key_words(enum ruleset_set set);
size_t ruleset_data_words(enum ruleset_set set);

/* Takes all rules out of the chain that has those of blocks of addresses. */
void ruleset_clear_networks(struct netlink_writer *writer);

/*
 * A rule of that chain: packets with @mark may go to the addresses whose first @prefix bits are
 * those of
 * @address, and to @port if that is not 0.  @address and @port are in host order.
 */
void ruleset_put_network(struct netlink_writer *writer, uint32_t mark, uint32_t address,
			 unsigned int prefix, uint16_t port);

#endif
