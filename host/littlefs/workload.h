/* SPDX-License-Identifier: GPL-2.0-only */
/* The work that filesystems are compared by, and what it costs: bytes that the flash moves. */
#ifndef HOST_LITTLEFS_WORKLOAD_H
#define HOST_LITTLEFS_WORKLOAD_H

#include <stdint.h>

/* What is measured; bytes for each byte of the file, or for each operation. */
enum cost {
	COST_WRITE_READ,
	COST_WRITE_PROGRAMMED,
	COST_WRITE_ERASED,
	COST_READ_READ,
	COST_RANDOM_READ,
	COST_OVERWRITE_READ,
	COST_OVERWRITE_PROGRAMMED,
	COST_OVERWRITE_ERASED,
	COST_APPEND_READ,
	COST_APPEND_PROGRAMMED,
	COST_APPEND_ERASED,
	COST_CREATE_READ,
	COST_CREATE_PROGRAMMED,
	COST_CREATE_ERASES,
	COST_STAT_READ,
	COST_READDIR_READ,
	COST_MOUNT_READ,
	COST_FIRST_WRITE_READ,
	COST_REMOVE_READ,
	COST_REMOVE_PROGRAMMED,
	COST_COMPACT_READ,	/* the largest single change: see workload_run() */
	COSTS,
};

/*
 * @metadata_max: as of struct lfs_config
 * @appends: how many pieces of 64 bytes are appended
 */
struct workload_flash {
	uint32_t block_bytes, block_count, program_bytes, metadata_max, appends;
};

/*
 * Does all of the work, each part on an empty flash or on one with 1,000 files, and fills
 * @costs[COSTS].  Ends the program with a message when something fails.
 */
void workload_run(const struct workload_flash *flash, double *costs);

#endif
