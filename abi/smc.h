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
 * A call that fails returns 0 in r1 to r3 and changes nothing, with two exceptions: after
 * SPH_SMC_E_IO the sector or the range that was named may hold anything, and SPH_SMC_E_REFUSED has
 * the reason, a number of errors.h, in r1.  SPH_SMC_E_AGAIN means that the call has done a part of
 * its work and is to be made again with the same arguments.
 *
 * A record is a structure of monitor_records.h, or bytes, at a physical address that is a multiple
 * of 4, wholly in normal-world RAM.  Its size is fixed by the call.  The prose is in smc.md.
 *
 * The kernel, the monitor and assembly include this file: it holds only object-like macros.
 */
#ifndef SPHERULE_ABI_SMC_H
#define SPHERULE_ABI_SMC_H

/* A change that an old caller survives raises MINOR, any other raises MAJOR. */
#define SPH_SMC_ABI_MAJOR		1
#define SPH_SMC_ABI_MINOR		2

/* DEN 0028, 2.1: bit 31 fast call, bit 30 clear for 32-bit, bits 29:24 owner (3 = OEM). */
#define SPH_SMC_BASE			0x83000000

/* -> r0: MAJOR << 16 | MINOR.  Never fails; SPH_SMC_E_UNKNOWN means that there is no monitor. */
#define SPH_SMC_VERSION			(SPH_SMC_BASE + 0x0000)

/* -> r1: active slot (0 = A, 1 = B); r2: SPH_RESET_*; r3: bytes of RAM that the monitor found. */
#define SPH_SMC_BOOT_INFO		(SPH_SMC_BASE + 0x0001)

/* The running slot works: it is the one to start from now on, and its security version the lowest. */
#define SPH_SMC_BOOT_OK			(SPH_SMC_BASE + 0x0002)

/* r1: record out, struct sph_telemetry. */
#define SPH_SMC_TELEMETRY		(SPH_SMC_BASE + 0x0003)

/*
 * r1: ms, SPH_WATCHDOG_MIN_MS to SPH_WATCHDOG_MAX_MS.  The device is reset unless this call comes
 * again within that time.  There is no call that stops it.
 */
#define SPH_SMC_WATCHDOG		(SPH_SMC_BASE + 0x0004)
#define SPH_WATCHDOG_MIN_MS		100
#define SPH_WATCHDOG_MAX_MS		60000

/* This start has lasted: it is not one of those that ended early (sph_telemetry.early_ends). */
#define SPH_SMC_BOOT_SETTLED		(SPH_SMC_BASE + 0x0005)

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

/*
 * r1: SPH_IMAGE_*; r2: bytes of all that will be written -> r1: handle, never 0.
 * An OS goes to the slot that is not running, an app image to erased room for it.
 */
#define SPH_SMC_IMAGE_BEGIN		(SPH_SMC_BASE + 0x0200)
#define SPH_IMAGE_APP			1	/* an image package of image.h */
#define SPH_IMAGE_OS			2	/* a slot from its start to the end of its last image */

/* r1: handle; r2: offset, what was written so far; r3: physical address; r4: bytes, as FLASH_PROGRAM. */
#define SPH_SMC_IMAGE_WRITE		(SPH_SMC_BASE + 0x0201)

/*
 * r1: handle.  All is written: verifies it.  AGAIN; REFUSED: what is wrong; the handle is gone then.
 * -> r1: of an app, its offset in SPH_PART_APPS.
 */
#define SPH_SMC_IMAGE_FINISH		(SPH_SMC_BASE + 0x0202)

/* r1: handle, or 0 for all.  Forgets what was written. */
#define SPH_SMC_IMAGE_ABORT		(SPH_SMC_BASE + 0x0203)

/* All that was finished becomes installed, in one step.  REFUSED: nothing was. */
#define SPH_SMC_IMAGE_INSTALL		(SPH_SMC_BASE + 0x0204)

/* r1 to r4: the component id, its bytes as four little-endian words.  In one step. */
#define SPH_SMC_IMAGE_REMOVE		(SPH_SMC_BASE + 0x0205)

/* r1: number of an installed image, from 0; r2: record out, struct sph_image_info. */
#define SPH_SMC_IMAGE_INFO		(SPH_SMC_BASE + 0x0206)

