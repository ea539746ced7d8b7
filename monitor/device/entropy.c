// SPDX-License-Identifier: GPL-2.0-only
/* Whether the source of random numbers has failed. */
#include "monitor/device/entropy.h"

/* 4.4.1: 1 + ceil(20 / H), for H = 4 bits in a byte and one false alarm in 2^20. */
#define REPETITIONS_MAX		5u

/* 4.4.2, of a window of 32: P(X >= 12) < 2^-20 for X of the binomial distribution (32, 2^-H). */
#define OCCURRENCES_MAX		11u

static bool repeats(const uint8_t *bytes)
{
	uint32_t run = 1;

	for (uint32_t i = 1; i < ENTROPY_BYTES; i++) {
		run = bytes[i] == bytes[i - 1] ? run + 1 : 1;
		if (run > REPETITIONS_MAX)
			return true;
	}
	return false;
}

/* Each byte in turn as the one that is counted: the window is all that there is. */
static bool has_favourite(const uint8_t *bytes)
{
	for (uint32_t i = 0; i < ENTROPY_BYTES; i++) {
		uint32_t occurrences = 0;

		for (uint32_t k = 0; k < ENTROPY_BYTES; k++)
			occurrences += bytes[k] == bytes[i];
		if (occurrences > OCCURRENCES_MAX)
			return true;
	}
	return false;
}

bool entropy_is_healthy(const uint8_t *bytes, uint32_t count)
{
	return count >= ENTROPY_BYTES && !repeats(bytes) && !has_favourite(bytes);
}
