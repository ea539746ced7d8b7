// SPDX-License-Identifier: GPL-2.0-only
/* Hashes and signatures with mbed TLS. */
#include "monitor/crypto/verify.h"

#include <stdbool.h>

#include <mbedtls/ecp.h>
#include <mbedtls/sha256.h>

#include "abi/errors.h"

#define SCALAR_BYTES		(CRYPTO_SIGNATURE_BYTES / 2)

int crypto_sha256(const void *data, size_t bytes, uint8_t hash[CRYPTO_HASH_BYTES])
{
	return mbedtls_sha256_ret(data, bytes, hash, 0) ? E_MONITOR_CRYPTO : 0;
}

/* What a verification computes with: public values all, which need no care but to be freed. */
struct verification {
	mbedtls_ecp_group group;
	mbedtls_ecp_point key, point;
	mbedtls_mpi r, s, e, u1, u2;
};

static void verification_init(struct verification *v)
{
	mbedtls_ecp_group_init(&v->group);
	mbedtls_ecp_point_init(&v->key);
	mbedtls_ecp_point_init(&v->point);
	mbedtls_mpi_init(&v->r);
	mbedtls_mpi_init(&v->s);
	mbedtls_mpi_init(&v->e);
	mbedtls_mpi_init(&v->u1);
	mbedtls_mpi_init(&v->u2);
}

static void verification_free(struct verification *v)
{
	mbedtls_mpi_free(&v->u2);
	mbedtls_mpi_free(&v->u1);
	mbedtls_mpi_free(&v->e);
	mbedtls_mpi_free(&v->s);
	mbedtls_mpi_free(&v->r);
	mbedtls_ecp_point_free(&v->point);
	mbedtls_ecp_point_free(&v->key);
	mbedtls_ecp_group_free(&v->group);
}

static int load(struct verification *v, const uint8_t point[CRYPTO_POINT_BYTES],
		const uint8_t hash[CRYPTO_HASH_BYTES],
		const uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
	if (mbedtls_ecp_group_load(&v->group, MBEDTLS_ECP_DP_SECP256R1) ||
	    mbedtls_ecp_point_read_binary(&v->group, &v->key, point, CRYPTO_POINT_BYTES) ||
	    mbedtls_ecp_check_pubkey(&v->group, &v->key) ||
	    mbedtls_mpi_read_binary(&v->r, signature, SCALAR_BYTES) ||
	    mbedtls_mpi_read_binary(&v->s, signature + SCALAR_BYTES, SCALAR_BYTES) ||
	    mbedtls_mpi_read_binary(&v->e, hash, CRYPTO_HASH_BYTES))
		return E_MONITOR_CRYPTO;
	return 0;
}

static bool is_in_range(const struct verification *v, const mbedtls_mpi *scalar)
{
	return mbedtls_mpi_cmp_int(scalar, 1) >= 0 && mbedtls_mpi_cmp_mpi(scalar, &v->group.N) < 0;
}

/* FIPS 186-4, 6.4, with the steps of SEC 1, 4.1.4: the point whose x has to be r, modulo n. */
static int compute_point(struct verification *v)
{
	const mbedtls_mpi *n = &v->group.N;

	if (mbedtls_mpi_inv_mod(&v->s, &v->s, n) || mbedtls_mpi_mul_mpi(&v->u1, &v->e, &v->s) ||
	    mbedtls_mpi_mod_mpi(&v->u1, &v->u1, n) || mbedtls_mpi_mul_mpi(&v->u2, &v->r, &v->s) ||
	    mbedtls_mpi_mod_mpi(&v->u2, &v->u2, n) ||
	    mbedtls_ecp_muladd(&v->group, &v->point, &v->u1, &v->group.G, &v->u2, &v->key))
		return E_MONITOR_CRYPTO;
	if (mbedtls_ecp_is_zero(&v->point))
		return E_MONITOR_SIGNATURE;
	return mbedtls_mpi_mod_mpi(&v->point.X, &v->point.X, n) ? E_MONITOR_CRYPTO : 0;
}

int crypto_ecdsa_p256_compare(const uint8_t point[CRYPTO_POINT_BYTES],
			      const uint8_t hash[CRYPTO_HASH_BYTES],
			      const uint8_t signature[CRYPTO_SIGNATURE_BYTES],
			      uint32_t *difference)
{
	uint8_t x[SCALAR_BYTES];
	struct verification v;
	int result = E_MONITOR_CRYPTO;

	*difference = CRYPTO_DIFFERENT;
	verification_init(&v);
	result = load(&v, point, hash, signature);
	if (!result && (!is_in_range(&v, &v.r) || !is_in_range(&v, &v.s)))
		result = E_MONITOR_SIGNATURE;
	if (!result)
		result = compute_point(&v);
	if (!result && mbedtls_mpi_write_binary(&v.point.X, x, sizeof(x)))
		result = E_MONITOR_CRYPTO;
	if (!result)
		*difference = crypto_compare(x, signature, sizeof(x));
	verification_free(&v);
	return result;
}

int crypto_ecdsa_p256_verify(const uint8_t point[CRYPTO_POINT_BYTES],
			     const uint8_t hash[CRYPTO_HASH_BYTES],
			     const uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
	uint32_t difference;
	const int error = crypto_ecdsa_p256_compare(point, hash, signature, &difference);

	if (error)
		return error;
	return difference ? E_MONITOR_SIGNATURE : 0;
}

uint32_t crypto_compare(const uint8_t *a, const uint8_t *b, size_t bytes)
{
	uint32_t difference = 0;

	for (size_t i = 0; i < bytes; i++)
		difference |= (uint32_t)(a[i] ^ b[i]);
	return difference;
}
