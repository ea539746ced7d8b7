/* SPDX-License-Identifier: GPL-2.0-only */
/* Keyed hashes, and forgetting of secrets. */
#ifndef MONITOR_CRYPTO_MAC_H
#define MONITOR_CRYPTO_MAC_H

#include <stddef.h>
#include <stdint.h>

#include "monitor/crypto/verify.h"

/* HMAC-SHA256 (RFC 2104, FIPS 198-1).  Returns 0 or E_MONITOR_CRYPTO. */
int crypto_hmac_sha256(const uint8_t *key, size_t key_bytes, const void *data, size_t bytes,
		       uint8_t mac[CRYPTO_HASH_BYTES]);

/* Overwrites with zeros, which the compiler does not leave out. */
void crypto_forget(void *secret, size_t bytes);

#endif
