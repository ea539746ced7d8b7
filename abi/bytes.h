/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Numbers in bytes that came from outside or go there: little-endian, and they need not be aligned.
 *
 * For the parsers of abi/, which the monitor, the device's programs and the host tool contain.
 */
#ifndef SPHERULE_ABI_BYTES_H
#define SPHERULE_ABI_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint16_t get_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t get_le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void put_le16(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline void put_le32(uint8_t *p, uint32_t value)
{
	put_le16(p, value);
	put_le16(p + 2, value >> 16);
}

/* 1 when all bytes have this value; also of none. */
static inline int bytes_are(const uint8_t *bytes, size_t count, uint8_t value)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (bytes[i] != value)
			return 0;
	}
	return 1;
}

#endif
