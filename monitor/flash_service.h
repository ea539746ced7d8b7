/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flash calls of abi/smc.h: who may write what.
 *
 * The default is refusal: a write must name a partition that is writable, lie wholly in it, and
 * take its data wholly from normal-world RAM.  cfi.c does the writing and checks nothing.
 */
#ifndef MONITOR_FLASH_SERVICE_H
#define MONITOR_FLASH_SERVICE_H

#include <stdint.h>

#include "boot.h"
#include "cfi.h"
#include "smc.h"

/* Before the first call; both live as long as the monitor. */
void flash_service_init(const struct cfi_flash *flash,
			const struct boot_info *boot);

int32_t flash_service_geometry(const struct smc_args *args,
			       struct smc_results *results);
int32_t flash_service_partition(const struct smc_args *args,
				struct smc_results *results);
int32_t flash_service_erase(const struct smc_args *args,
			    struct smc_results *results);
int32_t flash_service_program(const struct smc_args *args,
			      struct smc_results *results);

/*
 * For those who have decided that this part of the flash may be written: erases each sector that
 * begins in it, then programs.  @offset in the flash, a multiple of the unit; @buffer and @bytes as
 * of the program call.  The range is the caller's to check; the bytes and the buffer are not.
 * SPH_SMC_OK, SPH_SMC_E_INVALID, SPH_SMC_E_ADDRESS or SPH_SMC_E_IO; only after the last one
 * anything has changed.
 */
int32_t flash_service_append(uint32_t offset, uint32_t buffer, uint32_t bytes);

#endif
