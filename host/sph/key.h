/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA P-256 keys in PEM files, and the published development keys. */
#ifndef SPH_KEY_H
#define SPH_KEY_H

#include <mbedtls/pk.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi/image.h"
#include "host/sph/complaint.h"

#define KEY_ID_BYTES	32
#define KEY_HASH_BYTES	32
#define KEY_POINT_BYTES	65	/* SEC 1, 2.3.3: 4, then x and y */

struct key {
	mbedtls_pk_context pk;
	uint8_t point[KEY_POINT_BYTES];	/* the public half */
	uint8_t id[KEY_ID_BYTES];	/* SHA-256 of it */
	bool is_private;
	bool is_development;	/* listed in image/keys/dev/KEYS */
};

/* Loads a private or public key.  Errors: E_PACK_KEY.  Free the key after success only. */
int key_load(const char *path, struct key *key, struct complaint *complaint);
void key_free(struct key *key);

/* A public key from its point; @path is for the complaint only.  As key_load(). */
int key_from_point(const uint8_t point[KEY_POINT_BYTES], const char *path, struct key *key,
		   struct complaint *complaint);

/*
 * Finds a development key by file name or by id (the other is NULL) in @folder, or when that is
 * NULL in $SPH_KEYS, or in image/keys/dev of the project that this program was built in.  Writes
 * the path of its file.  Returns 0 or -E_PACK_KEY.
 */
int key_find_development(const char *folder, const char *name, const uint8_t *id, char *path,
			 size_t size, struct complaint *complaint);

/*
 * Loads the private key of @path, or when that is NULL the development key called @name, which
 * key_find_development() finds.  With @release a development key is refused.  Errors: E_PACK_KEY,
 * E_PACK_RELEASE.  Free the key after success only.
 */
int key_load_signer(const char *path, const char *folder, const char *name, bool release,
		    struct key *key, struct complaint *complaint);

/* Deterministic (RFC 6979): the same key and hash always give the same bytes. */
int key_sign(struct key *key, const uint8_t hash[KEY_HASH_BYTES],
	     uint8_t signature[IMAGE_SIGNATURE_BYTES], struct complaint *complaint);

/* Returns 0 when the signature matches, else -E_IMAGE_SIGNATURE. */
int key_verify(struct key *key, const uint8_t hash[KEY_HASH_BYTES],
	       const uint8_t signature[IMAGE_SIGNATURE_BYTES]);

#endif
