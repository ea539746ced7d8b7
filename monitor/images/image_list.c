// SPDX-License-Identifier: GPL-2.0-only
/* What is installed. */
#include "monitor/images/image_list.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "abi/trust_store.h"
#include "monitor/crypto/hash_stream.h"
#include "monitor/images/image_check.h"
#include "monitor/normal_ram.h"
#include "monitor/trust/trust.h"
#include "monitor/trust/versions.h"

static_assert(sizeof(struct sph_image_info) % sizeof(uint32_t) == 0, "records are whole words");

static const struct cfi_flash *flash;

/* The verification that is under way; sectors 0: none. */
static struct {
	struct image_entry entry;	/* as it was when it began */
	uint32_t done;
	struct hash_stream stream;
} job;

void image_list_init(const struct cfi_flash *the_flash)
{
	flash = the_flash;
	memset(&job, 0, sizeof(job));
}

const struct plat_partition *image_partition(void)
{
	return &plat.slot[SPH_SLOT_A].part[SPH_PART_APPS];
}

static uint32_t offset_in_partition(const struct image_entry *entry)
{
	return entry->sector * plat.flash_sector_bytes;
}

/* Index of the entry of a component, or IMAGES_MAX. */
static uint32_t find_component(const struct image_table *table, const uint8_t component_id[16])
{
	uint32_t i = 0;

	while (i < IMAGES_MAX &&
	       (!table->entries[i].sectors ||
		memcmp(table->entries[i].component_id, component_id, 16)))
		i++;
	return i;
}

static uint32_t find_unused(const struct image_table *table)
{
	uint32_t i = 0;

	while (i < IMAGES_MAX && table->entries[i].sectors)
		i++;
	return i;
}

uint32_t image_count(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < IMAGES_MAX; i++)
		count += state_now()->images.entries[i].sectors != 0;
	return count;
}

/*
 * Whose key it is, also when it was revoked: NULL when the trust store does not list it or it is
 * no tenant's.
 */
static const uint8_t *tenant_of(const uint8_t key_id[CRYPTO_HASH_BYTES])
{
	const struct trust_store *store = &state_now()->trust.store;
	uint8_t id[CRYPTO_HASH_BYTES];

	for (uint32_t i = 0; i < store->key_count; i++) {
		const struct trust_key *key = &store->keys[i];

		if (key->role == TRUST_ROLE_OEM &&
		    !crypto_sha256(key->point, sizeof(key->point), id) &&
		    !memcmp(id, key_id, sizeof(id)))
			return key->tenant_id;
	}
	return NULL;
}

/* A component's identity is also the key to its storage: no other tenant may take it over. */
static bool is_of_another_tenant(const struct image_entry *entry)
{
	const struct image_table *table = &state_now()->images;
	const uint32_t i = find_component(table, entry->component_id);
	const uint8_t *old, *new;

	if (i == IMAGES_MAX)
		return false;
	old = tenant_of(table->entries[i].key_id);
	new = tenant_of(entry->key_id);
	return old && new && memcmp(old, new, TRUST_TENANT_BYTES);
}

int image_list_check(const struct image_entry *entry)
{
	const struct trust_key *key = NULL;
	const int error = trust_find_app(entry->key_id, entry->security_version, &key);

	if (error)
		return error;
	if (entry->security_version < versions_lowest(state_now(), entry->component_id))
		return E_MONITOR_ROLLBACK;
	return is_of_another_tenant(entry) ? E_MONITOR_IMAGE_TENANT : 0;
}

int image_list_put(struct state *draft, const struct image_entry *entry)
{
	uint32_t i = find_component(&draft->images, entry->component_id);
	int error = image_list_check(entry);

	if (error)
		return error;
	if (i == IMAGES_MAX)
		i = find_unused(&draft->images);
	if (i == IMAGES_MAX)
		return SPH_SMC_E_NO_SPACE;
	error = versions_raise(draft, entry->component_id, entry->security_version);
	if (!error)
		draft->images.entries[i] = *entry;
	return error;
}

