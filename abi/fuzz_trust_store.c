// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a trust store: what is accepted keeps every rule. */
#include <stdlib.h>
#include <string.h>

#include "abi/trust_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_key(const struct trust_store *s, uint32_t index)
{
	static const uint8_t nil[TRUST_TENANT_BYTES];
	const struct trust_key *key = &s->keys[index];
	uint32_t i;

	if (!trust_role_name(key->role) || key->flags & ~TRUST_KEY_F_KNOWN ||
	    key->min_security_version > key->max_security_version ||
	    key->point[0] != 4 ||
	    (key->role == TRUST_ROLE_OEM) !=
		    !!memcmp(key->tenant_id, nil, sizeof(nil)))
		abort();
	for (i = 0; i < index; i++) {
		if (!memcmp(s->keys[i].point, key->point, sizeof(key->point)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct trust_key unused;
	struct trust_store s;
	uint32_t i;

	if (trust_store_parse(data, size, &s))
		return 0;
	if (s.version == 0 || s.key_count == 0 ||
	    s.key_count > TRUST_STORE_KEYS_MAX)
		abort();
	/* Nothing in it means nothing: the bytes are those of the structure. */
	if (memcmp(&s, data, sizeof(s)))
		abort();
	for (i = 0; i < s.key_count; i++)
		check_key(&s, i);
	for (; i < TRUST_STORE_KEYS_MAX; i++) {
		if (memcmp(&s.keys[i], &unused, sizeof(unused)))
			abort();
	}
	return 0;
}
