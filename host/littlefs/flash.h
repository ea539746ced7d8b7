/* SPDX-License-Identifier: GPL-2.0-only */
/* Flash in memory, for tools that have an image and for tests. */
#ifndef HOST_LITTLEFS_FLASH_H
#define HOST_LITTLEFS_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device.h"

/*
 * What the operation does during which the power fails.  What a program leaves stays as it is; what
 * an erase leaves may read differently each time until the block is erased again, see
 * docs/decisions/0016.
 */
enum flash_cut {
	FLASH_CUT_CLEAN,	/* nothing */
	FLASH_CUT_TORN,		/* its begin, of any length */
	FLASH_CUT_NOISE,	/* any of its bits */
	FLASH_CUT_UNSTABLE,	/* any of its bits; of an erase, others are not stable */
	FLASH_CUT_MARGINAL,	/* all but one or two bits, or, of an erase, only those */
	FLASH_CUTS,
};

/* What a block does that fails. */
enum flash_fault {
	FLASH_FAULT_NONE,
	FLASH_FAULT_ERROR,		/* programs and erases: errors, and nothing is done */
	FLASH_FAULT_PROGRAM_ERROR,	/* half is programmed */
	FLASH_FAULT_PROGRAM_LATE,	/* an error, and all is programmed */
	FLASH_FAULT_ERASE_ERROR,
	FLASH_FAULT_READ_ERROR,
	FLASH_FAULT_PROGRAM_NOTHING,	/* from here on without an error */
	FLASH_FAULT_ERASE_NOTHING,
	FLASH_FAULT_PROGRAM_BIT,	/* one bit is not programmed */
	FLASH_FAULT_ERASE_BIT,		/* one bit stays 0 */
	FLASH_FAULTS,
};

/*
 * The bytes belong to the caller, as do the arrays.  Programming clears bits and sets none, as NOR
 * flash does; to program what is not blank, or reads differently each time, is an error (-EIO), and
 * counted.
 */
struct flash {
	struct lfs_device device;
	uint8_t *bytes;
	uint64_t bytes_read, bytes_programmed;
	uint32_t erases;
	uint32_t operations;		/* programs and erases */
	uint32_t dirty_programs;	/* of what was not blank */

	/* The power fails in the operation of this number, from 1 on; 0 for never. */
	uint32_t cut_at;
	enum flash_cut cut;
	uint32_t noise;			/* seed */
	bool is_off;			/* after that: -ENODEV for everything */

	/*
	 * As large as @bytes: the bits that an erase left half-way.  Each read sees them as 0 in
	 * @zeros_per_256 of 256 cases.  NULL where nothing is cut, or it is cut in other ways.
	 */
	uint8_t *unstable;
	uint32_t zeros_per_256;
	uint32_t read_noise;		/* seed */

	/* For each block an enum flash_fault; may be NULL. */
	const uint8_t *faults;
	uint32_t faults_end;		/* the operation after which they are gone, 0 for never */

	/* How often each block was erased, after how many times it fails; may be NULL and 0. */
	uint32_t *erase_counts;
	uint32_t erases_max;

	/* For each block, set when it was changed; may be NULL. */
	uint8_t *touched;
};

/*
 * @block_bytes and @program_bytes as of struct lfs_device; bytes behind the last whole block are
 * unused.
 */
void flash_init(struct flash *flash, void *bytes, size_t size, uint32_t block_bytes,
		uint32_t program_bytes);

#endif