int32_t image_remove(const struct smc_args *args, struct smc_results *results)
{
	const uint32_t component_id[4] = { args->r1, args->r2, args->r3, args->r4 };
	struct image_table *table = &state_draft()->images;
	const uint32_t i = find_component(table, (const uint8_t *)component_id);

	(void)results;
	if (i == IMAGES_MAX)
		return SPH_SMC_E_ABSENT;
	memset(&table->entries[i], 0, sizeof(table->entries[i]));
	return state_commit() ? SPH_SMC_E_IO : SPH_SMC_OK;
}

static const struct image_entry *find_number(uint32_t number)
{
	const struct image_table *table = &state_now()->images;

	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		if (table->entries[i].sectors && !number--)
			return &table->entries[i];
	}
	return NULL;
}

int32_t image_info(const struct smc_args *args, struct smc_results *results)
{
	const struct image_entry *entry = find_number(args->r1);
	struct sph_image_info info = { 0 };
	const uint8_t *tenant_id;

	(void)results;
	if (!entry)
		return SPH_SMC_E_ABSENT;
	info.offset = offset_in_partition(entry);
	info.bytes = entry->bytes;
	info.room_bytes = entry->sectors * plat.flash_sector_bytes;
	info.security_version = entry->security_version;
	info.flags = entry->flags;
	memcpy(info.component_id, entry->component_id, sizeof(info.component_id));
	memcpy(info.image_id, entry->image_id, sizeof(info.image_id));
	tenant_id = tenant_of(entry->key_id);
	if (tenant_id)
		memcpy(info.tenant_id, tenant_id, sizeof(info.tenant_id));
	return normal_ram_write(args->r2, &info, sizeof(info));
}

/* ---- Verification -------------------------------------------------------- */

const struct image_entry *image_list_find_offset(uint32_t offset)
{
	const struct image_table *table = &state_now()->images;

	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		if (table->entries[i].sectors && offset_in_partition(&table->entries[i]) == offset)
			return &table->entries[i];
	}
	return NULL;
}

/* One piece; SPH_SMC_E_AGAIN, 0 or an error. */
static int verify_piece(void)
{
	const uint32_t address =
		flash->base + image_partition()->offset + offset_in_partition(&job.entry);
	uint8_t hash[CRYPTO_HASH_BYTES];
	uint32_t bytes = job.entry.bytes - job.done;

	if (bytes > IMAGE_CHECK_PIECE_BYTES)
		bytes = IMAGE_CHECK_PIECE_BYTES;
	if (hash_stream_add_flash(&job.stream, address + job.done, bytes))
		return E_MONITOR_CRYPTO;
	job.done += bytes;
	if (job.done < job.entry.bytes)
		return SPH_SMC_E_AGAIN;
	if (hash_stream_value(&job.stream, hash))
		return E_MONITOR_CRYPTO;
	return memcmp(hash, job.entry.sha256, sizeof(hash)) ? E_MONITOR_IMAGE_CHANGED : 0;
}

int32_t image_verify(const struct smc_args *args, struct smc_results *results)
{
	const struct image_entry *entry = image_list_find_offset(args->r1);
	const struct trust_key *key = NULL;
	int error;

	if (!entry)
		return SPH_SMC_E_ABSENT;
	error = trust_find_app(entry->key_id, entry->security_version, &key);
	/* Another image, or another one in its place: from the beginning. */
	if (!error && memcmp(&job.entry, entry, sizeof(*entry))) {
		job.entry = *entry;
		job.done = 0;
		error = hash_stream_begin(&job.stream);
	}
	if (!error)
		error = verify_piece();
	if (error == SPH_SMC_E_AGAIN)
		return SPH_SMC_E_AGAIN;
	memset(&job, 0, sizeof(job));
	if (!error)
		return SPH_SMC_OK;
	results->r1 = (uint32_t)error;
	return SPH_SMC_E_REFUSED;
}
