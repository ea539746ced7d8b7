/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a key may sign a thing: the trust store that counts, and its updates.
 *
 * Nothing of a store is believed before its signature by the root key was checked.
 */
#ifndef MONITOR_TRUST_TRUST_H
#define MONITOR_TRUST_TRUST_H

#include <stdint.h>

#include "abi/trust_store.h"
#include "monitor/smc.h"

/*
 * Takes in the factory's trust store when the device has none yet.  Returns 0 or an E_MONITOR_*;
 * @reason is then what is wrong, for the log.
 */
int trust_load(const char **reason);

/*
 * The key with this id, if it may sign a thing of this role and security version on this device as
 * it is now: it is listed and not revoked, the version is in its range, and a development key is
 * not one on a secured device without SPH_DEVICE_CAP_DEVELOPMENT, nor a debug key without
 * SPH_DEVICE_CAP_DEBUG.  @key lives until the store changes.
 * Returns 0 or E_MONITOR_TRUST_*.
 */
int trust_find(const uint8_t key_id[32], uint32_t role, uint32_t security_version,
	       const struct trust_key **key);

int32_t trust_info(const struct smc_args *args, struct smc_results *results);
int32_t trust_update(const struct smc_args *args, struct smc_results *results);

#endif
