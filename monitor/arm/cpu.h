/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the monitor's logic asks of the processor.  The host tests replace this header.
 */
#ifndef MONITOR_ARM_CPU_H
#define MONITOR_ARM_CPU_H

#include <stdint.h>

/* Sleeps until an interrupt is pending, masked or not. */
static inline void cpu_wait_for_interrupt(void)
{
	__asm__ volatile("dsb\n\twfi" ::: "memory");
}

/* Completes all accesses before the next instruction is fetched. */
static inline void cpu_barrier(void)
{
	__asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* The low half of the generic timer's count; differences are right for 68 s at 62.5 MHz. */
static inline uint32_t cpu_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(low), "=r"(high));
	return low;
}

#endif
