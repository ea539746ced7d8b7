/* SPDX-License-Identifier: Apache-2.0 */
/* The clock that counts instructions: QEMU moves it by 1 ns for each of them (-icount). */
#ifndef PEERS_TICKS_H
#define PEERS_TICKS_H

#include <stdint.h>

#define NS_PER_TICK	16		/* QEMU's generic timer: 62.5 MHz */

/* Arm DDI 0406C, B8.1: the virtual counter. */
static inline uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("isb; mrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high));
	return (uint64_t)high << 32 | low;
}

#endif
