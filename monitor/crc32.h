/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-32 of IEEE 802.3 (polynomial 0x04c11db7 reflected, start and end inverted). */
#ifndef MONITOR_CRC32_H
#define MONITOR_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32(const void *data, size_t bytes);

#endif
