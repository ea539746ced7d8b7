/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the monitor remembers over resets and power cuts.
 *
 * One structure, which is read once at start and replaced as a whole: whoever changes two things in
 * one transaction changes both or neither.  Each part belongs to the room whose header defines it,
 * and no other room writes it.
 */
#ifndef MONITOR_STATE_STATE_H
#define MONITOR_STATE_STATE_H

#include <stdint.h>

#include "monitor/cfi.h"
#include "monitor/device/device_state.h"
#include "monitor/images/image_table.h"
#include "monitor/images/slot_state.h"
#include "monitor/telemetry/telemetry_state.h"
#include "monitor/trust/trust_state.h"
#include "monitor/trust/version_state.h"

/* Raised with each change of the layout. */
#define STATE_FORMAT		2

struct state {
	struct device_state device;
	struct trust_state trust;
	struct version_state versions;
	struct slot_state slots;
	struct image_table images;
	struct telemetry_state telemetry;
};

/*
 * Reads the state from the secure flash, which lives as long as the monitor.  Returns 0, or
 * E_MONITOR_STATE_BLANK: state_now() is all zero then, or E_MONITOR_STATE_DAMAGED or
 * E_MONITOR_STATE_WRITE, after which there is none.
 */
int state_load(const struct cfi_flash *secure_flash);

/* The state as it is in flash. */
const struct state *state_now(void);

/*
 * A copy to be changed; there is one, so the last call counts.  Nothing has changed until
 * state_commit() says 0; after E_MONITOR_STATE_WRITE state_now() is what it was.
 */
struct state *state_draft(void);
int state_commit(void);

#endif
