/* SPDX-License-Identifier: GPL-2.0-only */
/* Executed in place where slot A has its kernel; results in RAM survive a reset. */
#include "flash_map.h"

ENTRY(_start)

SECTIONS
{
	. = KERNEL_XIP_PHYS_ADDR;
	.text : { *(.start) *(.text .text.*) *(.rodata .rodata.*) }

	. = RAM_BASE + 0x100000;
	.kept (NOLOAD) : { *(.kept) }
	.bss (NOLOAD) : ALIGN(4096) { *(.bss .bss.*) . = ALIGN(8); . += 8192; __stack_top = .; }

	.data : { *(.data .data.*) }
	ASSERT(SIZEOF(.data) == 0, "nobody copies .data")
	/DISCARD/ : { *(.ARM.exidx* .ARM.extab* .note* .comment .eh_frame*) }
}
