/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judges a package in flash: whether it is an app that may be installed on this device.
 *
 * Works in pieces, because a call of the normal world must end soon.  What says anything is copied
 * out of the flash once and used from the copy, and only the last step counts: it looks at head
 * and metadata again, together with the hash that covers them.
 */
#ifndef MONITOR_IMAGES_IMAGE_CHECK_H
#define MONITOR_IMAGES_IMAGE_CHECK_H

#include <stdint.h>

#include "monitor/crypto/hash_stream.h"
#include "monitor/images/image_table.h"

#define IMAGE_CHECK_PIECE_BYTES	(64u * 1024)	/* hashed in one step */

struct image_check {
	uint32_t address;		/* physical, of the package */
	uint32_t bytes;			/* of all of it; a multiple of 4 */
	uint32_t done;			/* bytes of the body that are in the hash */
	struct hash_stream stream;
};

/*
 * Looks at all but the signature.  Returns 0, or the number of what is wrong: E_IMAGE_*,
 * E_MONITOR_IMAGE_*, E_MONITOR_TRUST_*, E_MONITOR_ROLLBACK, E_MONITOR_CRYPTO.
 */
int image_check_begin(struct image_check *check, uint32_t address, uint32_t bytes);

/*
 * SPH_SMC_E_AGAIN, 0 or such a number.  After 0 all of @entry but its place is filled in; before,
 * it is left alone.
 */
int image_check_step(struct image_check *check, struct image_entry *entry);

#endif
