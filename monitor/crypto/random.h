/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generator of random numbers: HMAC_DRBG with SHA-256 (NIST SP 800-90A, 10.1.2).
 *
 * It is seeded once a boot, because the board's source gives only once; 2^48 calls may be made of one
 * seed.  Until then, and after crypto_random_stop(), it gives nothing.
 */
#ifndef MONITOR_CRYPTO_RANDOM_H
#define MONITOR_CRYPTO_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTO_RANDOM_MAX	1024u	/* bytes at once, MBEDTLS_HMAC_DRBG_MAX_REQUEST */

/*
 * Makes a new generator.  @material: entropy and what else differs between devices and boots.
 * Returns 0 or E_MONITOR_CRYPTO; there is none then.
 */
int crypto_random_seed(const void *material, size_t bytes);
void crypto_random_stop(void);
bool crypto_random_is_seeded(void);

/* All of @bytes, to CRYPTO_RANDOM_MAX, are filled.  Returns 0, or E_MONITOR_CRYPTO and zeros. */
int crypto_random(void *random, size_t bytes);

#endif
