// SPDX-License-Identifier: GPL-2.0-only
/* The rules for a package, in the order of abi/smc.md. */
#include "monitor/images/image_check.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/image.h"
#include "abi/smc.h"
#include "abi/trust_store.h"
#include "io.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"
#include "monitor/trust/versions.h"

#define HEAD_BYTES		16u	/* image_parse_head() needs no more */

static_assert(IMAGE_SIGNATURE_BYTES == CRYPTO_SIGNATURE_BYTES, "signatures are those of verify.h");

/* What stands behind the body, copied. */
union trailer {
	uint32_t words[IMAGE_TRAILER_BYTES / sizeof(uint32_t)];
	uint8_t bytes[IMAGE_TRAILER_BYTES];
};

static_assert(sizeof(union trailer) == IMAGE_TRAILER_BYTES, "the trailer is whole words");

/* Of one step; not on the stack, which the signature needs. */
static union trailer trailer;
static struct image_metadata metadata;

static uint32_t body_bytes_of(const struct image_check *check)
{
	return check->bytes - (uint32_t)IMAGE_TRAILER_BYTES;
}

static int check_head(const struct image_check *check)
{
	uint32_t head[HEAD_BYTES / sizeof(uint32_t)], body_bytes = 0;
	int error;

	if (check->bytes < HEAD_BYTES + IMAGE_TRAILER_BYTES)
		return E_IMAGE_TRUNCATED;
	io_copy_in(head, check->address, sizeof(head));
	error = image_parse_head((const uint8_t *)head, sizeof(head), check->bytes, &body_bytes);
	if (error)
		/* Erased flash is the end of a list, but here no package. */
		return -error >= E_IMAGE_MAGIC ? -error : E_IMAGE_MAGIC;
	return body_bytes == body_bytes_of(check) ? 0 : E_MONITOR_IMAGE_LENGTH;
}

static int check_metadata(uint32_t body_bytes, const struct trust_key **key)
{
	int error = -image_parse_metadata(trailer.bytes, sizeof(metadata), body_bytes, &metadata);

	if (error)
		return error;
	if (metadata.type != IMAGE_TYPE_APP)
		return E_MONITOR_IMAGE_PLACE;
	error = trust_find_app(metadata.key_id, metadata.security_version, key);
	if (error)
		return error;
	if (!!((*key)->flags & TRUST_KEY_F_DEVELOPMENT) !=
	    !!(metadata.flags & IMAGE_F_DEVELOPMENT))
		return E_IMAGE_FLAGS;
	if (metadata.security_version < versions_lowest(state_now(), metadata.component_id))
		return E_MONITOR_ROLLBACK;
	return 0;
}

static int check_fields(const struct image_check *check, const struct trust_key **key)
{
	const int error = check_head(check);

	if (error)
		return error;
	io_copy_in(trailer.words, check->address + body_bytes_of(check), sizeof(trailer));
	return check_metadata(body_bytes_of(check), key);
}

int image_check_begin(struct image_check *check, uint32_t address, uint32_t bytes)
{
	const struct trust_key *key = NULL;
	int error;

	*check = (struct image_check){ .address = address, .bytes = bytes };
	error = check_fields(check, &key);
	return error ? error : hash_stream_begin(&check->stream);
}

/* The body is in the hash: the copy of the rest goes in behind it. */
static int check_signature(struct image_check *check, const struct trust_key *key,
			   uint8_t package_hash[CRYPTO_HASH_BYTES])
{
	const uint8_t *signature = trailer.bytes + sizeof(struct image_metadata);
	uint8_t hash[CRYPTO_HASH_BYTES];
	int error = E_MONITOR_CRYPTO;

	if (hash_stream_add(&check->stream, trailer.bytes, sizeof(struct image_metadata)) ||
	    hash_stream_value(&check->stream, hash) ||
	    hash_stream_add(&check->stream, signature, IMAGE_SIGNATURE_BYTES) ||
	    hash_stream_value(&check->stream, package_hash))
		return E_MONITOR_CRYPTO;
	error = crypto_ecdsa_p256_verify(key->point, hash, signature);
	return error == E_MONITOR_SIGNATURE ? E_IMAGE_SIGNATURE : error;
}

static int finish(struct image_check *check, struct image_entry *entry)
{
	uint8_t package_hash[CRYPTO_HASH_BYTES];
	const struct trust_key *key = NULL;
	int error;

	error = check_fields(check, &key);
	if (!error)
		error = check_signature(check, key, package_hash);
	if (error)
		return error;
	entry->bytes = check->bytes;
	entry->security_version = metadata.security_version;
	entry->flags = metadata.flags;
	memcpy(entry->component_id, metadata.component_id, sizeof(entry->component_id));
	memcpy(entry->image_id, metadata.image_id, sizeof(entry->image_id));
	memcpy(entry->key_id, metadata.key_id, sizeof(entry->key_id));
	memcpy(entry->sha256, package_hash, sizeof(entry->sha256));
	return 0;
}

int image_check_step(struct image_check *check, struct image_entry *entry)
{
	uint32_t bytes = body_bytes_of(check) - check->done;

	if (bytes > IMAGE_CHECK_PIECE_BYTES)
		bytes = IMAGE_CHECK_PIECE_BYTES;
	if (hash_stream_add_flash(&check->stream, check->address + check->done, bytes))
		return E_MONITOR_CRYPTO;
	check->done += bytes;
	return check->done < body_bytes_of(check) ? SPH_SMC_E_AGAIN : finish(check, entry);
}
