/* SPDX-License-Identifier: GPL-2.0-only */
/* The checksum of the kernel by that of zlib, which inverts at both ends. */
#ifndef FAKE_LINUX_CRC32_H
#define FAKE_LINUX_CRC32_H

#include <zlib.h>

#include <linux/types.h>

static inline u32 crc32_le(u32 crc, const unsigned char *bytes, size_t count)
{
	return ~(u32)crc32(~crc, bytes, (unsigned int)count);
}

#endif
