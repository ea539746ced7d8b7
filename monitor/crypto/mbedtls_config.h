/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the monitor takes of mbed TLS 2.28: SHA-256, HMAC and HMAC_DRBG with it, and ECDSA of P-256.
 *
 * No input and output, no time, no source of entropy of its own.  Signatures and key pairs are blinded
 * with the generator of random.c; what is verified is public and needs no blinding.
 */
#ifndef MONITOR_CRYPTO_MBEDTLS_CONFIG_H
#define MONITOR_CRYPTO_MBEDTLS_CONFIG_H

#define MBEDTLS_HAVE_ASM		/* multiplication, bn_mul.h: umaal on ARMv7 */
#define MBEDTLS_NO_UDBL_DIVISION	/* no 64-bit division of libgcc */
#define MBEDTLS_DEPRECATED_REMOVED

#define MBEDTLS_SHA256_C
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_NO_INTERNAL_RNG	/* who uses a private scalar passes one */
#define MBEDTLS_ECP_FIXED_POINT_OPTIM	0	/* a table that one signature does not pay back */
#define MBEDTLS_ECP_WINDOW_SIZE		4
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECDSA_DETERMINISTIC	/* RFC 6979 */
#define MBEDTLS_MD_C
#define MBEDTLS_HMAC_DRBG_C

/* Memory comes from the arena of heap.c and from nowhere else. */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PLATFORM_EXIT_MACRO	crypto_heap_is_damaged
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_MEMORY_ALIGN_MULTIPLE	8

void crypto_heap_is_damaged(int status);

#endif
