// SPDX-License-Identifier: GPL-2.0-only
/* The CRC of IEEE 802.3, half a byte at a time: a table of all bytes would be larger than the rest. */
#include "crc32.h"

#define POLYNOMIAL		0xedb88320	/* reflected */

/* What the lowest 4 bits become in 4 steps. */
static uint32_t four_steps(uint32_t bits)
{
	for (int i = 0; i < 4; i++)
		bits = bits & 1 ? bits >> 1 ^ POLYNOMIAL : bits >> 1;
	return bits;
}

uint32_t crc32(const void *data, size_t bytes)
{
	const uint8_t *p = data;
	uint32_t table[16];
	uint32_t crc = ~0u;

	for (uint32_t i = 0; i < 16; i++)
		table[i] = four_steps(i);
	for (size_t i = 0; i < bytes; i++) {
		crc ^= p[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}
