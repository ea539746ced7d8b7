// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts on signatures, remembered: for tests that start the same device thousands of times.
 *
 * Linked with --wrap of both functions.  What was asked before, to the bit, is answered from here; all
 * else is computed by the monitor.  A verdict is a pure function of what is asked.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "abi/errors.h"
#include "monitor/crypto/verify.h"

#define QUESTIONS_MAX		64u

int __wrap_crypto_ecdsa_p256_compare(const uint8_t *point, const uint8_t *hash,
				     const uint8_t *signature, uint32_t *difference);
int __real_crypto_ecdsa_p256_compare(const uint8_t *point, const uint8_t *hash,
				     const uint8_t *signature, uint32_t *difference);
int __wrap_crypto_ecdsa_p256_verify(const uint8_t *point, const uint8_t *hash,
				    const uint8_t *signature);

struct question {
	uint8_t point[CRYPTO_POINT_BYTES], hash[CRYPTO_HASH_BYTES], signature[CRYPTO_SIGNATURE_BYTES];
};

static struct {
	struct question question;
	bool is_used;
	int verdict;
	uint32_t difference;
} memo[QUESTIONS_MAX];

/* The oldest is forgotten. */
static uint32_t next;

static uint32_t look(const struct question *question)
{
	uint32_t i = 0;

	while (i < QUESTIONS_MAX && !(memo[i].is_used && !memcmp(&memo[i].question, question,
								   sizeof(*question))))
		i++;
	return i;
}

int __wrap_crypto_ecdsa_p256_compare(const uint8_t *point, const uint8_t *hash,
				     const uint8_t *signature, uint32_t *difference)
{
	struct question question;
	uint32_t i;

	memcpy(question.point, point, sizeof(question.point));
	memcpy(question.hash, hash, sizeof(question.hash));
	memcpy(question.signature, signature, sizeof(question.signature));
	i = look(&question);
	if (i == QUESTIONS_MAX) {
		i = next++ % QUESTIONS_MAX;
		memo[i].question = question;
		memo[i].is_used = true;
		memo[i].verdict = __real_crypto_ecdsa_p256_compare(point, hash, signature,
								   &memo[i].difference);
	}
	*difference = memo[i].difference;
	return memo[i].verdict;
}

/* As verify.c has it. */
int __wrap_crypto_ecdsa_p256_verify(const uint8_t *point, const uint8_t *hash, const uint8_t *signature)
{
	uint32_t difference;
	const int error = __wrap_crypto_ecdsa_p256_compare(point, hash, signature, &difference);

	if (error)
		return error;
	return difference ? E_MONITOR_SIGNATURE : 0;
}
