/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the monitor asks of a board.
 *
 * A port is boards/<name>/plat.c, which defines `plat` and the functions below, and
 * boards/<name>/monitor_memory.ld, which says where the monitor's memory is.  No other file
 * knows an address.  All addresses are physical; all offsets count from the flash's base.
 */
#ifndef MONITOR_PLAT_H
#define MONITOR_PLAT_H

#include <stdint.h>
#include <stdnoreturn.h>

#include "abi/boot.h"
#include "abi/smc.h"

struct plat_partition {
	uint32_t offset;		/* a multiple of the erase sector */
	uint32_t bytes;			/* likewise, and not 0 */
	uint32_t flags;			/* SPH_PART_F_* */
};

struct plat_slot {
	uint32_t offset;		/* of all of it */
	uint32_t manifest_offset;	/* boot manifest */
	uint32_t dtb_offset;		/* device trees, one each dtb_stride_bytes */
	uint32_t kernel_offset;		/* first instruction of Linux */
	struct plat_partition part[SPH_PART_COUNT]; /* what Linux sees when this slot runs */
};

struct plat {
	const char *name;

	uint32_t flash_base;		/* visible to both worlds */
	uint32_t flash_bytes;
	uint32_t flash_sector_bytes;
	uint32_t boot_record_offset[BOOT_RECORD_COPIES];
	uint32_t trust_offset;		/* the factory's trust store, abi/trust_store.h */
	struct plat_slot slot[SPH_SLOT_COUNT];
	uint32_t slot_bytes;
	uint32_t dtb_stride_bytes;

	uint32_t secure_flash_base;	/* visible to the secure world only */
	uint32_t secure_flash_bytes;
	uint32_t secure_flash_sector_bytes;
	uint32_t state_offset;		/* in it: the sectors of state/store.h, at least two */
	uint32_t state_sectors;

	uint32_t ram_base;		/* normal-world RAM, where Linux expects it */
	const uint32_t *ram_sizes_kib;	/* sizes with a device tree, largest first, powers of two */
	uint32_t ram_size_count;

	uint32_t gicd_base;		/* GICv2 distributor and CPU interface */
	uint32_t gicc_base;
	uint32_t timer_hz;		/* rate of the generic timer */
};

extern const struct plat plat;

/* Called first: makes the console work. */
void plat_init(void);

/* One character to the secure console.  Never blocks for ever. */
void plat_console_putc(char c);

/* One byte from it, 0 to 255, or -1 when none came within @timeout_ms, at most 60,000. */
int plat_console_getc(uint32_t timeout_ms);

/*
 * Why the last reset happened, SPH_RESET_*; SPH_RESET_POWER_ON when nothing was left behind.
 * The answer is consumed: call it once a boot.
 */
uint32_t plat_take_reset_reason(void);

/*
 * Bytes of the board's source of random numbers, as they come; returns how many, to @max, 0 when there
 * are none.  Once a boot, after the RAM was found and before anything is written to it.  What it gave
 * is nowhere left.
 */
uint32_t plat_take_entropy(uint8_t *bytes, uint32_t max);

/* Restarts the whole device; `reason` is what the next boot's plat_take_reset_reason() finds. */
noreturn void plat_reset(uint32_t reason);

noreturn void plat_power_off(void);

#endif
