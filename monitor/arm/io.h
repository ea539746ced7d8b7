/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only ways in which the monitor's logic touches a physical address.
 *
 * The MMU is off, so each access goes to the bus as it is written and must be aligned.  The host
 * tests put another header of this name first on the include path.
 */
#ifndef MONITOR_ARM_IO_H
#define MONITOR_ARM_IO_H

#include <stdint.h>

static inline uint32_t io_read32(uint32_t address)
{
	return *(const volatile uint32_t *)address;
}

static inline void io_write32(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

/* Reads each word of the source exactly once: the source may be the normal world's. */
static inline void io_copy_in(uint32_t *to, uint32_t address, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes / sizeof(*to); i++)
		to[i] = io_read32(address + i * sizeof(*to));
}

#endif
