/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses that the monitor's test program needs on "qemu-virt" (hw/arm/virt.c). */
#ifndef BOARD_TEST_WORLD_H
#define BOARD_TEST_WORLD_H

#define UART_BASE		0x09000000	/* normal PL011 */
#define GICD_BASE		0x08000000
#define GICC_BASE		0x08010000
#define TIMER_PPI		30		/* non-secure physical timer */

/* What the normal world must not reach. */
#define SECURE_FLASH_BASE	0x00000000
#define SECURE_SRAM_BASE	0x0e000000
#define SECURE_UART_BASE	0x09040000
#define SECURE_GPIO_BASE	0x090b0000

#endif