/* -> r1: installed images; r2: bytes of free flash; r3: the largest image that there is room for. */
#define SPH_SMC_IMAGE_SPACE		(SPH_SMC_BASE + 0x0207)

/* r1: offset in SPH_PART_APPS.  The installed image there is as it was signed.  AGAIN, REFUSED. */
#define SPH_SMC_IMAGE_VERIFY		(SPH_SMC_BASE + 0x0208)

/* r1: offset in SPH_PART_APPS.  The image there will be mounted: its flash is not given to another one. */
#define SPH_SMC_IMAGE_HOLD		(SPH_SMC_BASE + 0x0209)

/* r1: offset in SPH_PART_APPS.  It was unmounted, or not mounted after all: once for each HOLD. */
#define SPH_SMC_IMAGE_RELEASE		(SPH_SMC_BASE + 0x020a)

/* -> r1: version of the trust store; r2: its number of keys. */
#define SPH_SMC_TRUST_INFO		(SPH_SMC_BASE + 0x0300)

/* r1: record in, a trust store of trust_store.h with its signature.  REFUSED. */
#define SPH_SMC_TRUST_UPDATE		(SPH_SMC_BASE + 0x0301)

/* r1: record out, struct sph_device_info. */
#define SPH_SMC_DEVICE_INFO		(SPH_SMC_BASE + 0x0310)

/* Blank -> manufacturing.  Every other change of stage takes an order. */
#define SPH_SMC_DEVICE_MANUFACTURE	(SPH_SMC_BASE + 0x0311)

/* r1: record in, a device order of device_order.h with its signature.  REFUSED. */
#define SPH_SMC_DEVICE_ORDER		(SPH_SMC_BASE + 0x0312)

#define SPH_STAGE_BLANK			0	/* as it comes from the assembly line */
#define SPH_STAGE_MANUFACTURING		1	/* being tested and programmed */
#define SPH_STAGE_SECURED		2	/* has an owner; development keys are refused */

#define SPH_DEVICE_CAP_DEVELOPMENT	(1 << 0)	/* apps signed with development keys */
#define SPH_DEVICE_CAP_DEBUG		(1 << 1)	/* apps of debug keys; debuggers */
#define SPH_DEVICE_CAP_ALL		(SPH_DEVICE_CAP_DEVELOPMENT | SPH_DEVICE_CAP_DEBUG)

/* r1: record in and out, struct sph_key_request. */
#define SPH_SMC_KEY_DERIVE		(SPH_SMC_BASE + 0x0400)
#define SPH_KEY_STORAGE			1	/* encryption of the component's storage */
#define SPH_KEY_APP			2	/* for the app itself */

/* r1: record in and out, struct sph_attestation.  The monitor fills in all but the nonce. */
#define SPH_SMC_ATTEST			(SPH_SMC_BASE + 0x0401)

/* Status, as a signed 32-bit number.  -1 is what SMCCC prescribes for an unknown function. */
#define SPH_SMC_OK			0
#define SPH_SMC_E_UNKNOWN		(-1)	/* no such function */
#define SPH_SMC_E_INVALID		(-2)	/* argument out of range or misaligned */
#define SPH_SMC_E_DENIED		(-3)	/* the partition is not writable for this world */
#define SPH_SMC_E_ADDRESS		(-4)	/* the buffer is not wholly in normal-world RAM */
#define SPH_SMC_E_IO			(-5)	/* the flash reported a failure, or it did not verify */
#define SPH_SMC_E_AGAIN			(-6)	/* not done yet: make the same call again */
#define SPH_SMC_E_REFUSED		(-7)	/* r1: why, a number of errors.h */
#define SPH_SMC_E_BUSY			(-8)	/* another operation has to end first */
#define SPH_SMC_E_NO_SPACE		(-9)	/* no room of that size, no free entry */
#define SPH_SMC_E_ABSENT		(-10)	/* there is no such image, handle or key */
#define SPH_SMC_E_LAST			(-10)	/* the lowest status that is defined */

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
#define SPH_RESET_WATCHDOG		3	/* Linux did not answer in time */
#define SPH_RESET_RECOVERED		4	/* the recovery loader has written an OS */
#define SPH_RESET_COUNT			5

#endif
