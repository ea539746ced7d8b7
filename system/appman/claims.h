/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only one app of a device can have: peripherals, ports at which it serves.
 *
 * Pure.  A set of claims belongs to its caller.
 */
#ifndef APPMAN_CLAIMS_H
#define APPMAN_CLAIMS_H

#include <stddef.h>

#include "abi/manifest.h"

struct claim {
	const char *kind;	/* "GPIO", "TCP port", ...: equal kinds are one pointer */
	unsigned int id;
};

#define CLAIMS_MAX	(MANIFEST_MAX_GPIOS + (MANIFEST_PERIPHERAL_COUNT - 1) * MANIFEST_MAX_DEVICES + \
			 2 * MANIFEST_MAX_PORTS)

struct claims {
	size_t count;
	struct claim list[CLAIMS_MAX];
};

/* All that a manifest asks for. */
void claims_collect(const struct manifest *manifest, struct claims *claims);

/* The first of @claims that is also among @others; NULL: there is none. */
const struct claim *claims_meet(const struct claims *claims, const struct claims *others);

#endif
