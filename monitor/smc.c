// SPDX-License-Identifier: GPL-2.0-only
/* The table of all calls that the normal world can make. */
#include "smc.h"

#include "abi/smc.h"
#include "device/device.h"
#include "device/trng.h"
#include "flash_service.h"
#include "monitor/images/image_hold.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_store.h"
#include "monitor/images/slots.h"
#include "monitor/telemetry/telemetry.h"
#include "monitor/trust/trust.h"
#include "psci.h"
#include "watchdog.h"

/* Arm DEN 0028 (SMCCC) 1.2, 7.2 and 7.3. */
#define SMCCC_VERSION		0x80000000
#define SMCCC_ARCH_FEATURES	0x80000001
#define SMCCC_VERSION_1_2	0x00010002

static const struct boot_info *boot_info;

void smc_init(const struct boot_info *boot)
{
	boot_info = boot;
}

static int32_t smccc_version(const struct smc_args *args,
			     struct smc_results *results)
{
	(void)args;
	(void)results;
	return SMCCC_VERSION_1_2;
}

/* DEN 0028, 7.3: only of the architecture's own range. */
static int32_t smccc_arch_features(const struct smc_args *args,
				   struct smc_results *results)
{
	(void)results;
	if (args->r1 == SMCCC_VERSION || args->r1 == SMCCC_ARCH_FEATURES)
		return SPH_SMC_OK;
	return SPH_SMC_E_UNKNOWN;
}

static int32_t service_version(const struct smc_args *args,
			       struct smc_results *results)
{
	(void)args;
	(void)results;
	return SPH_SMC_ABI_MAJOR << 16 | SPH_SMC_ABI_MINOR;
}

static int32_t service_boot_info(const struct smc_args *args,
				 struct smc_results *results)
{
	(void)args;
	results->r1 = boot_info->slot;
	results->r2 = boot_info->reset_reason;
	results->r3 = boot_info->ram_bytes;
	return SPH_SMC_OK;
}

/* What is not in this table does not exist. */
static const struct {
	uint32_t id;
	int32_t (*handle)(const struct smc_args *args,
			  struct smc_results *results);
} calls[] = {
	{ SMCCC_VERSION, smccc_version },
	{ SMCCC_ARCH_FEATURES, smccc_arch_features },
	{ PSCI_VERSION, psci_version },
	{ PSCI_CPU_SUSPEND, psci_cpu_suspend },
	{ PSCI_CPU_OFF, psci_cpu_off },
	{ PSCI_CPU_ON, psci_cpu_on },
	{ PSCI_AFFINITY_INFO, psci_affinity_info },
	{ PSCI_MIGRATE_INFO_TYPE, psci_migrate_info_type },
	{ PSCI_SYSTEM_OFF, psci_system_off },
	{ PSCI_SYSTEM_RESET, psci_system_reset },
	{ PSCI_FEATURES, psci_features },
	{ SPH_SMC_VERSION, service_version },
	{ SPH_SMC_BOOT_INFO, service_boot_info },
	{ SPH_SMC_TELEMETRY, telemetry_read },
	{ SPH_SMC_WATCHDOG, watchdog_renew },
	{ SPH_SMC_BOOT_SETTLED, telemetry_settle },
	{ SPH_SMC_FLASH_GEOMETRY, flash_service_geometry },
	{ SPH_SMC_FLASH_PARTITION, flash_service_partition },
	{ SPH_SMC_FLASH_ERASE, flash_service_erase },
	{ SPH_SMC_FLASH_PROGRAM, flash_service_program },
	{ SPH_SMC_BOOT_OK, slots_boot_ok },
	{ SPH_SMC_IMAGE_BEGIN, image_begin },
	{ SPH_SMC_IMAGE_WRITE, image_write },
	{ SPH_SMC_IMAGE_FINISH, image_finish },
	{ SPH_SMC_IMAGE_ABORT, image_abort },
	{ SPH_SMC_IMAGE_INSTALL, image_install },
	{ SPH_SMC_IMAGE_REMOVE, image_remove },
	{ SPH_SMC_IMAGE_INFO, image_info },
	{ SPH_SMC_IMAGE_SPACE, image_space },
	{ SPH_SMC_IMAGE_VERIFY, image_verify },
	{ SPH_SMC_IMAGE_HOLD, image_hold },
	{ SPH_SMC_IMAGE_RELEASE, image_release },
	{ SPH_SMC_TRUST_INFO, trust_info },
	{ SPH_SMC_TRUST_UPDATE, trust_update },
	{ SPH_SMC_DEVICE_INFO, device_info },
	{ SPH_SMC_DEVICE_MANUFACTURE, device_manufacture },
	{ SPH_SMC_DEVICE_ORDER, device_order },
	{ SPH_SMC_KEY_DERIVE, device_derive_key },
	{ SPH_SMC_ATTEST, device_attest },
	{ TRNG_VERSION, trng_version },
	{ TRNG_FEATURES, trng_features },
	{ TRNG_GET_UUID, trng_get_uuid },
	{ TRNG_RND, trng_rnd },
};

#define CALL_COUNT		(sizeof(calls) / sizeof(calls[0]))

int smc_is_known(uint32_t id)
{
	for (size_t i = 0; i < CALL_COUNT; i++) {
		if (calls[i].id == id)
			return 1;
	}
	return 0;
}

void smc_dispatch(struct smc_frame *frame)
{
	const struct smc_args args = { frame->r1, frame->r2, frame->r3,
				       frame->r4 };
	struct smc_results results = { 0, 0, 0 };
	int32_t status = SPH_SMC_E_UNKNOWN;

	for (size_t i = 0; i < CALL_COUNT; i++) {
		if (calls[i].id == frame->r0) {
			status = calls[i].handle(&args, &results);
			break;
		}
	}
	if (status == SPH_SMC_E_REFUSED)
		results = (struct smc_results){ results.r1, 0, 0 };
	else if (status < 0)
		results = (struct smc_results){ 0, 0, 0 };
	frame->r0 = (uint32_t)status;
	frame->r1 = results.r1;
	frame->r2 = results.r2;
	frame->r3 = results.r3;
}
