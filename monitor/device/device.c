// SPDX-License-Identifier: GPL-2.0-only
/* The start of the device: random numbers and keys; and what it says of itself. */
#include "monitor/device/device.h"

#include <assert.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "monitor/crypto/mac.h"
#include "monitor/crypto/random.h"
#include "monitor/crypto/sign.h"
#include "monitor/device/entropy.h"
#include "monitor/log.h"
#include "monitor/normal_ram.h"
#include "monitor/plat.h"
#include "monitor/state/state.h"

/* What the generator is seeded with: that of the source, that of the boot before, and a counter. */
struct seed_material {
	uint8_t entropy[ENTROPY_BYTES];
	uint8_t kept[DEVICE_SECRET_BYTES];
	uint32_t boots;
};

static_assert(sizeof(struct seed_material) == ENTROPY_BYTES + DEVICE_SECRET_BYTES + 4,
	      "no padding is hashed");
static_assert(sizeof(struct sph_device_info) == 160,
	      "the record has no padding");
static_assert(DEVICE_PRIVATE_BYTES == CRYPTO_SCALAR_BYTES &&
		      DEVICE_POINT_WORDS * sizeof(uint32_t) >= CRYPTO_POINT_BYTES,
	      "the state has room for the keys");

static const struct device_facts *facts;

static int make_keys(struct device_state *device)
{
	int error = crypto_p256_make(device->private_key, (uint8_t *)device->point);

	if (!error)
		error = crypto_random(device->secret, sizeof(device->secret));
	device->has_keys = !error;
	return error;
}

static int seed(const struct state *draft, struct seed_material *material)
{
	memcpy(material->kept, draft->device.seed, sizeof(material->kept));
	material->boots = draft->telemetry.boots;
	return crypto_random_seed(material, sizeof(*material));
}

/* A source that fails is mixed in all the same: it can do no harm beside a seed that was kept. */
static int start(struct state *draft)
{
	struct seed_material material = { { 0 }, { 0 }, 0 };
	const uint32_t count = plat_take_entropy(material.entropy, sizeof(material.entropy));
	const bool is_healthy = entropy_is_healthy(material.entropy, count);
	int error = is_healthy ? 0 : E_MONITOR_RANDOM;

	if (!is_healthy)
		log_error(E_MONITOR_RANDOM, "the source of random numbers failed its tests");
	if (is_healthy || draft->device.has_keys)
		error = seed(draft, &material);
	/* Kept before anything is given, so that no other boot can start from the same seed. */
	if (!error)
		error = crypto_random(draft->device.seed, sizeof(draft->device.seed));
	if (!error && !draft->device.has_keys) {
		error = make_keys(&draft->device);
		if (!error)
			log_info("the keys of this device were made");
	}
	crypto_forget(&material, sizeof(material));
	return error;
}

void device_start(void)
{
	struct state *draft = state_draft();
	int error = start(draft);

	if (!error)
		error = state_commit();
	crypto_forget(&draft->device, sizeof(draft->device));
	if (!error)
		return;
	crypto_random_stop();
	if (error != E_MONITOR_RANDOM)
		log_error((unsigned int)error, "there are no random numbers at this start");
	if (!state_now()->device.has_keys)
		log_error(E_MONITOR_DEVICE_KEYS, "the device has no keys");
}

void device_init(const struct device_facts *the_facts)
{
	facts = the_facts;
}

const struct device_facts *device_facts(void)
{
	return facts;
}

int device_id(uint8_t id[CRYPTO_HASH_BYTES])
{
	const struct device_state *device = &state_now()->device;

	if (!device->has_keys)
		return E_MONITOR_DEVICE_KEYS;
	return crypto_sha256(device->point, CRYPTO_POINT_BYTES, id);
}

int32_t device_refuse(struct smc_results *results, int error)
{
	results->r1 = (uint32_t)error;
	return SPH_SMC_E_REFUSED;
}

int32_t device_info(const struct smc_args *args, struct smc_results *results)
{
	const struct device_state *device = &state_now()->device;
	struct sph_device_info info;
	int error = 0;

	memset(&info, 0, sizeof(info));
	if (device->has_keys) {
		error = device_id(info.device_id);
		memcpy(info.point, device->point, sizeof(info.point));
	}
	if (!error && device->stage == SPH_STAGE_SECURED)
		error = crypto_sha256(device->owner, CRYPTO_POINT_BYTES, info.owner_key_id);
	if (error)
		return device_refuse(results, error);
	info.stage = device->stage;
	info.epoch = device->epoch;
	info.capabilities = device->capabilities;
	return normal_ram_write(args->r1, &info, sizeof(info));
}

int32_t device_manufacture(const struct smc_args *args, struct smc_results *results)
{
	struct state *draft = state_draft();

	(void)args;
	if (!draft->device.has_keys)
		return device_refuse(results, E_MONITOR_DEVICE_KEYS);
	if (draft->device.stage != SPH_STAGE_BLANK)
		return device_refuse(results, E_MONITOR_ORDER_STAGE);
	draft->device.stage = SPH_STAGE_MANUFACTURING;
	return state_commit() ? SPH_SMC_E_IO : SPH_SMC_OK;
}
