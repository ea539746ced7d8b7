// SPDX-License-Identifier: GPL-2.0-only
/* HMAC with mbed TLS. */
#include "monitor/crypto/mac.h"

#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>

#include "abi/errors.h"

int crypto_hmac_sha256(const uint8_t *key, size_t key_bytes, const void *data, size_t bytes,
		       uint8_t mac[CRYPTO_HASH_BYTES])
{
	return mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key, key_bytes, data,
			       bytes, mac) ?
		       E_MONITOR_CRYPTO :
		       0;
}

void crypto_forget(void *secret, size_t bytes)
{
	mbedtls_platform_zeroize(secret, bytes);
}
