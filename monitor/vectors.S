/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways in and out of the secure world: calls, faults, the start of the normal world, probes.
 *
 * Arm DDI 0406C.d: B1.8 exceptions, B1.5 security extensions.
 */
#include "fault.h"

	.syntax unified
	.arch	armv7ve
	.arch_extension sec
	.arm

#define MODE_MONITOR	0x16
#define PSR_SVC_MASKED	0x193		/* supervisor mode, A and I masked, ARM, little-endian */

/*
 * AW: the normal world owns its mask of asynchronous aborts, as Linux needs.  FIQ without FW: FIQ
 * goes to monitor mode, and the normal world cannot mask it.
 */
#define SCR_SECURE	0x24
#define SCR_NORMAL	0x25		/* NS */

	.macro	write_scr value, scratch
	mov	\scratch, #\value
	mcr	p15, 0, \scratch, c1, c1, 0
	isb
	.endm

/* ---- Vector tables ------------------------------------------------------- */

	.section .vectors, "ax"
	.balign	32
	.global	monitor_vectors
monitor_vectors:
	b	.
	b	fault_undefined
	b	smc_entry
	b	fault_prefetch_abort
	b	fault_data_abort
	b	.
	b	fault_irq
	b	fiq_entry

	.balign	32
	.global	secure_vectors
secure_vectors:
	b	.
	b	fault_undefined
	b	fault_supervisor_call
	b	fault_prefetch_abort
	b	data_abort_entry
	b	.
	b	fault_irq
	b	fault_fiq

/* ---- Calls of the normal world ------------------------------------------- */

	.text
/*
 * Monitor mode has its own sp, lr and SPSR; r13 and r14 of the caller are banked away and stay as
 * they are.  C preserves r4 to r11 and is built without VFP; what is left to save is r12.
 * The stack begins empty each time.  struct smc_frame describes it.
 */
smc_entry:
	srsdb	sp!, #MODE_MONITOR
	push	{r0-r4, r12}
	write_scr SCR_SECURE, r12
	mov	r0, sp
	bl	smc_dispatch
	ldr	r0, =__stack_guard
	ldr	r0, [r0]
	ldr	r1, =STACK_GUARD
	cmp	r0, r1
	bne	fault_stack
	clrex				/* the caller's LDREX must not pair with ours or an older one */
	write_scr SCR_NORMAL, r12
	pop	{r0-r4, r12}
	rfeia	sp!

/*
 * The watchdog, from the normal world only: F is masked here.  lr is the address of the next
 * instruction plus 4.  Returns, with all registers as they were, when nothing is due.
 */
fiq_entry:
	sub	lr, lr, #4
	srsdb	sp!, #MODE_MONITOR
	push	{r0-r4, r12}
	write_scr SCR_SECURE, r12
	bl	watchdog_interrupt
	clrex
	write_scr SCR_NORMAL, r12
	pop	{r0-r4, r12}
	rfeia	sp!

/* noreturn void world_enter(uint32_t entry, uint32_t dtb) */
	.global	world_enter
	.type	world_enter, %function
world_enter:
	ldr	sp, =__stack_top
	mov	lr, r0
	mov	r2, r1
	write_scr SCR_NORMAL, r3
	ldr	r3, =PSR_SVC_MASKED
	msr	spsr_cxsf, r3
	mov	r0, #0
	mvn	r1, #0
	mov	r3, #0			/* nothing of ours stays in the registers */
	mov	r4, #0
	mov	r5, #0
	mov	r6, #0
	mov	r7, #0
	mov	r8, #0
	mov	r9, #0
	mov	r10, #0
	mov	r11, #0
	mov	r12, #0
	movs	pc, lr

/* ---- Probes -------------------------------------------------------------- */

/* int probe_read32(uint32_t address, uint32_t *value) */
	.global	probe_read32
	.type	probe_read32, %function
probe_read32:
probe_load:
	ldr	r2, [r0]
	dsb
	str	r2, [r1]
	mov	r0, #0
	bx	lr

/* int probe_write32(uint32_t address, uint32_t value) */
	.global	probe_write32
	.type	probe_write32, %function
probe_write32:
probe_store:
	str	r1, [r0]
	dsb
	mov	r0, #0
	bx	lr

probe_failed:
	mvn	r0, #0
	bx	lr

/* ---- Faults -------------------------------------------------------------- */

/* lr is the address of the instruction plus 8.  A probe returns to its caller with -1. */
data_abort_entry:
	ldr	sp, =__fault_stack_top
	push	{r0, r1}
	sub	r0, lr, #8
	ldr	r1, =probe_load
	cmp	r0, r1
	ldrne	r1, =probe_store
	cmpne	r0, r1
	pop	{r0, r1}
	bne	fault_data_abort
	ldr	lr, =probe_failed
	movs	pc, lr

/*
 * The mode that we fault into shares its stack pointer with the normal world, so it is set here;
 * nothing returns from here.  struct fault_frame describes what is pushed.
 */
	.macro	fault name, kind
\name:
	ldr	sp, =__fault_stack_top
	sub	sp, sp, #8
	push	{r0-r12}
	mov	r0, #\kind
	b	fault_common
	.endm

	fault	fault_undefined, FAULT_UNDEFINED
	fault	fault_supervisor_call, FAULT_SUPERVISOR_CALL
	fault	fault_prefetch_abort, FAULT_PREFETCH_ABORT
	fault	fault_data_abort, FAULT_DATA_ABORT
	fault	fault_irq, FAULT_IRQ
	fault	fault_fiq, FAULT_FIQ
	fault	fault_stack, FAULT_STACK

fault_common:
	str	lr, [sp, #13 * 4]
	mrs	r1, spsr
	str	r1, [sp, #14 * 4]
	push	{r0}
	mov	r0, sp
	bl	fault_report
	.ltorg
