// SPDX-License-Identifier: GPL-2.0-only
/* All interrupts are the normal world's but one: that of the watchdog. */
#include "gicv2.h"

#include <stdint.h>

#include "io.h"
#include "plat.h"

/* IHI 0048B, 4.3.1, 4.3.2, 4.3.4, 4.3.5, 4.3.11, 4.4.1, 4.4.2. */
#define GICD_CTLR		0x000
#define GICD_CTLR_GROUP0	(1 << 0)
#define GICD_TYPER		0x004
#define GICD_TYPER_LINES	0x1f	/* 32 * (n + 1) interrupts */
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_IPRIORITYR		0x400
#define GICC_CTLR		0x000
#define GICC_CTLR_GROUP0	(1 << 0)
#define GICC_CTLR_FIQEN		(1 << 3)	/* group 0 is signalled as FIQ */
#define GICC_PMR		0x004

/* Of the secure physical timer (IHI 0048B has no number; the platforms of Arm agree on it). */
#define WATCHDOG_PPI		29

void gicv2_give_to_normal_world(void)
{
	const uint32_t words =
		(io_read32(plat.gicd_base + GICD_TYPER) & GICD_TYPER_LINES) + 1;
	uint32_t priority;

	for (uint32_t i = 0; i < words; i++)
		io_write32(plat.gicd_base + GICD_IGROUPR + i * 4,
			   i ? ~0u : ~(1u << WATCHDOG_PPI));
	/*
	 * The normal world can only move the mask within the lower half of the priorities, and only
	 * if the secure world has opened it that far (4.4.2).
	 */
	io_write32(plat.gicc_base + GICC_PMR, 0xff);

	/* Group 0 is the secure world's: writes of the normal world to it are ignored (4.1.3). */
	priority = io_read32(plat.gicd_base + GICD_IPRIORITYR + WATCHDOG_PPI / 4 * 4);
	io_write32(plat.gicd_base + GICD_IPRIORITYR + WATCHDOG_PPI / 4 * 4,
		   priority & ~(0xffu << WATCHDOG_PPI % 4 * 8));
	io_write32(plat.gicd_base + GICD_ISENABLER, 1u << WATCHDOG_PPI);
	io_write32(plat.gicc_base + GICC_CTLR, GICC_CTLR_GROUP0 | GICC_CTLR_FIQEN);
	io_write32(plat.gicd_base + GICD_CTLR, GICD_CTLR_GROUP0);
}
