// SPDX-License-Identifier: GPL-2.0-only
/* Decides on the normal world's flash calls. */
#include "flash_service.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "abi/smc.h"
#include "normal_ram.h"
#include "plat.h"

static_assert(SPH_SMC_PROGRAM_MAX % CFI_UNIT_BYTES == 0, "the bounce buffer is whole units");

static const struct cfi_flash *flash;
static const struct boot_info *boot;

/* Data is judged and used here, where the normal world cannot change it in between. */
static uint32_t bounce[SPH_SMC_PROGRAM_MAX / sizeof(uint32_t)];

void flash_service_init(const struct cfi_flash *the_flash,
			const struct boot_info *the_boot)
{
	flash = the_flash;
	boot = the_boot;
}

/* True when [start, start + bytes) lies in [0, limit); no sum that could wrap. */
static bool range_fits(uint32_t start, uint32_t bytes, uint32_t limit)
{
	return bytes <= limit && start <= limit - bytes;
}

static const struct plat_partition *find_partition(uint32_t number)
{
	if (number >= SPH_PART_COUNT)
		return NULL;
	return &plat.slot[boot->slot].part[number];
}

/* The partition if [offset, offset + bytes) of it may be written, in steps of `unit` bytes. */
static int32_t check_write(uint32_t number, uint32_t offset, uint32_t bytes,
			   uint32_t unit, const struct plat_partition **part)
{
	const struct plat_partition *p = find_partition(number);

	if (!p)
		return SPH_SMC_E_INVALID;
	if (!(p->flags & SPH_PART_F_WRITABLE))
		return SPH_SMC_E_DENIED;
	if (bytes == 0 || bytes % unit || offset % unit ||
	    !range_fits(offset, bytes, p->bytes))
		return SPH_SMC_E_INVALID;
	*part = p;
	return SPH_SMC_OK;
}

int32_t flash_service_geometry(const struct smc_args *args,
			       struct smc_results *results)
{
	(void)args;
	results->r1 = flash->base;
	results->r2 = flash->sector_bytes;
	results->r3 = CFI_UNIT_BYTES;
	return SPH_SMC_OK;
}

int32_t flash_service_partition(const struct smc_args *args,
				struct smc_results *results)
{
	const struct plat_partition *part = find_partition(args->r1);

	if (!part)
		return SPH_SMC_E_INVALID;
	results->r1 = part->offset;
	results->r2 = part->bytes;
	results->r3 = part->flags;
	return SPH_SMC_OK;
}

int32_t flash_service_erase(const struct smc_args *args,
			    struct smc_results *results)
{
	const struct plat_partition *part = NULL;
	int32_t status = SPH_SMC_E_INVALID;

	(void)results;
	status = check_write(args->r1, args->r2, flash->sector_bytes,
			     flash->sector_bytes, &part);
	if (status)
		return status;
	return cfi_erase(flash, part->offset + args->r2);
}

int32_t flash_service_append(uint32_t offset, uint32_t buffer, uint32_t bytes)
{
	const uint32_t sector_bytes = flash->sector_bytes;
	int32_t status = SPH_SMC_E_INVALID;

	if (bytes == 0 || bytes % CFI_UNIT_BYTES || bytes > SPH_SMC_PROGRAM_MAX)
		return SPH_SMC_E_INVALID;
	status = normal_ram_read(buffer, bounce, bytes);
	for (uint32_t sector = (offset + sector_bytes - 1) / sector_bytes * sector_bytes;
	     !status && sector < offset + bytes; sector += sector_bytes)
		status = cfi_erase(flash, sector);
	return status ? status : cfi_program(flash, offset, bounce, bytes);
}

int32_t flash_service_program(const struct smc_args *args,
			      struct smc_results *results)
{
	const uint32_t offset = args->r2, buffer = args->r3, bytes = args->r4;
	const struct plat_partition *part = NULL;
	int32_t status = SPH_SMC_E_INVALID;

	(void)results;
	status = check_write(args->r1, offset, bytes, CFI_UNIT_BYTES, &part);
	if (status)
		return status;
	if (bytes > SPH_SMC_PROGRAM_MAX)
		return SPH_SMC_E_INVALID;
	status = normal_ram_read(buffer, bounce, bytes);
	if (status)
		return status;
	return cfi_program(flash, part->offset + offset, bounce, bytes);
}
