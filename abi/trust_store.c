// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* The only parser of trust stores.  Freestanding: the monitor contains it. */
#include "abi/trust_store.h"

#include <string.h>

#include "abi/bytes.h"
#include "abi/errors.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define POINT_UNCOMPRESSED 4 /* SEC 1, 2.3.3 */

static const char *const role_names[] = {
	[TRUST_ROLE_OS] = "OS",
	[TRUST_ROLE_OEM] = "OEM",
	[TRUST_ROLE_DEBUG] = "debug",
};

#define FIELD(bytes, field) ((bytes) + offsetof(struct trust_store, field))
#define KEY_FIELD(bytes, field) ((bytes) + offsetof(struct trust_key, field))

static void read_key(const uint8_t *bytes, struct trust_key *key)
{
	key->role = get_le32(KEY_FIELD(bytes, role));
	key->flags = get_le32(KEY_FIELD(bytes, flags));
	key->min_security_version =
		get_le32(KEY_FIELD(bytes, min_security_version));
	key->max_security_version =
		get_le32(KEY_FIELD(bytes, max_security_version));
	memcpy(key->tenant_id, KEY_FIELD(bytes, tenant_id),
	       sizeof(key->tenant_id));
	memcpy(key->point, KEY_FIELD(bytes, point), sizeof(key->point));
	memcpy(key->reserved, KEY_FIELD(bytes, reserved),
	       sizeof(key->reserved));
}

/* Field by field, because the bytes are little-endian and may be unaligned. */
static void read_store(const uint8_t *bytes, struct trust_store *s)
{
	size_t i;

	s->magic = get_le32(FIELD(bytes, magic));
	s->format = get_le16(FIELD(bytes, format));
	s->store_bytes = get_le16(FIELD(bytes, store_bytes));
	s->version = get_le32(FIELD(bytes, version));
	s->key_count = get_le32(FIELD(bytes, key_count));
	s->flags = get_le32(FIELD(bytes, flags));
	memcpy(s->root_key_id, FIELD(bytes, root_key_id),
	       sizeof(s->root_key_id));
	memcpy(s->reserved, FIELD(bytes, reserved), sizeof(s->reserved));
	for (i = 0; i < TRUST_STORE_KEYS_MAX; i++)
		read_key(FIELD(bytes, keys) + i * sizeof(struct trust_key),
			 &s->keys[i]);
}

static int fields_are_valid(const struct trust_store *s)
{
	return s->magic == TRUST_STORE_MAGIC &&
	       s->format == TRUST_STORE_FORMAT &&
	       s->store_bytes == sizeof(*s) && s->version >= 1 &&
	       s->key_count >= 1 && s->key_count <= TRUST_STORE_KEYS_MAX &&
	       !(s->flags & ~TRUST_STORE_F_KNOWN) &&
	       bytes_are(s->reserved, sizeof(s->reserved), 0);
}

static int key_is_valid(const struct trust_key *key)
{
	const int is_nil = bytes_are(key->tenant_id, sizeof(key->tenant_id), 0);

	return trust_role_name(key->role) &&
	       !(key->flags & ~TRUST_KEY_F_KNOWN) &&
	       key->min_security_version <= key->max_security_version &&
	       is_nil == (key->role != TRUST_ROLE_OEM) &&
	       key->point[0] == POINT_UNCOMPRESSED &&
	       bytes_are(key->reserved, sizeof(key->reserved), 0);
}

/* Twice the same key could be revoked once and valid once. */
static int is_listed_before(const struct trust_store *s, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < index; i++) {
		if (!memcmp(s->keys[i].point, s->keys[index].point,
			    TRUST_POINT_BYTES))
			return 1;
	}
	return 0;
}

int trust_store_parse(const uint8_t *bytes, size_t byte_count,
		      struct trust_store *store)
{
	uint32_t i;

	if (byte_count < sizeof(*store))
		return -E_MONITOR_TRUST_FIELD;
	read_store(bytes, store);
	if (!fields_are_valid(store))
		return -E_MONITOR_TRUST_FIELD;
	for (i = 0; i < store->key_count; i++) {
		if (!key_is_valid(&store->keys[i]) ||
		    is_listed_before(store, i))
			return -E_MONITOR_TRUST_FIELD;
	}
	if (!bytes_are((const uint8_t *)&store->keys[i],
		      (TRUST_STORE_KEYS_MAX - i) * sizeof(store->keys[0]), 0))
		return -E_MONITOR_TRUST_FIELD;
	return 0;
}

const char *trust_role_name(uint32_t role)
{
	return role < ARRAY_SIZE(role_names) ? role_names[role] : NULL;
}
