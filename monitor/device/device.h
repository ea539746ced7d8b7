/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the device is: its keys, its random numbers, its stage of life, its owner.
 *
 * The private key and the device secret are in struct device_state and in no result of a call.
 */
#ifndef MONITOR_DEVICE_DEVICE_H
#define MONITOR_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "monitor/boot.h"
#include "monitor/crypto/verify.h"
#include "monitor/smc.h"

/* Of this boot; @version as the monitor logs it. */
struct device_facts {
	const struct boot_info *boot;
	const char *version;
	bool root_is_development;
};

/*
 * Seeds the generator of random numbers and at the first start makes the keys; changes the seed in
 * the state.  After state_load() and crypto_init(), before anything is written to the RAM.  Logs what
 * fails; calls that need what is not there are refused then.
 */
void device_start(void);

/* Before the first call of the normal world; @facts lives on. */
void device_init(const struct device_facts *facts);
const struct device_facts *device_facts(void);

/* SHA-256 of the point of the device's public key.  Returns 0, E_MONITOR_DEVICE_KEYS: it has none. */
int device_id(uint8_t id[CRYPTO_HASH_BYTES]);

/* SPH_SMC_E_REFUSED with @error as the reason. */
int32_t device_refuse(struct smc_results *results, int error);

/* The calls of abi/smc.h. */
int32_t device_info(const struct smc_args *args, struct smc_results *results);
int32_t device_manufacture(const struct smc_args *args, struct smc_results *results);
int32_t device_order(const struct smc_args *args, struct smc_results *results);
int32_t device_derive_key(const struct smc_args *args, struct smc_results *results);
int32_t device_attest(const struct smc_args *args, struct smc_results *results);

#endif
