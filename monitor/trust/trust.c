// SPDX-License-Identifier: GPL-2.0-only
/* Judges trust stores, and keys by the one that counts. */
#include "monitor/trust/trust.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "io.h"
#include "monitor/crypto/verify.h"
#include "monitor/normal_ram.h"
#include "monitor/plat.h"
#include "monitor/root_key.h"

static_assert(TRUST_STORE_BYTES % sizeof(uint32_t) == 0, "a trust store is copied in words");
static_assert(TRUST_POINT_BYTES == CRYPTO_POINT_BYTES &&
		      TRUST_STORE_SIGNATURE_BYTES == CRYPTO_SIGNATURE_BYTES,
	      "the store's keys and signature are those of crypto/verify.h");

/* A store is judged and used here, where nobody can change it in between. */
static uint32_t words[TRUST_STORE_BYTES / sizeof(uint32_t)];

static const struct boot_info *boot;

void trust_init(const struct boot_info *the_boot)
{
	boot = the_boot;
}

static int refuse(const char **reason, int error, const char *text)
{
	*reason = text;
	return error;
}

static int check_signature(const uint8_t *bytes, const char **reason)
{
	const uint8_t *key_id = bytes + offsetof(struct trust_store, root_key_id);
	uint8_t hash[CRYPTO_HASH_BYTES];
	int error;

	if (words[0] != TRUST_STORE_MAGIC)
		return refuse(reason, E_MONITOR_TRUST_STORE, "there is no trust store");
	if (memcmp(key_id, root_key.id, sizeof(root_key.id)))
		return refuse(reason, E_MONITOR_TRUST_STORE,
			      "the trust store is signed by another root key");
	error = crypto_sha256(bytes, sizeof(struct trust_store), hash);
	if (!error)
		error = crypto_ecdsa_p256_verify(root_key.point, hash,
						 bytes + sizeof(struct trust_store));
	if (error == E_MONITOR_SIGNATURE)
		return refuse(reason, E_MONITOR_TRUST_STORE,
			      "the signature of the trust store does not match");
	return error ? refuse(reason, error, "the cryptography failed") : 0;
}

/* What @words hold, into @store, which counts only after 0. */
static int judge(struct trust_store *store, const char **reason)
{
	const uint8_t *bytes = (const uint8_t *)words;
	const int error = check_signature(bytes, reason);

	if (error)
		return error;
	if (trust_store_parse(bytes, sizeof(struct trust_store), store))
		return refuse(reason, E_MONITOR_TRUST_FIELD,
			      "a field of the trust store breaks its rule");
	if (root_key.is_development != !!(store->flags & TRUST_STORE_F_DEVELOPMENT))
		return refuse(reason, E_MONITOR_TRUST_FIELD,
			      "the trust store is wrong about the root key");
	return 0;
}

int trust_load(const char **reason)
{
	const struct trust_store *known = &state_now()->trust.store;
	int error;

	if (known->format) {
		/* The monitor may be another one than the one that took it in. */
		if (memcmp(known->root_key_id, root_key.id, sizeof(root_key.id)))
			return refuse(reason, E_MONITOR_TRUST_STORE,
				      "the trust store of this device is of another root key");
		return 0;
	}
	io_copy_in(words, plat.flash_base + plat.trust_offset, sizeof(words));
	error = judge(&state_draft()->trust.store, reason);
	if (error)
		return error;
	error = state_commit();
	return error ? refuse(reason, error, "the trust store cannot be remembered") : 0;
}

/* The ids are not in the store, so that none can be false. */
static int find_by_id(const struct trust_store *store, const uint8_t key_id[CRYPTO_HASH_BYTES],
		      const struct trust_key **key)
{
	uint8_t id[CRYPTO_HASH_BYTES];

	for (uint32_t i = 0; i < store->key_count; i++) {
		if (crypto_sha256(store->keys[i].point, TRUST_POINT_BYTES, id))
			return E_MONITOR_CRYPTO;
		if (!memcmp(id, key_id, sizeof(id))) {
			*key = &store->keys[i];
			return 0;
		}
	}
	return E_MONITOR_TRUST_KEY;
}

static bool stage_allows(const struct device_state *device, const struct trust_key *key)
{
	const bool is_development =
		(key->flags & TRUST_KEY_F_DEVELOPMENT) &&
		!(key->role == TRUST_ROLE_OS && root_key.is_development);
	uint32_t needed = 0;

	if (device->stage != SPH_STAGE_SECURED)
		return true;
	if (is_development)
		needed |= SPH_DEVICE_CAP_DEVELOPMENT;
	if (key->role == TRUST_ROLE_DEBUG)
		needed |= SPH_DEVICE_CAP_DEBUG;
	return (device->capabilities & needed) == needed;
}

