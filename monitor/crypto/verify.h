/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All the cryptography of the monitor.
 *
 * Nothing else of the monitor calls mbed TLS.  Errors are numbers of abi/errors.h.
 */
#ifndef MONITOR_CRYPTO_VERIFY_H
#define MONITOR_CRYPTO_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#define CRYPTO_HASH_BYTES	32
#define CRYPTO_POINT_BYTES	65	/* SEC 1, 2.3.3: 4, then x and y, big-endian */
#define CRYPTO_DIFFERENT	0xffffffffu	/* nothing was compared */
#define CRYPTO_SIGNATURE_BYTES	64	/* r, then s, big-endian */

/* Gives mbed TLS its memory.  Once, before all other calls. */
void crypto_init(void);

/* SHA-256 of bytes of the monitor's own memory.  Returns 0 or E_MONITOR_CRYPTO. */
int crypto_sha256(const void *data, size_t bytes, uint8_t hash[CRYPTO_HASH_BYTES]);

/*
 * ECDSA on P-256 (FIPS 186-4, 6.4).  Returns 0 when @signature is one of @hash by the key with the
 * public @point; E_MONITOR_SIGNATURE when it is not; E_MONITOR_CRYPTO when that could not be found
 * out: @point is not on the curve, or the arena is too small.
 */
int crypto_ecdsa_p256_verify(const uint8_t point[CRYPTO_POINT_BYTES],
			     const uint8_t hash[CRYPTO_HASH_BYTES],
			     const uint8_t signature[CRYPTO_SIGNATURE_BYTES]);

/*
 * The same for those who must not rely on a branch alone: 0 and @difference, which is 0 when the
 * signature is one and has a bit set when it is not; or an error, and @difference is not 0.
 */
int crypto_ecdsa_p256_compare(const uint8_t point[CRYPTO_POINT_BYTES],
			      const uint8_t hash[CRYPTO_HASH_BYTES],
			      const uint8_t signature[CRYPTO_SIGNATURE_BYTES],
			      uint32_t *difference);

/* 0 when all bytes are equal.  Takes the same time for all contents. */
uint32_t crypto_compare(const uint8_t *a, const uint8_t *b, size_t bytes);

#endif
