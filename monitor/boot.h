/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is started: the slot, its device tree, its kernel.
 *
 * Presence is checked here, and only after boot_verify.c has checked the origin.
 */
#ifndef MONITOR_BOOT_H
#define MONITOR_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/boot.h"
#include "measure.h"

/* Facts of this boot, fixed before Linux runs. */
struct boot_info {
	uint32_t slot;			/* SPH_SLOT_* */
	uint32_t reset_reason;		/* SPH_RESET_* */
	uint32_t ram_bytes;		/* of the normal world, from plat.ram_base on */
	uint8_t os_key_id[CRYPTO_HASH_BYTES];	/* what signed the boot manifest */
	uint32_t os_security_version;	/* that it has */
	struct measurement measurement;	/* of all that was verified */
};

struct boot_choice {
	uint32_t slot;			/* SPH_SLOT_* */
	uint32_t sequence;		/* of the record that decided; 0: none was valid */
};

/* True when every field has a value that this version knows and the checksum matches. */
bool boot_record_is_valid(const struct boot_record *record);

/* The valid record with the higher sequence decides; with none, slot A. */
struct boot_choice
boot_choose_slot(const struct boot_record record[BOOT_RECORD_COPIES]);

/* Reads both records from flash and chooses. */
struct boot_choice boot_read_choice(void);

/* Offset in the flash of the slot's device tree for this size of RAM; 0 or E_MONITOR_DTB. */
int boot_dtb_offset(uint32_t slot, uint32_t ram_bytes, uint32_t *offset);

/* Physical address of the slot's device tree for this size of RAM; 0 or E_MONITOR_DTB. */
int boot_find_dtb(uint32_t slot, uint32_t ram_bytes, uint32_t *address);

/* Physical address of the slot's kernel; 0 or E_MONITOR_KERNEL. */
int boot_find_kernel(uint32_t slot, uint32_t *address);

#endif
