// SPDX-License-Identifier: GPL-2.0-only
/* Obeys orders of the owner, and no others. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "abi/device_order.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "monitor/crypto/sign.h"
#include "monitor/crypto/verify.h"
#include "monitor/device/device.h"
#include "monitor/normal_ram.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"

static_assert(DEVICE_ORDER_BYTES % sizeof(uint32_t) == 0, "an order is copied in words");
static_assert(DEVICE_ORDER_SIGNATURE_BYTES == CRYPTO_SIGNATURE_BYTES &&
		      sizeof(((struct device_order *)0)->point) == CRYPTO_POINT_BYTES,
	      "its key and signature are those of crypto/verify.h");

/* An order is judged and used here, where the normal world cannot change it in between. */
static uint32_t words[DEVICE_ORDER_BYTES / sizeof(uint32_t)];
static struct device_order order;

static int check_addressee(const struct device_state *device)
{
	uint8_t id[CRYPTO_HASH_BYTES];
	const int error = device_id(id);

	if (error)
		return error;
	if (memcmp(order.device_id, id, sizeof(id)))
		return E_MONITOR_ORDER_DEVICE;
	/* At its end the epoch can rise no more, and the orders would not become void. */
	if (order.epoch != device->epoch || device->epoch == UINT32_MAX)
		return E_MONITOR_ORDER_EPOCH;
	return 0;
}

static int check_signature(const uint8_t *point)
{
	const uint8_t *bytes = (const uint8_t *)words;
	uint8_t hash[CRYPTO_HASH_BYTES];
	int error = crypto_sha256(bytes, sizeof(order), hash);

	if (!error)
		error = crypto_ecdsa_p256_verify(point, hash, bytes + sizeof(order));
	return error == E_MONITOR_SIGNATURE ? E_MONITOR_ORDER_SIGNATURE : error;
}

/* A secured device starts nothing that a development key has signed: it would start no more. */
static int check_keys_for_claim(void)
{
	const struct boot_info *boot = device_facts()->boot;
	const struct trust_key *key = NULL;
	int error;

	if (device_facts()->root_is_development)
		return E_MONITOR_ORDER_DEVELOPMENT;
	error = trust_find(boot->os_key_id, TRUST_ROLE_OS, boot->os_security_version, &key);
	if (!error && key->flags & TRUST_KEY_F_DEVELOPMENT)
		error = E_MONITOR_ORDER_DEVELOPMENT;
	return error;
}

static int claim(struct device_state *device)
{
	const int error = check_keys_for_claim();

	device->stage = SPH_STAGE_SECURED;
	memcpy(device->owner, order.point, sizeof(order.point));
	device->capabilities = 0;
	return error;
}

static int transfer(struct device_state *device)
{
	memcpy(device->owner, order.point, sizeof(order.point));
	device->capabilities = 0;
	return 0;
}

static int set_capabilities(struct device_state *device)
{
	device->capabilities = order.capabilities;
	return 0;
}

/* The stage in which an order of each kind is obeyed, and what it does. */
static const struct {
	uint32_t stage;
	bool names_owner;
	int (*apply)(struct device_state *device);
} kinds[] = {
	[DEVICE_ORDER_CLAIM] = { SPH_STAGE_MANUFACTURING, true, claim },
	[DEVICE_ORDER_TRANSFER] = { SPH_STAGE_SECURED, true, transfer },
	[DEVICE_ORDER_CAPABILITIES] = { SPH_STAGE_SECURED, false, set_capabilities },
};

static int judge(struct state *draft)
{
	struct device_state *device = &draft->device;
	const bool is_claim = order.kind == DEVICE_ORDER_CLAIM;
	int error = check_addressee(device);

	if (!error && device->stage != kinds[order.kind].stage)
		error = E_MONITOR_ORDER_STAGE;
	if (!error && kinds[order.kind].names_owner && crypto_p256_check_point(order.point))
		error = E_MONITOR_ORDER_FIELD;
	if (!error)
		error = check_signature(is_claim ? order.point : (const uint8_t *)device->owner);
	if (!error)
		error = kinds[order.kind].apply(device);
	/* Each order is obeyed once: one that opened a device cannot open it again. */
	device->epoch++;
	return error ? error : trust_keeps_os(draft);
}

int32_t device_order(const struct smc_args *args, struct smc_results *results)
{
	struct state *draft = state_draft();
	int32_t status = SPH_SMC_E_INVALID;
	int error;

	status = normal_ram_read(args->r1, words, sizeof(words));
	if (status)
		return status;
	error = -device_order_parse((const uint8_t *)words, sizeof(order), &order);
	if (!error)
		error = judge(draft);
	if (error)
		return device_refuse(results, error);
	return state_commit() ? SPH_SMC_E_IO : SPH_SMC_OK;
}
