// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile normal world: sequences of calls with arguments from the fuzzer.
 *
 * Must hold after each call: the status is one that is defined, flash outside the storage
 * partition is as it was, the flash is readable.  machine.c ends the program at any access
 * outside flash and normal-world RAM.
 *
 * A call is 9 bytes: what to call, then for each argument a kind and a value that is added to it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/smc.h"
#include "machine.h"
#include "monitor/device/device.h"
#include "monitor/device/trng.h"
#include "monitor/flash_service.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_store.h"
#include "monitor/images/slots.h"
#include "monitor/normal_ram.h"
#include "monitor/psci.h"
#include "monitor/smc.h"
#include "monitor/trust/trust.h"

#define CALL_BYTES		9
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const uint32_t ids[] = {
	SPH_SMC_FLASH_PROGRAM, SPH_SMC_FLASH_ERASE, SPH_SMC_FLASH_PARTITION,
	SPH_SMC_FLASH_GEOMETRY, SPH_SMC_BOOT_INFO, SPH_SMC_VERSION, PSCI_VERSION,
	PSCI_CPU_SUSPEND, PSCI_CPU_OFF, PSCI_CPU_ON, PSCI_AFFINITY_INFO, PSCI_MIGRATE_INFO_TYPE,
	PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET, PSCI_FEATURES, 0x80000000, 0x80000001,
	SPH_SMC_TRUST_INFO, SPH_SMC_TRUST_UPDATE, 0, SPH_SMC_DEVICE_INFO,
	SPH_SMC_DEVICE_MANUFACTURE, SPH_SMC_DEVICE_ORDER, SPH_SMC_KEY_DERIVE, SPH_SMC_ATTEST,
	TRNG_VERSION, TRNG_FEATURES, TRNG_RND,
};

/* Values beside which mistakes live. */
static const uint32_t bases[] = {
	0, SPH_PART_STORAGE, MACHINE_SECTOR, MACHINE_STORAGE_BYTES, MACHINE_RAM_BASE,
	MACHINE_RAM_BASE + MACHINE_RAM_BYTES, MACHINE_FLASH_BASE, SPH_SMC_PROGRAM_MAX,
	0x0e000000, 0x80000000, 0xfffffff0, 0u - MACHINE_SECTOR, 0u - MACHINE_STORAGE,
};

static void check(const struct machine *before, const uint32_t regs[5])
{
	const size_t behind = MACHINE_STORAGE + MACHINE_STORAGE_BYTES;

	if ((int32_t)regs[0] < SPH_SMC_E_LAST || !machine.flash_in_array_mode)
		abort();
	if ((int32_t)regs[0] == SPH_SMC_E_REFUSED ? !regs[1] || regs[2] | regs[3] :
	    (int32_t)regs[0] < 0 && (regs[1] | regs[2] | regs[3]))
		abort();
	if (memcmp(machine.flash, before->flash, MACHINE_STORAGE) ||
	    memcmp(machine.flash + behind, before->flash + behind,
		   MACHINE_FLASH_BYTES - behind))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const struct boot_info info = { .slot = SPH_SLOT_A,
					       .ram_bytes = MACHINE_RAM_BYTES };
	static const struct device_facts facts = { &info, "fuzz", false };
	static struct cfi_flash flash;
	static struct machine before;

	machine_init();
	if (cfi_probe(&flash, MACHINE_FLASH_BASE))
		abort();
	normal_ram_init(info.ram_bytes);
	trust_init(&info);
	device_init(&facts);
	flash_service_init(&flash, &info);
	slots_init(&info);
	image_list_init(&flash);
	image_store_init(&flash, &info);
	smc_init(&info);
	for (uint32_t i = 0; i < MACHINE_FLASH_BYTES; i += 97)
		machine.flash[i] = (uint8_t)i;
	before = machine;

	for (; bytes >= CALL_BYTES; data += CALL_BYTES, bytes -= CALL_BYTES) {
		uint32_t regs[5] = { ids[data[0] % ARRAY_SIZE(ids)] };

		for (int i = 1; i <= 4; i++)
			regs[i] = bases[data[2 * i - 1] % ARRAY_SIZE(bases)] +
				  (uint32_t)(int32_t)(int8_t)data[2 * i];
		if (data[0] & 0x80 && regs[0] == 0)
			memcpy(regs, data + 1, sizeof(regs[0]));
		if (!machine_smc(regs))
			continue; /* power off or reset: a defined end, and the next call a new boot */
		check(&before, regs);
	}
	return 0;
}
