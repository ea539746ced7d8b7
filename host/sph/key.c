// SPDX-License-Identifier: Apache-2.0
/* Signs and verifies with mbed TLS. */
#include "host/sph/key.h"

#include <limits.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/entropy.h>
#include <mbedtls/sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SCALAR_BYTES 32

struct development_key {
	const char *id; /* hexadecimal */
	const char *file;
};

/*
 * Compiled in, so that a missing folder cannot make a development key look like a real one.  Made
 * from image/keys/dev/KEYS by the Makefile.
 */
static const struct development_key development_keys[] = {
#include "sph_development_keys.inc"
};

static const struct development_key *find_by_id(const uint8_t id[KEY_ID_BYTES])
{
	char text[2 * KEY_ID_BYTES + 1];
	size_t i;

	for (i = 0; i < KEY_ID_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", id[i]);
	for (i = 0; i < ARRAY_SIZE(development_keys); i++) {
		if (!strcmp(development_keys[i].id, text))
			return &development_keys[i];
	}
	return NULL;
}

static int complain_key(struct complaint *complaint, const char *path,
			const char *rule)
{
	return complain(complaint, E_PACK_KEY, "%s: %s", path, rule);
}

/* Fills in @key->point and @key->id.  Returns the rule that the key breaks, or NULL. */
static const char *identify(struct key *key)
{
	mbedtls_ecp_keypair *pair;
	size_t length;

	if (!mbedtls_pk_can_do(&key->pk, MBEDTLS_PK_ECDSA))
		return "must be an ECDSA key";
	pair = mbedtls_pk_ec(key->pk);
	if (pair->grp.id != MBEDTLS_ECP_DP_SECP256R1)
		return "must be a key of the curve P-256";
	/* The id names the public half: a private half that does not fit it would be a lie. */
	if (key->is_private && mbedtls_ecp_check_pub_priv(pair, pair))
		return "the public and the private half must belong together";
	if (mbedtls_ecp_point_write_binary(&pair->grp, &pair->Q,
					   MBEDTLS_ECP_PF_UNCOMPRESSED, &length,
					   key->point, sizeof(key->point)) ||
	    length != KEY_POINT_BYTES ||
	    mbedtls_sha256_ret(key->point, sizeof(key->point), key->id, 0))
		return "must be a key of the curve P-256";
	return NULL;
}

int key_load(const char *path, struct key *key, struct complaint *complaint)
{
	const char *rule = "must be a PEM file with a key and no password";

	memset(key, 0, sizeof(*key));
	mbedtls_pk_init(&key->pk);
	if (access(path, R_OK))
		return complain_key(complaint, path, "cannot be read");
	if (!mbedtls_pk_parse_keyfile(&key->pk, path, NULL)) {
		key->is_private = true;
		rule = identify(key);
	} else if (!mbedtls_pk_parse_public_keyfile(&key->pk, path)) {
		rule = identify(key);
	}
	if (rule) {
		key_free(key);
		return complain_key(complaint, path, rule);
	}
	key->is_development = find_by_id(key->id) != NULL;
	return 0;
}

int key_from_point(const uint8_t point[KEY_POINT_BYTES], const char *path,
		   struct key *key, struct complaint *complaint)
{
	const char *rule = "must be a key of the curve P-256";
	mbedtls_ecp_keypair *pair;

	memset(key, 0, sizeof(*key));
	mbedtls_pk_init(&key->pk);
	if (!mbedtls_pk_setup(&key->pk,
			      mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY))) {
		pair = mbedtls_pk_ec(key->pk);
		if (!mbedtls_ecp_group_load(&pair->grp,
					    MBEDTLS_ECP_DP_SECP256R1) &&
		    !mbedtls_ecp_point_read_binary(&pair->grp, &pair->Q, point,
						   KEY_POINT_BYTES) &&
		    !mbedtls_ecp_check_pubkey(&pair->grp, &pair->Q))
			rule = identify(key);
	}
	if (rule) {
		key_free(key);
		return complain_key(complaint, path, rule);
	}
	key->is_development = find_by_id(key->id) != NULL;
	return 0;
}

