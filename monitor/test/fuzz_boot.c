// SPDX-License-Identifier: GPL-2.0-only
/* Anything in the boot records and the slots' headers: a slot comes out, or a refusal. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/smc.h"
#include "machine.h"
#include "monitor/boot.h"
#include "monitor/crc32.h"

#define MIN(a, b)		((a) < (b) ? (a) : (b))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct boot_record *record = (struct boot_record *)machine.flash;
	const size_t half = MIN(bytes / 2, sizeof(*record));
	struct boot_choice choice;
	uint32_t address = 0;

	machine_init();
	memcpy(machine.flash, data, half);
	memcpy(machine.flash + MACHINE_SLOT_A, data + half, half);
	if (bytes & 1) /* past the checksum, so that the fields are reached */
		record->crc32 =
			crc32(record, offsetof(struct boot_record, crc32));
	choice = boot_read_choice();
	if (choice.slot >= SPH_SLOT_COUNT ||
	    (choice.sequence == 0 && choice.slot != SPH_SLOT_A))
		abort();
	if (boot_find_dtb(choice.slot, MACHINE_RAM_BYTES, &address) == 0 &&
	    address - MACHINE_FLASH_BASE >= MACHINE_FLASH_BYTES)
		abort();
	return 0;
}
