/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Where everything is in flash 1 of the board "qemu-virt".
 *
 * The only place that says so: the monitor, the device tree, the kernel's configuration and the
 * image assembler take their numbers from here.  Offsets count from the start of flash 1.  The
 * file holds only object-like macros, because C, the device-tree preprocessor and make read it.
 *
 * QEMU's "virt" machine (hw/arm/virt.c): two banks of 64 MiB, each two 16-bit chips side by side,
 * erase sectors of 256 KiB, programmed word by word.  Bank 0 is visible to the secure world only.
 */
#ifndef BOARD_FLASH_MAP_H
#define BOARD_FLASH_MAP_H

#define BOARD_NAME		"qemu-virt"

#define FLASH_BASE		0x04000000
#define FLASH_BYTES		0x04000000
#define FLASH_SECTOR_BYTES	0x00040000
#define FLASH_PROGRAM_BYTES	0x00000004

/* Two copies of the boot record, a sector each (abi/boot.h). */
#define FLASH_BOOT		0x00000000

/* Behind them the trust store of the factory (abi/trust_store.h). */
#define FLASH_TRUST		0x00080000

/*
 * Slots A and B hold one version of the OS each.  One kernel build runs from either, because the
 * two begin at the same offset modulo 1 MiB (the virtual address of a kernel that is executed in
 * place keeps the low 20 bits of the physical one).
 */
#define FLASH_SLOT_A		0x00100000
#define FLASH_SLOT_B		0x00900000
#define FLASH_SLOT_BYTES	0x00800000

/*
 * Inside a slot: device trees, one for each size of RAM; in the same sector the boot manifest
 * (abi/boot_manifest.h); kernel; root filesystem, system apps.
 */
#define SLOT_DTB		0x00000000
#define SLOT_DTB_BYTES		0x0003f000
#define SLOT_DTB_STRIDE		0x00004000
#define SLOT_MANIFEST		0x0003f000
#define SLOT_MANIFEST_BYTES	0x00001000
#define SLOT_KERNEL		0x00040000
#define SLOT_KERNEL_BYTES	0x00200000
#define SLOT_SYSTEM		0x00240000
#define SLOT_SYSTEM_BYTES	0x005c0000

#define FLASH_APPS		0x01100000
#define FLASH_APPS_BYTES	0x01000000

#define FLASH_STORAGE		0x02100000
#define FLASH_STORAGE_BYTES	0x00400000

/* From 0x02500000 on nothing is used. */

/*
 * Flash 0, which only the secure world sees.  At its start the monitor's program; behind it what the
 * monitor remembers (monitor/state/), in sectors that wear alike.
 */
#define SECURE_FLASH_BASE	0x00000000
#define SECURE_FLASH_BYTES	0x04000000
#define SECURE_STATE		0x00040000
#define SECURE_STATE_SECTORS	0x4

/* What the linker of the kernel needs: the physical address in slot A. */
#define KERNEL_XIP_PHYS_ADDR	0x04140000

/* RAM, and the sizes that a device tree is made for, the largest first. */
#define RAM_BASE		0x40000000
#define RAM_SIZES_KIB		4096, 2048

#endif
