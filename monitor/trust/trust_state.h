/* SPDX-License-Identifier: GPL-2.0-only */
/* The trust store that counts.  Written by monitor/trust/ only. */
#ifndef MONITOR_TRUST_TRUST_STATE_H
#define MONITOR_TRUST_TRUST_STATE_H

#include "abi/trust_store.h"

struct trust_state {
	struct trust_store store;	/* without its signature; format 0: there is none yet */
};

#endif
