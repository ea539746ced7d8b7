/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time since power-on, from the counter of the ARM generic timer.
 *
 * The kernel's clocks begin when the kernel does; this one runs from reset, monitor included.
 * Linux lets user mode read it (CNTKCTL.PL0VCTEN, Arm DDI 0406C, B8.1).
 */
#ifndef APPMAN_COUNTER_H
#define APPMAN_COUNTER_H

#include <stdint.h>

static inline uint64_t counter_since_power_on_us(void)
{
	uint32_t low, high, frequency_hz;
	uint64_t ticks;

	__asm__ volatile("mrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high));	/* CNTVCT */
	__asm__ volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(frequency_hz));	/* CNTFRQ */
	ticks = (uint64_t)high << 32 | low;
	return ticks * 1000 / (frequency_hz / 1000);
}

#endif
