/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changes of the firewall: the elements of its sets, made of what apps are allowed.
 *
 * Pure: the same plan and state give the same bytes.
 */
#ifndef APPMAN_FIREWALL_ELEMENTS_H
#define APPMAN_FIREWALL_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../limits.h"
#include "firewall.h"
#include "netlink.h"

/* An address that a resolver has told, and which of an app's ports it is for. */
struct elements_answer {
	uint32_t address;
	uint16_t port;
};

/* An app as the kernel has it. */
struct elements_app {
	uint32_t mark;		/* 0: none.  Its user, and how often its entry has changed */
	uint8_t answer_count, next_answer;
};

/* Places behind a count are not used, so that their pages are no RAM: answers lie apart for that. */
struct elements_state {
	size_t count;
	uint16_t changes;	/* of entries, for marks; never 0 */
	const struct firewall_app *entries;	/* the caller's; unchanged while it is old */
	struct elements_app apps[APP_MAX];
	struct elements_answer (*answers)[FIREWALL_ANSWERS_MAX]; /* the caller's; APP_MAX times */
};

/* Why there is no plan. */
struct elements_wrong {
	const char *app;	/* NULL: none is to blame */
	const char *field;	/* of its manifest */
	const char *other;	/* the app that has what it asks for, or NULL */
};

/*
 * The state after @apps have been put, and what is wrong.  Returns 0, -EINVAL, -EADDRINUSE or -E2BIG,
 * as firewall_apply().
 */
int elements_plan(const struct firewall_app *apps, size_t count, const struct elements_state *old,
		  struct elements_state *new, struct elements_wrong *wrong);

/* A batch that takes the kernel from @old to @new.  Returns its length or -EMSGSIZE. */
int elements_put(struct netlink_writer *writer, const struct elements_state *old,
		 const struct elements_state *new);

/*
 * Puts the answer into @state, for each connection of that name, and into a batch, which the caller
 * begins and ends.  @address is in host order; @ttl_s is brought between the limits.  Returns how many
 * connections.
 */
int elements_put_answers(struct netlink_writer *writer, struct elements_state *state, const char *name,
			 size_t name_length, uint32_t address, uint32_t ttl_s);

#endif
