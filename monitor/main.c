// SPDX-License-Identifier: GPL-2.0-only
/* The order of the boot. */
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "boot.h"
#include "boot_verify.h"
#include "cfi.h"
#include "cpu.h"
#include "crypto/verify.h"
#include "device/device.h"
#include "fault.h"
#include "flash_service.h"
#include "gicv2.h"
#include "log.h"
#include "normal_ram.h"
#include "plat.h"
#include "ram.h"
#include "root_key.h"
#include "smc.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_store.h"
#include "monitor/images/slots.h"
#include "monitor/recovery/recovery.h"
#include "monitor/state/state.h"
#include "monitor/telemetry/telemetry.h"
#include "monitor/trust/trust.h"
#include "watchdog.h"
#include "world.h"

noreturn void main(uint32_t ticks_at_reset);

static struct cfi_flash flash, secure_flash;
static struct boot_info info;
static struct boot_verified verified;
static struct device_facts facts = { .boot = &info, .version = MONITOR_VERSION };

static const char *const slot_names[SPH_SLOT_COUNT] = {
	[SPH_SLOT_A] = "A",
	[SPH_SLOT_B] = "B",
};

static const char *const reset_names[] = {
	[SPH_RESET_POWER_ON] = "power on",
	[SPH_RESET_REQUESTED] = "reset that Linux asked for",
	[SPH_RESET_FAULT] = "reset after a fault of the monitor",
	[SPH_RESET_WATCHDOG] = "reset by the watchdog",
	[SPH_RESET_RECOVERED] = "reset after a recovery",
};

static_assert(sizeof(reset_names) / sizeof(reset_names[0]) == SPH_RESET_COUNT,
	      "each reason has a name");

/* Nothing that a restart would mend: off, so that a battery lasts and a test ends. */
static noreturn void stop(void)
{
	log_info("cannot start, power off");
	plat_power_off();
}

/*
 * The one commit of what a start changes.  A room collects its changes in memory and puts them into
 * the draft here: other commits come before this one.
 */
