// SPDX-License-Identifier: GPL-2.0-only
/* Random numbers with mbed TLS. */
#include "monitor/crypto/random.h"

#include <assert.h>
#include <mbedtls/hmac_drbg.h>
#include <string.h>

#include "abi/errors.h"

static_assert(CRYPTO_RANDOM_MAX == MBEDTLS_HMAC_DRBG_MAX_REQUEST, "as much as the library gives");

static mbedtls_hmac_drbg_context generator;
static bool is_seeded;

int crypto_random_seed(const void *material, size_t bytes)
{
	crypto_random_stop();
	mbedtls_hmac_drbg_init(&generator);
	is_seeded = !mbedtls_hmac_drbg_seed_buf(
		&generator, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), material, bytes);
	if (!is_seeded)
		mbedtls_hmac_drbg_free(&generator);
	return is_seeded ? 0 : E_MONITOR_CRYPTO;
}

void crypto_random_stop(void)
{
	if (is_seeded)
		mbedtls_hmac_drbg_free(&generator);
	is_seeded = false;
}

bool crypto_random_is_seeded(void)
{
	return is_seeded;
}

int crypto_random(void *random, size_t bytes)
{
	if (is_seeded && !mbedtls_hmac_drbg_random(&generator, random, bytes))
		return 0;
	memset(random, 0, bytes);
	return E_MONITOR_CRYPTO;
}
