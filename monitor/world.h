/* SPDX-License-Identifier: GPL-2.0-only */
/* The normal world: its first state, and the way into it. */
#ifndef MONITOR_WORLD_H
#define MONITOR_WORLD_H

#include <stdint.h>
#include <stdnoreturn.h>

/* Opens to the normal world what it may use; before world_enter(). */
void world_init(void);

/*
 * vectors.S: leaves the monitor for `entry` as Linux wants it (Documentation/arch/arm/booting.rst):
 * supervisor mode, MMU and caches off, interrupts masked, r0 = 0, r1 = ~0, r2 = device tree.
 */
noreturn void world_enter(uint32_t entry, uint32_t dtb);

#endif
