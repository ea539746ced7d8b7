/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measurement log: one hash that stands for all that was verified, and its order.
 *
 * M is 32 zero bytes first; each part makes it SHA-256(M || SHA-256(part)).  What the monitor will
 * attest later is M, so nothing can take a part out of it again.
 */
#ifndef MONITOR_MEASURE_H
#define MONITOR_MEASURE_H

#include <stdint.h>

#include "monitor/crypto/verify.h"

struct measurement {
	uint8_t value[CRYPTO_HASH_BYTES];
};

void measure_init(struct measurement *m);

/* @hash: SHA-256 of the part.  Returns 0 or E_MONITOR_CRYPTO. */
int measure_extend(struct measurement *m, const uint8_t hash[CRYPTO_HASH_BYTES]);

#endif
