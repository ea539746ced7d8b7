// SPDX-License-Identifier: GPL-2.0-only
/* CRC-32, bit by bit: 64 bytes a boot are not worth a table of 1 KiB. */
#include "crc32.h"

#define POLYNOMIAL_REFLECTED	0xedb88320

uint32_t crc32(const void *data, size_t bytes)
{
	const uint8_t *byte = data;
	uint32_t crc = ~0u;

	while (bytes--) {
		crc ^= *byte++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL_REFLECTED : 0);
	}
	return ~crc;
}