void key_free(struct key *key)
{
	mbedtls_pk_free(&key->pk);
}

/* Looks for @file upwards from the program: build/host/sph is in the project. */
static int find_in_project(const char *file, char *path, size_t size)
{
	char folder[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	char *slash;

	if (length < 0)
		return -1;
	folder[length] = '\0';
	while ((slash = strrchr(folder, '/'))) {
		*slash = '\0';
		if (snprintf(path, size, "%s/image/keys/dev/%s", folder, file) <
			    (int)size &&
		    !access(path, R_OK))
			return 0;
	}
	return -1;
}

int key_find_development(const char *folder, const char *name,
			 const uint8_t *id, char *path, size_t size,
			 struct complaint *complaint)
{
	const struct development_key *known = id ? find_by_id(id) : NULL;

	if (known)
		name = known->file;
	if (!name)
		return complain(complaint, E_PACK_KEY,
				"the image is signed with a key that is no"
				" development key: name it with --key");
	if (!folder)
		folder = getenv("SPH_KEYS");
	if (folder && snprintf(path, size, "%s/%s", folder, name) < (int)size)
		return 0;
	if (!folder && !find_in_project(name, path, size))
		return 0;
	return complain(complaint, E_PACK_KEY,
			"%s: the folder of the development keys was not found:"
			" use --keys or SPH_KEYS",
			name);
}

int key_load_signer(const char *path, const char *folder, const char *name,
		    bool release, struct key *key, struct complaint *complaint)
{
	char found[PATH_MAX];
	int result;

	if (!path) {
		result = key_find_development(folder, name, NULL, found,
					      sizeof(found), complaint);
		if (result)
			return result;
		path = found;
	}
	result = key_load(path, key, complaint);
	if (result)
		return result;
	if (!key->is_private)
		result = complain(complaint, E_PACK_KEY,
				  "%s: must be a private key to sign", path);
	else if (release && key->is_development)
		result = complain(complaint, E_PACK_RELEASE,
				  "%s: a development key must not sign a"
				  " release",
				  path);
	if (result)
		key_free(key);
	return result;
}

int key_sign(struct key *key, const uint8_t hash[KEY_HASH_BYTES],
	     uint8_t signature[IMAGE_SIGNATURE_BYTES],
	     struct complaint *complaint)
{
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(key->pk);
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context random;
	mbedtls_mpi r, s;
	int result = -1;

	mbedtls_entropy_init(&entropy);
	mbedtls_ctr_drbg_init(&random);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	/* The random numbers only blind the computation; they leave no trace in r and s. */
	if (mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL,
				  0) ||
	    mbedtls_ecdsa_sign_det_ext(&pair->grp, &r, &s, &pair->d, hash,
				       KEY_HASH_BYTES, MBEDTLS_MD_SHA256,
				       mbedtls_ctr_drbg_random, &random) ||
	    mbedtls_mpi_write_binary(&r, signature, SCALAR_BYTES) ||
	    mbedtls_mpi_write_binary(&s, signature + SCALAR_BYTES,
				     SCALAR_BYTES))
		complain(complaint, E_PACK_KEY, "the key cannot sign");
	else
		result = 0;
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&s);
	mbedtls_ctr_drbg_free(&random);
	mbedtls_entropy_free(&entropy);
	return result ? -E_PACK_KEY : 0;
}

int key_verify(struct key *key, const uint8_t hash[KEY_HASH_BYTES],
	       const uint8_t signature[IMAGE_SIGNATURE_BYTES])
{
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(key->pk);
	mbedtls_mpi r, s;
	int result = -E_IMAGE_SIGNATURE;

	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	if (!mbedtls_mpi_read_binary(&r, signature, SCALAR_BYTES) &&
	    !mbedtls_mpi_read_binary(&s, signature + SCALAR_BYTES,
				     SCALAR_BYTES) &&
	    !mbedtls_ecdsa_verify(&pair->grp, hash, KEY_HASH_BYTES, &pair->Q,
				  &r, &s))
		result = 0;
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&s);
	return result;
}
