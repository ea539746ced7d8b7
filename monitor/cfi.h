/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NOR flash with the Intel/Sharp extended command set, two x16 chips side by side on a 32-bit bus.
 *
 * Sources: JEDEC JESD68.01 (Common Flash Interface), JEDEC JEP137 (command set 0001h), Intel
 * P30 data sheet (status bits, longest times).  Each function leaves the flash in array mode,
 * also when it fails.  The caller checks bounds; see flash_service.c.
 */
#ifndef MONITOR_CFI_H
#define MONITOR_CFI_H

#include <stdint.h>

/* Both chips together. */
struct cfi_flash {
	uint32_t base;			/* physical address */
	uint32_t bytes;
	uint32_t sector_bytes;		/* erase sector */
	uint32_t buffer_bytes;		/* write buffer: the most that one command programs */
};

#define CFI_UNIT_BYTES		4	/* the least that is programmed */

/*
 * Asks the flash at `base` what it is.  0; E_MONITOR_FLASH_ABSENT: no such flash there;
 * E_MONITOR_FLASH_GEOMETRY: a kind that this driver cannot handle.
 */
int cfi_probe(struct cfi_flash *flash, uint32_t base);

/* Erases the sector at `offset`.  SPH_SMC_OK or SPH_SMC_E_IO. */
int32_t cfi_erase(const struct cfi_flash *flash, uint32_t offset);

/*
 * Programs and reads back; `offset` and `bytes` are multiples of CFI_UNIT_BYTES.  Data that would
 * turn a 0 of the flash into a 1 is refused before anything is written.
 * SPH_SMC_OK or SPH_SMC_E_IO.
 */
int32_t cfi_program(const struct cfi_flash *flash, uint32_t offset,
		    const uint32_t *data, uint32_t bytes);

#endif
