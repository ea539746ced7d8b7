// SPDX-License-Identifier: GPL-2.0-only
/* Keys of the apps: different for each device, tenant, component, purpose and generation. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "monitor/crypto/mac.h"
#include "monitor/device/device.h"
#include "monitor/normal_ram.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"

/* What is hashed with the device secret: fields of fixed size, so that no two inputs are alike. */
struct key_input {
	char label[16];
	uint32_t purpose;
	uint8_t component_id[16];
	uint8_t tenant_id[TRUST_TENANT_BYTES];
	uint32_t generation;
};

static_assert(sizeof(struct key_input) == 56, "no padding is hashed");
static_assert(sizeof(struct sph_key_request) == 64, "the record has no padding");

static const struct image_entry *find_image(const uint8_t component_id[16])
{
	const struct image_table *table = &state_now()->images;

	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		const struct image_entry *entry = &table->entries[i];

		if (entry->sectors && !memcmp(entry->component_id, component_id, 16))
			return entry;
	}
	return NULL;
}

static int32_t check(const struct sph_key_request *request, const struct image_entry *image)
{
	if (request->purpose != SPH_KEY_STORAGE && request->purpose != SPH_KEY_APP)
		return SPH_SMC_E_INVALID;
	for (uint32_t i = 0; i < sizeof(request->reserved); i++) {
		if (request->reserved[i])
			return SPH_SMC_E_INVALID;
	}
	if (!image)
		return SPH_SMC_E_ABSENT;
	return request->generation <= image->security_version ? SPH_SMC_OK : SPH_SMC_E_INVALID;
}

/*
 * The tenant is that of the key that signed the image, which must count still: a component that another
 * tenant installs under the same id, when it was removed, is not the one that had these keys.
 */
static int derive(struct sph_key_request *request, const struct image_entry *image)
{
	struct key_input input = { .label = "spherule app key" };
	const struct trust_key *signer = NULL;
	const int error = trust_find_app(image->key_id, image->security_version, &signer);

	if (error)
		return error;
	memcpy(input.tenant_id, signer->tenant_id, sizeof(input.tenant_id));
	input.purpose = request->purpose;
	input.generation = request->generation;
	memcpy(input.component_id, request->component_id, sizeof(input.component_id));
	return crypto_hmac_sha256(state_now()->device.secret, DEVICE_SECRET_BYTES, &input,
				  sizeof(input), request->key);
}

int32_t device_derive_key(const struct smc_args *args, struct smc_results *results)
{
	struct sph_key_request request;
	const struct image_entry *image;
	int32_t status = SPH_SMC_E_INVALID;
	int error;

	status = normal_ram_read(args->r1, &request, sizeof(request));
	if (status)
		return status;
	if (!state_now()->device.has_keys)
		return device_refuse(results, E_MONITOR_DEVICE_KEYS);
	image = find_image(request.component_id);
	status = check(&request, image);
	if (status)
		return status;
	error = derive(&request, image);
	status = error ? device_refuse(results, error) :
			 normal_ram_write(args->r1, &request, sizeof(request));
	crypto_forget(&request, sizeof(request));
	return status;
}
