// SPDX-License-Identifier: GPL-2.0-only
/* Gives the normal world random numbers. */
#include "monitor/device/trng.h"

#include "monitor/crypto/mac.h"
#include "monitor/crypto/random.h"

#define VERSION_1_0		0x00010000

int32_t trng_version(const struct smc_args *args, struct smc_results *results)
{
	(void)args;
	(void)results;
	return VERSION_1_0;
}

int32_t trng_features(const struct smc_args *args, struct smc_results *results)
{
	(void)results;
	return args->r1 >= TRNG_VERSION && args->r1 <= TRNG_RND ? TRNG_SUCCESS : TRNG_NOT_SUPPORTED;
}

/*
 * Of this implementation, chosen at random: 1b5f7a4c-8e03-4d62-9b41-d2c07e5a90f6.  Its first word is
 * not negative, because that would be a status.
 */
int32_t trng_get_uuid(const struct smc_args *args, struct smc_results *results)
{
	(void)args;
	results->r1 = 0x624d038e;
	results->r2 = 0xc0d2419b;
	results->r3 = 0xf6905a7e;
	return 0x4c7a5f1b;
}

/* The lowest @bits of a word. */
static uint32_t mask(uint32_t bits)
{
	return bits >= 32 ? UINT32_MAX : (1u << bits) - 1;
}

/* DEN 0098, 2.6: bits 31:0 are in r3, 63:32 in r2, 95:64 in r1; what was not asked for is 0. */
int32_t trng_rnd(const struct smc_args *args, struct smc_results *results)
{
	const uint32_t bits = args->r1;
	uint32_t words[3];

	if (bits == 0 || bits > TRNG_BITS_MAX)
		return TRNG_INVALID_PARAMETERS;
	if (crypto_random(words, sizeof(words)))
		return TRNG_NO_ENTROPY;
	results->r3 = words[0] & mask(bits);
	results->r2 = words[1] & mask(bits > 32 ? bits - 32 : 0);
	results->r1 = words[2] & mask(bits > 64 ? bits - 64 : 0);
	crypto_forget(words, sizeof(words));
	return TRNG_SUCCESS;
}
