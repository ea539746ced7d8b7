/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a boot loader would do at last: everything is in RAM already, put there by QEMU.  The kernel
 * expects in r1 the machine number, of which there is none, and in r2 the device tree
 * (Documentation/arch/arm/booting.rst).  ZIMAGE and TREE are addresses in RAM.
 */
	.arch	armv7-a
	.arm
	.globl	_start
_start:
	mov	r0, #0
	mvn	r1, #0
	ldr	r2, =TREE
	ldr	pc, =ZIMAGE
	.ltorg
