// SPDX-License-Identifier: GPL-2.0-only
/* PSCI 1.0 (Arm DEN 0022D, chapter 5).  There is one processor, and it is on. */
#include "psci.h"

#include "abi/smc.h"
#include "cpu.h"
#include "log.h"
#include "plat.h"

#define VERSION_1_0			0x00010000

/* 5.4.2, original format: level 0, standby, state 0; the only state there is. */
#define POWER_STATE_STANDBY		0

/* 5.7.3 */
#define AFFINITY_ON			0

/* 5.9.3: no Trusted OS that would have to be moved. */
#define MIGRATE_TYPE_NONE		2

/* DEN 0028, 7.2: PSCI_FEATURES answers for it too (DEN 0022D, 5.15.2). */
#define SMCCC_VERSION			0x80000000

#define THE_CPU				0

int32_t psci_version(const struct smc_args *args, struct smc_results *results)
{
	(void)args;
	(void)results;
	return VERSION_1_0;
}

/* The caller's interrupts wake us although they are masked here; it takes them on return. */
int32_t psci_cpu_suspend(const struct smc_args *args,
			 struct smc_results *results)
{
	(void)results;
	if (args->r1 != POWER_STATE_STANDBY)
		return PSCI_INVALID_PARAMETERS;
	cpu_wait_for_interrupt();
	return PSCI_SUCCESS;
}

int32_t psci_cpu_off(const struct smc_args *args, struct smc_results *results)
{
	(void)args;
	(void)results;
	return PSCI_DENIED;
}

int32_t psci_cpu_on(const struct smc_args *args, struct smc_results *results)
{
	(void)results;
	return args->r1 == THE_CPU ? PSCI_ALREADY_ON : PSCI_INVALID_PARAMETERS;
}

/* From 1.0 on, levels above 0 need not be supported (5.7.1). */
int32_t psci_affinity_info(const struct smc_args *args,
			   struct smc_results *results)
{
	(void)results;
	if (args->r1 != THE_CPU || args->r2 != 0)
		return PSCI_INVALID_PARAMETERS;
	return AFFINITY_ON;
}

int32_t psci_migrate_info_type(const struct smc_args *args,
			       struct smc_results *results)
{
	(void)args;
	(void)results;
	return MIGRATE_TYPE_NONE;
}

int32_t psci_system_off(const struct smc_args *args,
			struct smc_results *results)
{
	(void)args;
	(void)results;
	log_info("power off, requested");
	plat_power_off();
}

int32_t psci_system_reset(const struct smc_args *args,
			  struct smc_results *results)
{
	(void)args;
	(void)results;
	log_info("reset, requested");
	plat_reset(SPH_RESET_REQUESTED);
}

/* No feature flag of any function is set: 0 says no more than "it is there". */
int32_t psci_features(const struct smc_args *args, struct smc_results *results)
{
	const int is_psci = (args->r1 & 0xffffffe0) == PSCI_VERSION;

	(void)results;
	if ((is_psci || args->r1 == SMCCC_VERSION) && smc_is_known(args->r1))
		return PSCI_SUCCESS;
	return PSCI_NOT_SUPPORTED;
}
