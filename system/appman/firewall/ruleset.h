/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What never changes of the firewall: its table, sets, chains and rules.
 *
 * The rules know no app.  They ask sets, and which apps there are is in the sets (elements.h), so
 * that a replacement exchanges elements only and each packet sees all of the former ones or all of
 * the new. Where a set is asked the key is that of the table in host/rules.c,
 * which makes all of this on the build machine (host/ruleset.mk).
 *
 * A mark stands for one app as it is allowed now.  The packets of an app carry it while they are
 * judged; a flow (an entry of conntrack) carries that of the app whose it is.
 */
#ifndef APPMAN_FIREWALL_RULESET_H
#define APPMAN_FIREWALL_RULESET_H

#include <stddef.h>
#include <stdint.h>

#define RULESET_BLOCKS	"networks"	/* the chain of the only rules that change */

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

/* How the key and the data of an element look: the former has a word for each part. */
extern const struct ruleset_set_form {
	const char *name;
	uint8_t key_words, data_words;
} ruleset_sets[SET_COUNT];

/*
 * The table with its sets, chains and rules, which are not there yet: batches as the kernel is to get
 * them, one after the other, until one has no bytes.  From the second on nothing passes but what the
 * rules let.
 */
extern const struct ruleset_batch {
	const uint32_t *words;
	int bytes;
} ruleset_batches[];

/*
 * A rule of the chain that has those of blocks of addresses, but its table: packets with the mark may
 * go to addresses whose bits in the mask are those of the address, [0]: at each port, [1]: at one.
 * What differs is filled in at offsets of bytes; what the network has is in its order.
 */
enum ruleset_blank { BLANK_MARK, BLANK_MASK, BLANK_ADDRESS, BLANK_PORT, BLANK_COUNT };

extern const struct ruleset_block {
	const uint32_t *words;
	size_t bytes;
	size_t blanks[BLANK_COUNT]; /* 0: there is none */
} ruleset_blocks[2];

#endif
