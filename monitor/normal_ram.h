/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only way to what a pointer of the normal world names.
 *
 * The address is physical, a multiple of 4, and all of [address, address + bytes) is RAM of the
 * normal world; else nothing is read or written.
 */
#ifndef MONITOR_NORMAL_RAM_H
#define MONITOR_NORMAL_RAM_H

#include <stdint.h>

/* Before the first call.  @ram_bytes: of the normal world, from plat.ram_base on. */
void normal_ram_init(uint32_t ram_bytes);

/*
 * Copies @bytes, a multiple of 4, each word once; @to and @from are aligned as words.
 * SPH_SMC_OK, SPH_SMC_E_INVALID (misaligned) or SPH_SMC_E_ADDRESS.
 */
int32_t normal_ram_read(uint32_t address, void *to, uint32_t bytes);
int32_t normal_ram_write(uint32_t address, const void *from, uint32_t bytes);

#endif
