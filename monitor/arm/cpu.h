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

/*
 * The secure physical timer (DDI 0406C.d, B8.1.5 and B8.2): its registers are CNTP_* while SCR.NS is
 * 0.  The whole compare value, because the timer's own downcounter has 31 bits.
 */
static inline void cpu_secure_timer_start(uint64_t ticks)
{
	uint32_t low, high;
	uint64_t at;

	__asm__ volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(low), "=r"(high));
	at = ((uint64_t)high << 32 | low) + ticks;
	__asm__ volatile("mcrr p15, 2, %0, %1, c14" ::"r"((uint32_t)at), "r"((uint32_t)(at >> 32)));
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 1\n\tisb" ::"r"(1) : "memory"); /* ENABLE */
}

/* ISTATUS and ENABLE, and not IMASK. */
static inline int cpu_secure_timer_has_fired(void)
{
	uint32_t control;

	__asm__ volatile("isb\n\tmrc p15, 0, %0, c14, c2, 1" : "=r"(control));
	return (control & 7) == 5;
}

#endif
