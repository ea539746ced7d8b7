// SPDX-License-Identifier: GPL-2.0-only
/* Keys and signatures with mbed TLS. */
#include "monitor/crypto/sign.h"

#include <mbedtls/ecdsa.h>

#include "abi/errors.h"
#include "monitor/crypto/random.h"

/* mbedtls_mpi_free() and mbedtls_ecp_*_free() clear what they free. */

static int give_random(void *context, unsigned char *bytes, size_t count)
{
	(void)context;
	return crypto_random(bytes, count) ? MBEDTLS_ERR_ECP_RANDOM_FAILED : 0;
}

int crypto_p256_make(uint8_t private_key[CRYPTO_SCALAR_BYTES], uint8_t point[CRYPTO_POINT_BYTES])
{
	mbedtls_ecp_keypair pair;
	int result = E_MONITOR_CRYPTO;
	size_t length = 0;

	mbedtls_ecp_keypair_init(&pair);
	if (!mbedtls_ecp_group_load(&pair.grp, MBEDTLS_ECP_DP_SECP256R1) &&
	    !mbedtls_ecp_gen_keypair(&pair.grp, &pair.d, &pair.Q, give_random, NULL) &&
	    !mbedtls_mpi_write_binary(&pair.d, private_key, CRYPTO_SCALAR_BYTES) &&
	    !mbedtls_ecp_point_write_binary(&pair.grp, &pair.Q, MBEDTLS_ECP_PF_UNCOMPRESSED, &length,
					    point, CRYPTO_POINT_BYTES) &&
	    length == CRYPTO_POINT_BYTES)
		result = 0;
	mbedtls_ecp_keypair_free(&pair);
	return result;
}

int crypto_p256_check_point(const uint8_t point[CRYPTO_POINT_BYTES])
{
	mbedtls_ecp_keypair pair;
	int result = E_MONITOR_CRYPTO;

	mbedtls_ecp_keypair_init(&pair);
	if (!mbedtls_ecp_group_load(&pair.grp, MBEDTLS_ECP_DP_SECP256R1) &&
	    !mbedtls_ecp_point_read_binary(&pair.grp, &pair.Q, point, CRYPTO_POINT_BYTES) &&
	    !mbedtls_ecp_check_pubkey(&pair.grp, &pair.Q))
		result = 0;
	mbedtls_ecp_keypair_free(&pair);
	return result;
}

int crypto_ecdsa_p256_sign(const uint8_t private_key[CRYPTO_SCALAR_BYTES],
			   const uint8_t hash[CRYPTO_HASH_BYTES],
			   uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
	mbedtls_ecp_group group;
	mbedtls_mpi d, r, s;
	int result = E_MONITOR_CRYPTO;

	mbedtls_ecp_group_init(&group);
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	if (!mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) &&
	    !mbedtls_mpi_read_binary(&d, private_key, CRYPTO_SCALAR_BYTES) &&
	    !mbedtls_ecdsa_sign_det_ext(&group, &r, &s, &d, hash, CRYPTO_HASH_BYTES,
					MBEDTLS_MD_SHA256, give_random, NULL) &&
	    !mbedtls_mpi_write_binary(&r, signature, CRYPTO_SCALAR_BYTES) &&
	    !mbedtls_mpi_write_binary(&s, signature + CRYPTO_SCALAR_BYTES, CRYPTO_SCALAR_BYTES))
		result = 0;
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&d);
	mbedtls_ecp_group_free(&group);
	return result;
}
