/* SPDX-License-Identifier: GPL-2.0-only */
/* Flash in memory, for tools that have an image and for tests. */
#ifndef HOST_LITTLEFS_FLASH_H
#define HOST_LITTLEFS_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device.h"

/* What the operation does during which the power fails. */
enum flash_cut {
	FLASH_CUT_CLEAN,	/* nothing */
	FLASH_CUT_TORN,		/* its first half */
	FLASH_CUT_NOISE,	/* any of its bits */
};

/*
 * The bytes belong to the caller.  Programming clears bits and sets none, as NOR flash does; to
 * program what is not blank is an error (-EIO), and counted.
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

	/* A byte for each block, not 0 for those that fail; may be NULL. */
	const uint8_t *is_bad;
};

/*
 * @block_bytes and @program_bytes as of struct lfs_device; bytes behind the last whole block are
 * unused.
 */
void flash_init(struct flash *flash, void *bytes, size_t size, uint32_t block_bytes,
		uint32_t program_bytes);

#endif
