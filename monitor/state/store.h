/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record in secure flash that is replaced as a whole or not at all.
 *
 * The area is a row of erase sectors, each a row of places for one record.  A new record goes to the
 * next erased place; the valid one with the highest sequence counts.  A sector is erased only when
 * the newest record is in another one, so that whatever is interrupted, the old record or the new
 * one is there, and all sectors wear alike.
 *
 * A record is a head, the payload, a checksum over both, and a seal that is programmed last.  What
 * is whole but not sealed was interrupted at its very end: it counts, and is written again before
 * anything relies on it, because its last bits may not be firm.
 *
 * The checksum guards against interrupted writes.  Nobody else can write this flash.
 */
#ifndef MONITOR_STATE_STORE_H
#define MONITOR_STATE_STORE_H

#include <stdint.h>

#include "monitor/cfi.h"

#define STORE_PLACE_BYTES	8192u	/* of one record, all told */
#define STORE_HEAD_BYTES	16u
#define STORE_TAIL_BYTES	8u	/* checksum and seal */
#define STORE_PAYLOAD_MAX	(STORE_PLACE_BYTES - STORE_HEAD_BYTES - STORE_TAIL_BYTES)

struct store {
	const struct cfi_flash *flash;
	uint32_t offset, sectors;	/* the area; @offset is a multiple of the sector */
	uint32_t format;		/* of the payload: others do not count */
	uint32_t bytes;			/* of the payload, a multiple of 4, to STORE_PAYLOAD_MAX */
	uint32_t place;			/* of the newest record */
	uint32_t sequence;		/* the highest that was claimed; 0: there is no record */
};

/*
 * Finds the newest record and copies its payload.  The caller has set all fields but the last two.
 *
 * Returns 0; E_MONITOR_STATE_BLANK when nothing was ever stored here; E_MONITOR_STATE_DAMAGED when
 * something was but no record is valid; E_MONITOR_STATE_WRITE when what was not sealed could not
 * be written again.
 */
int store_load(struct store *store, void *payload);

/*
 * Writes a new record.  0, or E_MONITOR_STATE_WRITE when the flash failed: the old one counts until
 * the next store_load(), which may find that the new one is whole after all.
 */
int store_save(struct store *store, const void *payload);

#endif
