// SPDX-License-Identifier: GPL-2.0-only
/* Hashes on hashes; see measure.h. */
#include "measure.h"

#include <string.h>

void measure_init(struct measurement *m)
{
	memset(m, 0, sizeof(*m));
}

int measure_extend(struct measurement *m, const uint8_t hash[CRYPTO_HASH_BYTES])
{
	uint8_t both[2 * CRYPTO_HASH_BYTES];

	memcpy(both, m->value, CRYPTO_HASH_BYTES);
	memcpy(both + CRYPTO_HASH_BYTES, hash, CRYPTO_HASH_BYTES);
	return crypto_sha256(both, sizeof(both), m->value);
}
