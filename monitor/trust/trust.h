/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a key may sign a thing: the trust store that counts, and its updates.
 *
 * Nothing of a store is believed before its signature by the root key was checked.  The store in the
 * state was checked when it was taken in, and is not checked again.
 */
#ifndef MONITOR_TRUST_TRUST_H
#define MONITOR_TRUST_TRUST_H

#include <stdint.h>

#include "abi/trust_store.h"
#include "monitor/boot.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"

/*
 * Takes in the factory's trust store when the device has none yet.  Returns 0 or an E_MONITOR_*;
 * @reason is then what is wrong, for the log.
 */
int trust_load(const char **reason);

/* Before the first call of the normal world; @boot says which OS runs, and lives on. */
void trust_init(const struct boot_info *boot);

/*
 * The key with this id, if it may sign a thing of this role and security version on this device as
 * it is now: it is listed and not revoked, the version is in its range, and on a secured device
 * SPH_DEVICE_CAP_DEVELOPMENT is open for a development key, SPH_DEVICE_CAP_DEBUG for a debug key.
 * A development key for the OS needs no capability when the root key is one too: anybody could
 * sign another store.  @key lives until the store changes.
 * Returns 0, E_MONITOR_TRUST_KEY, _REVOKED, _RANGE or _STAGE, or E_MONITOR_CRYPTO.
 */
int trust_find(const uint8_t key_id[32], uint32_t role, uint32_t security_version,
	       const struct trust_key **key);

/*
 * The same as a number and by other instructions, for those who must not rely on a branch alone: 0 when
 * trust_find() finds the key of an OS, and any other number when it does not.
 */
uint32_t trust_doubt(const uint8_t key_id[32], uint32_t role, uint32_t security_version);

/* As trust_find(), for what signed an app: the key of a tenant, or a debug key. */
int trust_find_app(const uint8_t key_id[32], uint32_t security_version,
		   const struct trust_key **key);

/*
 * Whether the OS that runs may run in the state @draft too.  Asked before a change of stage or
 * capabilities is committed: the owner's word is not held up by an app, which is refused then.
 * Returns as trust_find().
 */
int trust_keeps_os(const struct state *draft);

/*
 * The same, and each installed image that is not already refused.  Asked before a change of keys,
 * so that none is the reason why something stops working.  Returns as trust_find().
 */
int trust_keeps(const struct state *draft);

int32_t trust_info(const struct smc_args *args, struct smc_results *results);

/* Refused with SPH_SMC_E_BUSY while an OS is on trial: the one before it may have another key. */
int32_t trust_update(const struct smc_args *args, struct smc_results *results);

#endif