static void start_commit(void)
{
	struct state *draft = state_draft();
	int error;

	telemetry_join(&draft->telemetry);
	error = state_commit();
	if (error)
		log_error((unsigned int)error, "this start could not be counted");
	telemetry_clear();
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

static void find_bank(struct cfi_flash *bank, uint32_t base, uint32_t bytes, uint32_t sector_bytes)
{
	int error = cfi_probe(bank, base);

	if (error == E_MONITOR_FLASH_ABSENT) {
		log_error(E_MONITOR_FLASH_ABSENT, "no flash at 0x%08x", base);
		stop();
	}
	if (error || bank->bytes != bytes || bank->sector_bytes != sector_bytes) {
		log_error(E_MONITOR_FLASH_GEOMETRY,
			  "flash at 0x%08x is not %u KiB with sectors of %u KiB", base,
			  bytes / 1024, sector_bytes / 1024);
		stop();
	}
}

static void find_flash(void)
{
	find_bank(&secure_flash, plat.secure_flash_base, plat.secure_flash_bytes,
		  plat.secure_flash_sector_bytes);
	find_bank(&flash, plat.flash_base, plat.flash_bytes, plat.flash_sector_bytes);
	log_info("flash %u KiB at 0x%08x, sectors of %u KiB", flash.bytes / 1024, flash.base,
		 flash.sector_bytes / 1024);
}

/* A device that has lost its memory must not start: any old OS would be good enough for it. */
static void recall(void)
{
	const int error = state_load(&secure_flash);

	if (error == E_MONITOR_STATE_BLANK) {
		log_info("the first start of this device");
		return;
	}
	if (error) {
		log_error((unsigned int)error, "what the device remembers cannot be %s",
			  error == E_MONITOR_STATE_WRITE ? "written" : "read");
		stop();
	}
}

/* Without a trust store there is no key that anything could be signed by. */
static void find_keys(void)
{
	const char *reason = NULL;
	int error;

	if (root_key.is_development)
		log_info("the root key is a published development key: anybody can sign");
	crypto_init();
	error = trust_load(&reason);
	if (error) {
		log_error((unsigned int)error, "%s", reason);
		stop();
	}
	log_info("trust store %u, %u keys", state_now()->trust.store.version,
		 state_now()->trust.store.key_count);
}

/* What the device has learnt decides; before it has learnt anything, the factory. */
static uint32_t choose_slot(void)
{
	const struct boot_choice choice = boot_read_choice();
	uint32_t slot;

	if (slots_choose(&slot)) {
		log_info("slot %s, %s", slot_names[slot],
			 slots_is_on_trial(slot) ? "on trial" : "confirmed");
		return slot;
	}
	if (choice.sequence)
		log_info("slot %s, boot record %u", slot_names[choice.slot],
			 choice.sequence);
	else
		log_error(E_MONITOR_BOOT_RECORD,
			  "no valid boot record, starting slot %s",
			  slot_names[choice.slot]);
	return choice.slot;
}

static void report_verified(void)
{
	char hex[2 * CRYPTO_HASH_BYTES + 1];
	uint32_t n = 0;

	for (uint32_t i = 0; i < CRYPTO_HASH_BYTES; i++) {
		hex[n++] = "0123456789abcdef"[verified.measurement.value[i] >> 4];
		hex[n++] = "0123456789abcdef"[verified.measurement.value[i] & 15];
	}
	hex[n] = '\0';
	log_info("slot %s is OS %s, security version %u", slot_names[info.slot],
		 verified.manifest.os_version,
		 verified.manifest.security_version);
	log_info("measurement %s", hex);
}

/* Twice, and once more as a part of the address: one skipped instruction is not enough. */
static void stop_on_doubt(void)
{
	if (boot_verify_doubt(&verified))
		stop();
	if (boot_verify_doubt(&verified))
		stop();
}

static bool verify_slot(uint32_t slot)
{
	const int error = boot_verify_slot(slot, info.ram_bytes, &verified);

	if (error) {
		log_error((unsigned int)error, "slot %s: %s", slot_names[slot],
			  verified.reason);
		telemetry_count_refused(slot, (uint32_t)error);
		return false;
	}
	info.slot = slot;
	info.measurement = verified.measurement;
	memcpy(info.os_key_id, verified.manifest.key_id, sizeof(info.os_key_id));
	info.os_security_version = verified.manifest.security_version;
	report_verified();
	return true;
}

/* One of its attempts, if it has not said yet that it works. */
static bool count_attempt(uint32_t slot)
{
	const int error = slots_count_attempt(slot);

	if (error)
		log_error((unsigned int)error, "slot %s: its attempt cannot be counted",
			  slot_names[slot]);
	return !error;
}

/* The factory's apps, once. */
static void adopt_images(void)
{
	const int error = image_list_adopt();

	if (error)
		log_error((unsigned int)error, "the apps of the factory cannot be remembered");
	log_info("%u apps are installed", image_count());
}

/* Neither slot: another OS, or nothing. */
static noreturn void recover(void)
{
	telemetry_count_recovery();
	start_commit();
	recovery_run(&flash, info.ram_bytes, &verified);
	stop();
}

/* The slot that is to be tried, else the other one, else nothing. */
static void find_linux(void)
{
	const uint32_t first = choose_slot();
	const uint32_t other = slots_other(first);
	const uint32_t begin = cpu_ticks();

	if (!verify_slot(first) || !count_attempt(first)) {
		slots_refuse(first);
		log_info("trying slot %s", slot_names[other]);
		if (!verify_slot(other))
			recover();
	}
	log_info("verified in %u ticks, device tree at 0x%08x",
		 cpu_ticks() - begin, verified.dtb);
}

noreturn void main(uint32_t ticks_at_reset)
{
	plat_init();
	log_info("Spherule Security Monitor %s, board %s", MONITOR_VERSION,
		 plat.name);
	info.reset_reason = plat_take_reset_reason();
	fault_set_final(info.reset_reason == SPH_RESET_FAULT);
	log_info("started by %s", reset_names[info.reset_reason]);
	find_ram();
	find_flash();
	recall();
	telemetry_count_start(info.reset_reason);
	find_keys();
	device_start();
	find_linux();
	start_commit();

	normal_ram_init(info.ram_bytes);
	trust_init(&info);
	facts.root_is_development = root_key.is_development;
	device_init(&facts);
	flash_service_init(&flash, &info);
	slots_init(&info);
	image_list_init(&flash);
	adopt_images();
	image_store_init(&flash, &info);
	smc_init(&info);
	gicv2_give_to_normal_world();
	world_init();
	stop_on_doubt();
	log_info("starting Linux at 0x%08x, %u ticks after reset", verified.kernel,
		 cpu_ticks() - ticks_at_reset);
	fault_set_final(false);
	/* An OS that hangs before it can say that it works has an attempt less. */
	if (slots_is_on_trial(info.slot))
		watchdog_arm(SLOT_TRIAL_MS);
	world_enter(verified.kernel + boot_verify_doubt(&verified), verified.dtb);
}
