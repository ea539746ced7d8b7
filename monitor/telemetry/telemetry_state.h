/* SPDX-License-Identifier: GPL-2.0-only */
/* What is remembered of the starts and their failures.  Written by monitor/telemetry/ only. */
#ifndef MONITOR_TELEMETRY_TELEMETRY_STATE_H
#define MONITOR_TELEMETRY_TELEMETRY_STATE_H

#include <stdint.h>

#include "abi/smc.h"

struct telemetry_state {
	uint32_t boots;			/* since the state was made; stays at its maximum */
	uint32_t resets[SPH_RESET_COUNT];	/* by reason */
	uint32_t slot_failures[SPH_SLOT_COUNT];	/* starts at which the slot was refused */
	uint32_t last_error;		/* of abi/errors.h, of the last failure; 0: none yet */
	uint32_t last_error_boot;	/* the boot at which that was */
	uint32_t recoveries;		/* starts that ended in the recovery loader */
	uint32_t fallbacks;		/* trial slots that were given up */
	uint32_t early_ends;		/* starts in a row that a reset ended before they settled */
	uint32_t is_unsettled;		/* the last start has not said that it lasts */
};

#endif
