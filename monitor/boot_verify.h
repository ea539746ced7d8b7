/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verified boot: whether a slot holds exactly what the holder of an OS key signed, and that is not
 * older than what the device has had.
 *
 * The signature of the boot manifest first, then every part that this start will use, each by its
 * hash.  Device trees for other sizes of RAM are not read.  Nothing of the slot is interpreted
 * before it is verified.
 */
#ifndef MONITOR_BOOT_VERIFY_H
#define MONITOR_BOOT_VERIFY_H

#include <stdint.h>

#include "abi/boot_manifest.h"
#include "measure.h"
#include "monitor/crypto/hash_stream.h"

#define BOOT_VERIFY_PIECE_BYTES	(64u * 1024)	/* hashed in one step */

struct boot_verified {
	struct boot_manifest manifest;
	struct measurement measurement;	/* of the manifest, then of each part in its order */
	uint32_t kernel, dtb;		/* physical addresses */
	uint32_t proof;			/* see boot_verify_doubt() */
	uint32_t slot, ram_bytes;	/* what was asked */
	uint32_t dtb_offset;		/* in the slot, of the tree for this size of RAM */
	uint32_t part, done;		/* which part is being hashed, and how much of it was */
	struct hash_stream stream;
	const char *reason;		/* after an error: what is wrong, for the log */
};

/*
 * Verifies a slot for this size of RAM.  Returns 0 or an E_MONITOR_* with @verified->reason; the
 * rest of @verified counts only after 0.
 */
int boot_verify_slot(uint32_t slot, uint32_t ram_bytes, struct boot_verified *verified);

/*
 * 0 when every check of boot_verify_slot() was made and found no difference, and the key and the
 * security version still count; any other number when one was skipped.  For those who start the slot:
 * not to rely on one branch.
 */
uint32_t boot_verify_doubt(const struct boot_verified *verified);

/*
 * The same in pieces: begin checks the manifest and returns likewise; then step, until it returns
 * another thing than SPH_SMC_E_AGAIN.  After an error there is no next step.
 */
int boot_verify_begin(uint32_t slot, uint32_t ram_bytes, struct boot_verified *verified);
int boot_verify_step(struct boot_verified *verified);

#endif
