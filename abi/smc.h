/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The SMC interface between Linux (normal world) and the Security Monitor (secure world).
 *
 * The calls follow the Arm SMC Calling Convention (Arm DEN 0028, version 1.2): the function
 * identifier is in r0, arguments in r1 to r4, results in r0 to r3; r4 to r14 and all VFP
 * registers are preserved.  Every call is a 32-bit fast call of the OEM service range (owner 3).
 * PSCI 1.0 (Arm DEN 0022) and the SMCCC architecture calls are answered beside these.
 *
 * r0 of the result is an SPH_SMC_E_* status, 0 or negative, except for SPH_SMC_VERSION.
 * A call that fails returns 0 in r1 to r3 and changes nothing, except that after SPH_SMC_E_IO the
 * sector or the range that was named may hold anything.  The prose is in smc.md.
 *
 * The kernel, the monitor and assembly include this file: it holds only object-like macros.
 */
#ifndef SPHERULE_ABI_SMC_H
#define SPHERULE_ABI_SMC_H

/* A change that an old caller survives raises MINOR, any other raises MAJOR. */
#define SPH_SMC_ABI_MAJOR		1
#define SPH_SMC_ABI_MINOR		0

/* DEN 0028, 2.1: bit 31 fast call, bit 30 clear for 32-bit, bits 29:24 owner (3 = OEM). */
#define SPH_SMC_BASE			0x83000000

/* -> r0: MAJOR << 16 | MINOR.  Never fails; SPH_SMC_E_UNKNOWN means that there is no monitor. */
#define SPH_SMC_VERSION			(SPH_SMC_BASE + 0x0000)

/* -> r1: active slot (0 = A, 1 = B); r2: SPH_RESET_*; r3: bytes of RAM that the monitor found. */
#define SPH_SMC_BOOT_INFO		(SPH_SMC_BASE + 0x0001)

/* -> r1: physical base address; r2: bytes of an erase sector; r3: bytes of a program unit. */
#define SPH_SMC_FLASH_GEOMETRY		(SPH_SMC_BASE + 0x0100)

/* r1: SPH_PART_* -> r1: offset from the base; r2: bytes; r3: SPH_PART_F_*. */
#define SPH_SMC_FLASH_PARTITION		(SPH_SMC_BASE + 0x0101)

/* r1: SPH_PART_*; r2: offset in the partition, a multiple of the sector.  Erases one sector. */
#define SPH_SMC_FLASH_ERASE		(SPH_SMC_BASE + 0x0102)

/*
 * r1: SPH_PART_*; r2: offset in the partition; r3: physical address of the data in RAM;
 * r4: bytes, 1 unit to SPH_SMC_PROGRAM_MAX.  r2, r3 and r4 are multiples of the program unit.
 * Programming only clears bits: data that would set one is SPH_SMC_E_IO, and nothing is written.
 * The caller cleans the data from its caches first.
 */
#define SPH_SMC_FLASH_PROGRAM		(SPH_SMC_BASE + 0x0103)
#define SPH_SMC_PROGRAM_MAX		4096

/* Status, as a signed 32-bit number.  -1 is what SMCCC prescribes for an unknown function. */
#define SPH_SMC_OK			0
#define SPH_SMC_E_UNKNOWN		(-1)	/* no such function */
#define SPH_SMC_E_INVALID		(-2)	/* argument out of range or misaligned */
#define SPH_SMC_E_DENIED		(-3)	/* the partition is not writable for this world */
#define SPH_SMC_E_ADDRESS		(-4)	/* the buffer is not wholly in normal-world RAM */
#define SPH_SMC_E_IO			(-5)	/* the flash reported a failure, or it did not verify */

/* Partitions that the normal world can name.  The map itself belongs to the board. */
#define SPH_PART_SYSTEM			0	/* active slot: root filesystem, then system apps */
#define SPH_PART_APPS			1	/* OEM app images */
#define SPH_PART_STORAGE		2	/* writable storage of the apps */
#define SPH_PART_COUNT			3

#define SPH_PART_F_WRITABLE		(1 << 0)	/* erase and program are allowed */

#define SPH_SLOT_A			0
#define SPH_SLOT_B			1
#define SPH_SLOT_COUNT			2

#define SPH_RESET_POWER_ON		0	/* power was applied, or nobody left a reason */
#define SPH_RESET_REQUESTED		1	/* PSCI SYSTEM_RESET */
#define SPH_RESET_FAULT			2	/* the monitor itself failed and restarted the device */

#endif
