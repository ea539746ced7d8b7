// SPDX-License-Identifier: GPL-2.0-only
/* What the device says of itself, signed.  Of the caller's record only the nonce is used. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "monitor/crypto/mac.h"
#include "monitor/crypto/sign.h"
#include "monitor/device/device.h"
#include "monitor/normal_ram.h"
#include "monitor/state/state.h"

/* One installed image in the list whose hash is attested. */
struct image_line {
	uint8_t component_id[16];
	uint8_t image_id[16];
	uint32_t security_version;
};

static_assert(sizeof(struct image_line) == 36, "no padding is hashed");
static_assert(offsetof(struct sph_attestation, signature) == 228 &&
		      sizeof(struct sph_attestation) == 292,
	      "the record has no padding");

static struct image_line lines[IMAGES_MAX];

/* The installed image with the lowest component id above @after; NULL when there is none. */
static const struct image_entry *next_image(const uint8_t *after)
{
	const struct image_table *table = &state_now()->images;
	const struct image_entry *next = NULL;

	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		const struct image_entry *entry = &table->entries[i];

		if (!entry->sectors || (after && memcmp(entry->component_id, after, 16) <= 0))
			continue;
		if (!next || memcmp(entry->component_id, next->component_id, 16) < 0)
			next = entry;
	}
	return next;
}

static int hash_images(uint8_t hash[CRYPTO_HASH_BYTES])
{
	const struct image_entry *image = next_image(NULL);
	uint32_t count = 0;

	for (; image; image = next_image(image->component_id)) {
		struct image_line *line = &lines[count++];

		memcpy(line->component_id, image->component_id, sizeof(line->component_id));
		memcpy(line->image_id, image->image_id, sizeof(line->image_id));
		line->security_version = image->security_version;
	}
	return crypto_sha256(lines, count * sizeof(lines[0]), hash);
}

static void put_version(uint8_t version[16], const char *text)
{
	for (uint32_t i = 0; i < 16 && text[i]; i++)
		version[i] = (uint8_t)text[i];
}

/* All but the nonce and the signature. */
static int fill(struct sph_attestation *a)
{
	const struct device_facts *facts = device_facts();
	const struct state *state = state_now();
	const int error = device_id(a->device_id);

	a->magic = SPH_ATTESTATION_MAGIC;
	a->format = SPH_ATTESTATION_FORMAT;
	memcpy(a->measurement, facts->boot->measurement.value, sizeof(a->measurement));
	put_version(a->monitor_version, facts->version);
	a->os_security_version = facts->boot->os_security_version;
	a->trust_version = state->trust.store.version;
	a->slot = facts->boot->slot;
	a->stage = state->device.stage;
	a->epoch = state->device.epoch;
	a->capabilities = state->device.capabilities;
	a->boots = state->telemetry.boots;
	a->flags = facts->root_is_development ? SPH_ATTESTATION_F_DEVELOPMENT : 0;
	return error ? error : hash_images(a->images);
}

static int sign(struct sph_attestation *a)
{
	uint8_t hash[CRYPTO_HASH_BYTES];
	int error = crypto_sha256(a, offsetof(struct sph_attestation, signature), hash);

	if (!error)
		error = crypto_ecdsa_p256_sign(state_now()->device.private_key, hash, a->signature);
	return error;
}

int32_t device_attest(const struct smc_args *args, struct smc_results *results)
{
	struct sph_attestation asked, made;
	int32_t status = SPH_SMC_E_INVALID;
	int error;

	status = normal_ram_read(args->r1, &asked, sizeof(asked));
	if (status)
		return status;
	memset(&made, 0, sizeof(made));
	memcpy(made.nonce, asked.nonce, sizeof(made.nonce));
	error = fill(&made);
	if (!error)
		error = sign(&made);
	if (error)
		return device_refuse(results, error);
	return normal_ram_write(args->r1, &made, sizeof(made));
}
