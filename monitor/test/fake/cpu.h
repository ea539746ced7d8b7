/* SPDX-License-Identifier: GPL-2.0-only */
/* Instead of arm/cpu.h: the processor of the machine in test/machine.c. */
#ifndef MONITOR_TEST_FAKE_CPU_H
#define MONITOR_TEST_FAKE_CPU_H

#include <stdint.h>

void cpu_wait_for_interrupt(void);
void cpu_barrier(void);
uint32_t cpu_ticks(void);
void cpu_secure_timer_start(uint64_t ticks);
int cpu_secure_timer_has_fired(void);

#endif
