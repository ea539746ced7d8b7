// SPDX-License-Identifier: GPL-2.0-only
/* Signs with mbed TLS of the host. */
#include "keys.h"

#include <string.h>

#include <mbedtls/ecdsa.h>
#include <mbedtls/pk.h>
#include <mbedtls/sha256.h>

#include "monitor/root_key.h"
#include "monitor/state/state.h"

static const char *const files[KEYS_COUNT] = {
	[KEYS_ROOT] = DEVELOPMENT_KEYS "/root.pem",
	[KEYS_OS] = DEVELOPMENT_KEYS "/os.pem",
	[KEYS_OEM] = DEVELOPMENT_KEYS "/oem.pem",
};

const uint8_t keys_tenant[TRUST_TENANT_BYTES] = "a tenant of test";

static mbedtls_pk_context keys[KEYS_COUNT];

static int no_random(void *context, unsigned char *bytes, size_t count)
{
	memset(bytes, 0x5a + *(const int *)context, count);
	return 0;
}

static int make_key(int name)
{
	return mbedtls_pk_setup(&keys[name], mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) ||
	       mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(keys[name]), no_random,
				   &name);
}

int keys_load(void)
{
	int error = 0;

	for (int name = 0; !error && name < KEYS_COUNT; name++) {
		mbedtls_pk_init(&keys[name]);
		error = files[name] ? mbedtls_pk_parse_keyfile(&keys[name], files[name], NULL) :
				      make_key(name);
	}
	return error;
}

void keys_free(void)
{
	for (int name = 0; name < KEYS_COUNT; name++)
		mbedtls_pk_free(&keys[name]);
}

void keys_point(enum keys_name name, uint8_t point[65])
{
	const mbedtls_ecp_keypair *pair = mbedtls_pk_ec(keys[name]);
	size_t length;

	mbedtls_ecp_point_write_binary(&pair->grp, &pair->Q, MBEDTLS_ECP_PF_UNCOMPRESSED, &length,
				       point, 65);
}

void keys_id(enum keys_name name, uint8_t id[32])
{
	uint8_t point[65];

	keys_point(name, point);
	mbedtls_sha256_ret(point, sizeof(point), id, 0);
}

void keys_sign(enum keys_name name, const void *bytes, size_t count, uint8_t signature[64])
{
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(keys[name]);
	uint8_t hash[32];
	mbedtls_mpi r, s;
	int seed = 0;

	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	mbedtls_sha256_ret(bytes, count, hash, 0);
	mbedtls_ecdsa_sign_det_ext(&pair->grp, &r, &s, &pair->d, hash, sizeof(hash),
				   MBEDTLS_MD_SHA256, no_random, &seed);
	mbedtls_mpi_write_binary(&r, signature, 32);
	mbedtls_mpi_write_binary(&s, signature + 32, 32);
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&s);
}

void keys_store(struct trust_store *store)
{
	memset(store, 0, sizeof(*store));
	store->magic = TRUST_STORE_MAGIC;
	store->format = TRUST_STORE_FORMAT;
	store->store_bytes = sizeof(*store);
	store->version = 1;
	store->key_count = 3;
	store->flags = TRUST_STORE_F_DEVELOPMENT;
	memcpy(store->root_key_id, root_key.id, sizeof(store->root_key_id));
	for (uint32_t i = 0; i < store->key_count; i++) {
		store->keys[i].role = TRUST_ROLE_OS + i;
		store->keys[i].flags = TRUST_KEY_F_DEVELOPMENT;
		store->keys[i].max_security_version = UINT32_MAX;
		keys_point(KEYS_OS + i, store->keys[i].point);
	}
	memcpy(store->keys[1].tenant_id, keys_tenant, sizeof(keys_tenant));
	store->keys[2].flags = 0;
}

void keys_adopt(const struct trust_store *store)
{
	memcpy(&state_draft()->trust.store, store, sizeof(*store));
	state_commit();
}
