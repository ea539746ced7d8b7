/* SPDX-License-Identifier: Apache-2.0 */
/* Writing little-endian numbers to bytes that need not be aligned; abi/bytes.h reads them. */
#ifndef SPH_LITTLE_ENDIAN_H
#define SPH_LITTLE_ENDIAN_H

#include <stdint.h>

#include "abi/bytes.h"

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

#endif
