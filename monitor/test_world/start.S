/* SPDX-License-Identifier: GPL-2.0-only */
/* Entry, vectors, and what of the tests has to be assembly. */
	.syntax unified
	.arch	armv7ve
	.arch_extension sec
	.fpu	neon-vfpv4
	.arm

	.section .start, "ax"
	.global	_start
_start:
	mov	r4, r0			/* what the monitor gave: checked in main() */
	mov	r5, r1
	mov	r6, r2
	mrs	r7, cpsr
	ldr	sp, =__stack_top
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0	/* VBAR */
	mov	r0, #0xf << 20
	mcr	p15, 0, r0, c1, c0, 2	/* CPACR: VFP and NEON */
	isb
	mov	r0, #1 << 30
	vmsr	fpexc, r0
	mov	r0, r4
	mov	r1, r5
	mov	r2, r6
	mov	r3, r7
	ldr	pc, =main
	.ltorg

	.text
	.balign	32
vectors:
	b	.
	b	unexpected
	b	unexpected
	b	unexpected
	b	data_abort
	b	.
	b	unexpected
	b	unexpected

unexpected:
	ldr	sp, =__stack_top
	ldr	pc, =report_unexpected

/* int guarded_read(uint32_t address, uint32_t *value): -1 when the read aborts */
	.global	guarded_read
	.type	guarded_read, %function
guarded_read:
guarded_load:
	ldr	r2, [r0]
	str	r2, [r1]
	mov	r0, #0
	bx	lr
guarded_failed:
	mvn	r0, #0
	bx	lr

/* r3 is free in guarded_read(), and abort mode has no stack here. */
data_abort:
	sub	lr, lr, #8
	ldr	r3, =guarded_load
	cmp	lr, r3
	bne	unexpected
	ldr	lr, =guarded_failed
	movs	pc, lr

/* void smc_call(uint32_t regs[5]): r0 to r4 in, r0 to r3 out */
	.global	smc_call
	.type	smc_call, %function
smc_call:
	push	{r4, r5, r6, lr}
	mov	r5, r0
	ldm	r5, {r0-r4}
	smc	#0
	stm	r5, {r0-r3}
	pop	{r4, r5, r6, pc}

/*
 * int smc_preserves(uint32_t id): 0 when r4 to r14, the flags and d0 to d31 are the same after it
 */
	.global	smc_preserves
	.type	smc_preserves, %function
smc_preserves:
	push	{r4-r12, lr}
	vpush	{d8-d15}
	ldr	r1, =pattern
	vldmia	r1!, {d0-d15}
	vldmia	r1!, {d16-d31}
	ldm	r1, {r4-r12}
	mov	lr, sp
	mov	r1, #0
	mov	r2, #0
	mov	r3, #0
	msr	cpsr_f, #0xa0000000	/* N and C */
	smc	#0
	mov	r0, #1			/* differs, until shown otherwise */
	mrs	r1, cpsr
	lsr	r1, r1, #28
	cmp	r1, #0xa
	bne	1f
	cmp	lr, sp
	bne	1f
	sub	sp, sp, #(32 * 8 + 9 * 4 + 4)
	mov	r1, sp
	vstmia	r1!, {d0-d15}
	vstmia	r1!, {d16-d31}
	stm	r1, {r4-r12}
	mov	r1, sp
	ldr	r2, =pattern
	mov	r3, #(32 * 2 + 9)
2:	ldr	r4, [r1], #4
	ldr	r5, [r2], #4
	cmp	r4, r5
	bne	3f
	subs	r3, r3, #1
	bne	2b
	mov	r0, #0
3:	add	sp, sp, #(32 * 8 + 9 * 4 + 4)
1:	vpop	{d8-d15}
	pop	{r4-r12, pc}
	.ltorg

	.section .rodata
	.balign	8
pattern:
	.set	i, 1
	.rept	32 * 2 + 9
	.word	0x01010101 * i
	.set	i, i + 1
	.endr
