/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Key pairs and signatures of P-256.  The generator of random.h has to be seeded: it blinds the
 * computation with the private half, whose duration and current then say nothing of it.
 */
#ifndef MONITOR_CRYPTO_SIGN_H
#define MONITOR_CRYPTO_SIGN_H

#include <stdint.h>

#include "monitor/crypto/verify.h"

#define CRYPTO_SCALAR_BYTES	32

/* A new key pair; @private_key is big-endian.  Returns 0 or E_MONITOR_CRYPTO. */
int crypto_p256_make(uint8_t private_key[CRYPTO_SCALAR_BYTES], uint8_t point[CRYPTO_POINT_BYTES]);

/* 0 when @point is one of the curve that can be a public key, else E_MONITOR_CRYPTO. */
int crypto_p256_check_point(const uint8_t point[CRYPTO_POINT_BYTES]);

/* Deterministic (RFC 6979).  Returns 0 or E_MONITOR_CRYPTO; @signature is of no use then. */
int crypto_ecdsa_p256_sign(const uint8_t private_key[CRYPTO_SCALAR_BYTES],
			   const uint8_t hash[CRYPTO_HASH_BYTES],
			   uint8_t signature[CRYPTO_SIGNATURE_BYTES]);

#endif
