/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The key that says which keys count: it signs trust stores, and nothing else.
 *
 * Compiled in, because flash 0 stands for what cannot be changed on this device; a chip with fuses
 * would have the hash of it there.  The build takes ROOT_KEY, by default a published development
 * key, and marks it then.
 */
#ifndef MONITOR_ROOT_KEY_H
#define MONITOR_ROOT_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "monitor/crypto/verify.h"

struct root_key {
	uint8_t point[CRYPTO_POINT_BYTES];
	uint8_t id[CRYPTO_HASH_BYTES];	/* SHA-256 of the point */
	bool is_development;		/* everybody has its private half */
};

extern const struct root_key root_key;

#endif
