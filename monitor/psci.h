/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power State Coordination Interface 1.0 (Arm DEN 0022D) for a device with one processor.
 */
#ifndef MONITOR_PSCI_H
#define MONITOR_PSCI_H

#include <stdint.h>

#include "smc.h"

/* DEN 0022D, 5.1: function identifiers. */
#define PSCI_VERSION			0x84000000
#define PSCI_CPU_SUSPEND		0x84000001
#define PSCI_CPU_OFF			0x84000002
#define PSCI_CPU_ON			0x84000003
#define PSCI_AFFINITY_INFO		0x84000004
#define PSCI_MIGRATE_INFO_TYPE		0x84000006
#define PSCI_SYSTEM_OFF			0x84000008
#define PSCI_SYSTEM_RESET		0x84000009
#define PSCI_FEATURES			0x8400000a

/* DEN 0022D, 5.2.2: return codes. */
#define PSCI_SUCCESS			0
#define PSCI_NOT_SUPPORTED		(-1)
#define PSCI_INVALID_PARAMETERS		(-2)
#define PSCI_DENIED			(-3)
#define PSCI_ALREADY_ON			(-4)

int32_t psci_version(const struct smc_args *args, struct smc_results *results);
int32_t psci_cpu_suspend(const struct smc_args *args,
			 struct smc_results *results);
int32_t psci_cpu_off(const struct smc_args *args, struct smc_results *results);
int32_t psci_cpu_on(const struct smc_args *args, struct smc_results *results);
int32_t psci_affinity_info(const struct smc_args *args,
			   struct smc_results *results);
int32_t psci_migrate_info_type(const struct smc_args *args,
			       struct smc_results *results);
int32_t psci_system_off(const struct smc_args *args,
			struct smc_results *results);
int32_t psci_system_reset(const struct smc_args *args,
			  struct smc_results *results);
int32_t psci_features(const struct smc_args *args, struct smc_results *results);

#endif
