// SPDX-License-Identifier: GPL-2.0-only
/* Checks a pointer of the normal world, then copies. */
#include "normal_ram.h"

#include "abi/smc.h"
#include "io.h"
#include "plat.h"

static uint32_t ram_bytes;

void normal_ram_init(uint32_t bytes)
{
	ram_bytes = bytes;
}

/* No sum that could wrap. */
static int32_t check(uint32_t address, uint32_t bytes)
{
	if (address % sizeof(uint32_t) || bytes % sizeof(uint32_t))
		return SPH_SMC_E_INVALID;
	if (address < plat.ram_base || bytes > ram_bytes ||
	    address - plat.ram_base > ram_bytes - bytes)
		return SPH_SMC_E_ADDRESS;
	return SPH_SMC_OK;
}

int32_t normal_ram_read(uint32_t address, void *to, uint32_t bytes)
{
	const int32_t status = check(address, bytes);

	if (!status)
		io_copy_in(to, address, bytes);
	return status;
}

int32_t normal_ram_write(uint32_t address, const void *from, uint32_t bytes)
{
	const uint32_t *words = from;
	const int32_t status = check(address, bytes);

	for (uint32_t i = 0; !status && i < bytes / sizeof(*words); i++)
		io_write32(address + i * sizeof(*words), words[i]);
	return status;
}
