// SPDX-License-Identifier: GPL-2.0-only
/* The order of the boot. */
#include <stdint.h>
#include <stdnoreturn.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "boot.h"
#include "cfi.h"
#include "cpu.h"
#include "fault.h"
#include "flash_service.h"
#include "gicv2.h"
#include "log.h"
#include "plat.h"
#include "ram.h"
#include "smc.h"
#include "world.h"

noreturn void main(uint32_t ticks_at_reset);

static struct cfi_flash flash;
static struct boot_info info;

static const char *const slot_names[SPH_SLOT_COUNT] = {
	[SPH_SLOT_A] = "A",
	[SPH_SLOT_B] = "B",
};

static const char *const reset_names[] = {
	[SPH_RESET_POWER_ON] = "power on",
	[SPH_RESET_REQUESTED] = "reset that Linux asked for",
	[SPH_RESET_FAULT] = "reset after a fault of the monitor",
};

/* Nothing that a restart would mend: off, so that a battery lasts and a test ends. */
static noreturn void stop(void)
{
	log_info("cannot start, power off");
	plat_power_off();
}

static void find_ram(void)
{
	info.ram_bytes = ram_detect();
	if (!info.ram_bytes) {
		log_error(E_MONITOR_RAM, "less than %u KiB of RAM at 0x%08x",
			  plat.ram_sizes_kib[plat.ram_size_count - 1],
			  plat.ram_base);
		stop();
	}
	log_info("RAM %u KiB at 0x%08x", info.ram_bytes / 1024, plat.ram_base);
}

static void find_flash(void)
{
	int error = cfi_probe(&flash, plat.flash_base);

	if (error == E_MONITOR_FLASH_ABSENT) {
		log_error(E_MONITOR_FLASH_ABSENT, "no flash at 0x%08x",
			  plat.flash_base);
		stop();
	}
	if (error || flash.bytes != plat.flash_bytes ||
	    flash.sector_bytes != plat.flash_sector_bytes) {
		log_error(E_MONITOR_FLASH_GEOMETRY,
			  "flash at 0x%08x is not %u KiB with sectors of %u KiB",
			  plat.flash_base, plat.flash_bytes / 1024,
			  plat.flash_sector_bytes / 1024);
		stop();
	}
	log_info("flash %u KiB at 0x%08x, sectors of %u KiB",
		 flash.bytes / 1024, flash.base, flash.sector_bytes / 1024);
}

static void choose_slot(void)
{
	const struct boot_choice choice = boot_read_choice();

	info.slot = choice.slot;
	if (choice.sequence)
		log_info("slot %s, boot record %u", slot_names[info.slot],
			 choice.sequence);
	else
		log_error(E_MONITOR_BOOT_RECORD,
			  "no valid boot record, starting slot %s",
			  slot_names[info.slot]);
}

static void find_linux(uint32_t *kernel, uint32_t *dtb)
{
	if (boot_find_dtb(info.slot, info.ram_bytes, dtb)) {
		log_error(E_MONITOR_DTB,
			  "slot %s has no device tree for %u KiB of RAM",
			  slot_names[info.slot], info.ram_bytes / 1024);
		stop();
	}
	if (boot_find_kernel(info.slot, kernel)) {
		log_error(E_MONITOR_KERNEL, "slot %s has no kernel",
			  slot_names[info.slot]);
		stop();
	}
	log_info("device tree at 0x%08x", *dtb);
}

noreturn void main(uint32_t ticks_at_reset)
{
	uint32_t kernel = 0, dtb = 0;

	plat_init();
	log_info("Spherule Security Monitor %s, board %s", MONITOR_VERSION,
		 plat.name);
	info.reset_reason = plat_take_reset_reason();
	fault_set_final(info.reset_reason == SPH_RESET_FAULT);
	log_info("started by %s", reset_names[info.reset_reason]);
	find_ram();
	find_flash();
	choose_slot();
	find_linux(&kernel, &dtb);

	flash_service_init(&flash, &info);
	smc_init(&info);
	gicv2_give_to_normal_world();
	world_init();
	log_info("starting Linux at 0x%08x, %u ticks after reset", kernel,
		 cpu_ticks() - ticks_at_reset);
	fault_set_final(false);
	world_enter(kernel, dtb);
}
