// SPDX-License-Identifier: GPL-2.0-only
/* Hashes and signatures with mbed TLS. */
#include "monitor/crypto/verify.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/sha256.h>

#include "abi/errors.h"
#include "io.h"

#define SCALAR_BYTES		(CRYPTO_SIGNATURE_BYTES / 2)
#define CHUNK_BYTES		1024u

int crypto_sha256(const void *data, size_t bytes, uint8_t hash[CRYPTO_HASH_BYTES])
{
	return mbedtls_sha256_ret(data, bytes, hash, 0) ? E_MONITOR_CRYPTO : 0;
}

/* By way of a buffer: flash is read in words, SHA-256 reads bytes. */
static int update_from_flash(mbedtls_sha256_context *sha, uint32_t address, uint32_t bytes)
{
	static uint32_t chunk[CHUNK_BYTES / sizeof(uint32_t)];

	while (bytes) {
		const uint32_t n = bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES;

		io_copy_in(chunk, address, (n + 3) & ~3u);
		if (mbedtls_sha256_update_ret(sha, (const uint8_t *)chunk, n))
			return E_MONITOR_CRYPTO;
		address += n;
		bytes -= n;
	}
	return 0;
}

int crypto_sha256_flash(uint32_t address, uint32_t bytes, uint8_t hash[CRYPTO_HASH_BYTES])
{
	mbedtls_sha256_context sha;
	int result = E_MONITOR_CRYPTO;

	mbedtls_sha256_init(&sha);
	if (!mbedtls_sha256_starts_ret(&sha, 0) && !update_from_flash(&sha, address, bytes) &&
	    !mbedtls_sha256_finish_ret(&sha, hash))
		result = 0;
	mbedtls_sha256_free(&sha);
	return result;
}

int crypto_ecdsa_p256_verify(const uint8_t point[CRYPTO_POINT_BYTES],
			     const uint8_t hash[CRYPTO_HASH_BYTES],
			     const uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point key;
	mbedtls_mpi r, s;
	int result = E_MONITOR_CRYPTO;
	int verified;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&key);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	if (mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) ||
	    mbedtls_ecp_point_read_binary(&group, &key, point, CRYPTO_POINT_BYTES) ||
	    mbedtls_ecp_check_pubkey(&group, &key) ||
	    mbedtls_mpi_read_binary(&r, signature, SCALAR_BYTES) ||
	    mbedtls_mpi_read_binary(&s, signature + SCALAR_BYTES, SCALAR_BYTES))
		goto out;
	verified = mbedtls_ecdsa_verify(&group, hash, CRYPTO_HASH_BYTES, &key, &r, &s);
	if (!verified)
		result = 0;
	else if (verified == MBEDTLS_ERR_ECP_VERIFY_FAILED)
		result = E_MONITOR_SIGNATURE;
out:
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&key);
	mbedtls_ecp_group_free(&group);
	return result;
}
