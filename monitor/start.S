/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From reset to main().
 *
 * This stub is all that ever runs from flash 0; the rest is copied to secure SRAM first, so that
 * no flash command can take the monitor's own instructions away.  The processor is in secure
 * supervisor mode with MMU and caches off.  From here on everything runs in monitor mode.
 */
	.syntax unified
	.arch	armv7ve
	.arm

#define MODE_MONITOR	0x16

	.section .reset, "ax"
	.global	_start
_start:
	b	reset
	.rept	7			/* an exception before the vectors are set: stay here */
	b	.
	.endr

reset:
	cpsid	aif, #MODE_MONITOR
	isb
	mrc	p15, 0, r0, c0, c0, 5	/* MPIDR: there is one stack, and one state */
	ubfx	r0, r0, #0, #24
	cmp	r0, #0
	bne	park
	mrrc	p15, 0, r8, r9, c14	/* the time at reset, for the log */

	ldr	r0, =__image_start	/* the image, a multiple of 16 bytes */
	ldr	r1, =__image_load
	ldr	r2, =__image_end
1:	ldmia	r1!, {r3-r6}
	stmia	r0!, {r3-r6}
	cmp	r0, r2
	blo	1b

	ldr	r0, =__bss_start
	ldr	r2, =__bss_end
	mov	r3, #0
2:	cmp	r0, r2
	strlo	r3, [r0], #4
	blo	2b

	ldr	r0, =__stack_guard
	ldr	r1, =STACK_GUARD
	str	r1, [r0]
	ldr	sp, =__stack_top

	ldr	r0, =secure_vectors
	mcr	p15, 0, r0, c12, c0, 0	/* VBAR, the secure copy: SCR.NS is 0 */
	ldr	r0, =monitor_vectors
	mcr	p15, 0, r0, c12, c0, 1	/* MVBAR */
	mov	r0, #0
	mcr	p15, 0, r0, c7, c5, 0	/* ICIALLU: the copy was data until now */
	dsb
	isb

	mov	r0, r8
	ldr	pc, =main

/* Every other processor stays here: whoever runs Linux on it has to write a monitor for two. */
park:
	wfi
	b	park
	.ltorg
