/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The boot record: which slot the Security Monitor starts.
 *
 * Two copies, each at the start of its own erase sector of the boot partition, so that one is
 * always whole.  The valid copy with the higher sequence number counts, the first of two equal
 * ones; with no valid copy the monitor starts slot A.  The image assembler writes it; it counts
 * until the device has confirmed a slot, which the monitor remembers elsewhere.
 * All fields are little-endian.  The prose is in boot.md.
 */
#ifndef SPHERULE_ABI_BOOT_H
#define SPHERULE_ABI_BOOT_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define BOOT_RECORD_MAGIC	0x44524253	/* "SBRD" */
#define BOOT_RECORD_VERSION	1
#define BOOT_RECORD_COPIES	2

struct boot_record {
	uint32_t magic;		/* BOOT_RECORD_MAGIC */
	uint32_t version;	/* BOOT_RECORD_VERSION */
	uint32_t sequence;	/* 1 and up */
	uint32_t active_slot;	/* SPH_SLOT_A or SPH_SLOT_B */
	uint32_t reserved[11];	/* 0 */
	uint32_t crc32;		/* IEEE 802.3 CRC-32 of all bytes before this field */
};

static_assert(sizeof(struct boot_record) == 64, "the boot record is 64 bytes in flash");
static_assert(offsetof(struct boot_record, crc32) == 60, "the checksum ends the boot record");

#endif
