/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Anti-rollback: the lowest security version of each component, which only rises.
 *
 * An entry stays when its image is removed: a component that comes back is not older than it was.
 */
#ifndef MONITOR_TRUST_VERSIONS_H
#define MONITOR_TRUST_VERSIONS_H

#include <stdint.h>

#include "monitor/state/state.h"

/* The lowest version that this component may have; 0 for one that was never seen. */
uint32_t versions_lowest(const struct state *state, const uint8_t component_id[16]);

/*
 * Raises it in a draft; a lower @security_version changes nothing.  Returns 0, or
 * E_MONITOR_VERSIONS_FULL when there is no entry for another component.
 */
int versions_raise(struct state *draft, const uint8_t component_id[16], uint32_t security_version);

#endif