/* @roles: a bit for each enum trust_role that will do. */
static int find(const struct state *state, const uint8_t key_id[CRYPTO_HASH_BYTES], uint32_t roles,
		uint32_t security_version, const struct trust_key **key)
{
	const struct trust_key *found = NULL;
	const int error = find_by_id(&state->trust.store, key_id, &found);

	if (error)
		return error;
	if (!(roles & 1u << found->role))
		return E_MONITOR_TRUST_KEY;
	if (found->flags & TRUST_KEY_F_REVOKED)
		return E_MONITOR_TRUST_REVOKED;
	if (security_version < found->min_security_version ||
	    security_version > found->max_security_version)
		return E_MONITOR_TRUST_RANGE;
	if (!stage_allows(&state->device, found))
		return E_MONITOR_TRUST_STAGE;
	*key = found;
	return 0;
}

/* What a key lacks on this device as it is now; see stage_allows(). */
static uint32_t lacking(const struct device_state *device, const struct trust_key *key)
{
	const uint32_t is_secured = device->stage == SPH_STAGE_SECURED;
	const uint32_t is_development = (key->flags & TRUST_KEY_F_DEVELOPMENT) != 0;
	const uint32_t closed = ~device->capabilities;

	return is_secured * (is_development * (closed & SPH_DEVICE_CAP_DEVELOPMENT) |
			     (key->role == TRUST_ROLE_DEBUG) * (closed & SPH_DEVICE_CAP_DEBUG));
}

uint32_t trust_doubt(const uint8_t key_id[32], uint32_t role, uint32_t security_version)
{
	const struct state *state = state_now();
	const struct trust_key *key = NULL;
	const int error = find_by_id(&state->trust.store, key_id, &key);

	if (error || !key)
		return CRYPTO_DIFFERENT;
	return (key->role ^ role) | (key->flags & TRUST_KEY_F_REVOKED) |
	       (uint32_t)(security_version < key->min_security_version) |
	       (uint32_t)(security_version > key->max_security_version) |
	       (root_key.is_development ? 0 : lacking(&state->device, key));
}

#define OS_ROLES		(1u << TRUST_ROLE_OS)
#define APP_ROLES		(1u << TRUST_ROLE_OEM | 1u << TRUST_ROLE_DEBUG)

int trust_find(const uint8_t key_id[32], uint32_t role, uint32_t security_version,
	       const struct trust_key **key)
{
	if (!trust_role_name(role))
		return E_MONITOR_TRUST_KEY;
	return find(state_now(), key_id, 1u << role, security_version, key);
}

int trust_find_app(const uint8_t key_id[32], uint32_t security_version,
		   const struct trust_key **key)
{
	return find(state_now(), key_id, APP_ROLES, security_version, key);
}

int trust_keeps_os(const struct state *draft)
{
	const struct trust_key *key;

	return find(draft, boot->os_key_id, OS_ROLES, boot->os_security_version, &key);
}

int trust_keeps(const struct state *draft)
{
	const struct trust_key *key;
	int error = trust_keeps_os(draft);

	for (uint32_t i = 0; !error && i < IMAGES_MAX; i++) {
		const struct image_entry *image = &draft->images.entries[i];

		if (!image->sectors ||
		    trust_find_app(image->key_id, image->security_version, &key))
			continue;
		error = find(draft, image->key_id, APP_ROLES, image->security_version, &key);
	}
	return error;
}

int32_t trust_info(const struct smc_args *args, struct smc_results *results)
{
	const struct trust_store *store = &state_now()->trust.store;

	(void)args;
	results->r1 = store->version;
	results->r2 = store->key_count;
	return SPH_SMC_OK;
}

int32_t trust_update(const struct smc_args *args, struct smc_results *results)
{
	struct state *draft = state_draft();
	int32_t status = SPH_SMC_E_INVALID;
	const char *reason;
	int error;

	status = normal_ram_read(args->r1, words, sizeof(words));
	if (status)
		return status;
	if (draft->slots.is_set && draft->slots.trial)
		return SPH_SMC_E_BUSY;
	error = judge(&draft->trust.store, &reason);
	if (!error && draft->trust.store.version <= state_now()->trust.store.version)
		error = E_MONITOR_TRUST_OLD;
	if (!error)
		error = trust_keeps(draft);
	if (error) {
		results->r1 = (uint32_t)error;
		return SPH_SMC_E_REFUSED;
	}
	return state_commit() ? SPH_SMC_E_IO : SPH_SMC_OK;
}
