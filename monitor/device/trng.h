/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers for the normal world: Arm True Random Number Generator Firmware Interface 1.0
 * (Arm DEN 0098), the 32-bit calls.  Linux has a driver for it.
 */
#ifndef MONITOR_DEVICE_TRNG_H
#define MONITOR_DEVICE_TRNG_H

#include "monitor/smc.h"

#define TRNG_VERSION		0x84000050
#define TRNG_FEATURES		0x84000051
#define TRNG_GET_UUID		0x84000052
#define TRNG_RND		0x84000053
#define TRNG_BITS_MAX		96u

/* DEN 0098, 2.1. */
#define TRNG_SUCCESS		0
#define TRNG_NOT_SUPPORTED	(-1)
#define TRNG_INVALID_PARAMETERS	(-2)
#define TRNG_NO_ENTROPY		(-3)

int32_t trng_version(const struct smc_args *args, struct smc_results *results);
int32_t trng_features(const struct smc_args *args, struct smc_results *results);
int32_t trng_get_uuid(const struct smc_args *args, struct smc_results *results);
int32_t trng_rnd(const struct smc_args *args, struct smc_results *results);

#endif
