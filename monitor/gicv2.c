// SPDX-License-Identifier: GPL-2.0-only
/* The monitor takes no interrupts: all of them are the normal world's. */
#include "gicv2.h"

#include <stdint.h>

#include "io.h"
#include "plat.h"

/* IHI 0048B, 4.3.2, 4.3.4, 4.4.2. */
#define GICD_TYPER		0x004
#define GICD_TYPER_LINES	0x1f	/* 32 * (n + 1) interrupts */
#define GICD_IGROUPR		0x080
#define GICC_PMR		0x004

void gicv2_give_to_normal_world(void)
{
	const uint32_t words =
		(io_read32(plat.gicd_base + GICD_TYPER) & GICD_TYPER_LINES) + 1;

	for (uint32_t i = 0; i < words; i++)
		io_write32(plat.gicd_base + GICD_IGROUPR + i * 4, ~0u);
	/*
	 * The normal world can only move the mask within the lower half of the priorities, and only
	 * if the secure world has opened it that far (4.4.2).
	 */
	io_write32(plat.gicc_base + GICC_PMR, 0xff);
}
