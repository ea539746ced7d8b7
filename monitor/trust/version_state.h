/* SPDX-License-Identifier: GPL-2.0-only */
/* The lowest security version that each component may have.  Written by monitor/trust/ only. */
#ifndef MONITOR_TRUST_VERSION_STATE_H
#define MONITOR_TRUST_VERSION_STATE_H

#include <stdint.h>

#define VERSIONS_MAX		48

struct version_entry {
	uint8_t component_id[16];	/* all zero: not used */
	uint32_t security_version;
};

struct version_state {
	uint32_t os;			/* of the boot manifest */
	struct version_entry entries[VERSIONS_MAX];
};

#endif
