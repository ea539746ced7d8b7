// SPDX-License-Identifier: Apache-2.0
/* sph trust show: what a trust store says. */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <mbedtls/sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/image.h"
#include "abi/trust_store.h"
#include "host/sph/command.h"
#include "host/sph/file.h"
#include "host/sph/key.h"

struct show_options {
	const char *file, *root_key, *folder;
};

static int load_root(const struct show_options *o,
		     const struct trust_store *store, struct key *key,
		     struct complaint *complaint)
{
	char found[PATH_MAX];

	if (o->root_key)
		return key_load(o->root_key, key, complaint);
	if (!(store->flags & TRUST_STORE_F_DEVELOPMENT))
		return complain(complaint, E_PACK_KEY,
				"%s: its root key is no development key: name it"
				" with --root-key",
				o->file);
	if (key_find_development(o->folder, NULL, store->root_key_id, found,
				 sizeof(found), complaint))
		return -complaint->number;
	return key_load(found, key, complaint);
}

static int check_signature(const struct show_options *o,
			   const struct trust_store *store,
			   const uint8_t *bytes, struct complaint *complaint)
{
	uint8_t hash[KEY_HASH_BYTES];
	struct key key;
	int result = load_root(o, store, &key, complaint);

	if (result)
		return result;
	if (memcmp(key.id, store->root_key_id, sizeof(key.id)) ||
	    mbedtls_sha256_ret(bytes, sizeof(*store), hash, 0) ||
	    key_verify(&key, hash, bytes + sizeof(*store)))
		result = complain(complaint, E_MONITOR_TRUST_STORE,
				  "%s: not signed by this root key", o->file);
	key_free(&key);
	return result;
}

static void print_hex(const uint8_t *bytes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		printf("%02x", bytes[i]);
}

static void print_key(const struct trust_key *key)
{
	char tenant[IMAGE_UUID_TEXT_BYTES] = "-";
	uint8_t id[KEY_ID_BYTES] = { 0 };

	if (key->role == TRUST_ROLE_OEM)
		image_uuid_format(key->tenant_id, tenant);
	mbedtls_sha256_ret(key->point, sizeof(key->point), id, 0);
	printf("%-5s %10" PRIu32 " %10" PRIu32 "  %-36s  %-7s  %-11s  ",
	       trust_role_name(key->role), key->min_security_version,
	       key->max_security_version, tenant,
	       key->flags & TRUST_KEY_F_REVOKED ? "revoked" : "-",
	       key->flags & TRUST_KEY_F_DEVELOPMENT ? "development" : "-");
	print_hex(id, sizeof(id));
	printf("\n");
}

static void print_store(const struct trust_store *store, bool is_valid)
{
	uint32_t i;

	printf("version    %" PRIu32 "\n", store->version);
	printf("root key   ");
	print_hex(store->root_key_id, sizeof(store->root_key_id));
	printf("%s\n", store->flags & TRUST_STORE_F_DEVELOPMENT ?
			       ", a published development key" :
			       "");
	printf("signature  %s\n\n", is_valid ? "valid" : "not verified");
	printf("%-5s %10s %10s  %-36s  %-7s  %-11s  %s\n", "role", "from", "to",
	       "tenant", "revoked", "development", "key id");
	for (i = 0; i < store->key_count; i++)
		print_key(&store->keys[i]);
}

static int show(const struct show_options *o, struct complaint *complaint)
{
	struct trust_store store;
	struct bytes file;
	int result = file_read(o->file, TRUST_STORE_BYTES + 1, &file, complaint);

	if (result)
		return result;
	if (file.length != TRUST_STORE_BYTES ||
	    trust_store_parse(file.data, sizeof(store), &store)) {
		result = complain(complaint, E_MONITOR_TRUST_FIELD,
				  "%s: no trust store, or a field breaks its rule",
				  o->file);
	} else {
		result = check_signature(o, &store, file.data, complaint);
		print_store(&store, !result);
		fflush(stdout);
	}
	free(file.data);
	return result;
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	static const struct option long_options[] = {
		{ "root-key", required_argument, NULL, 'k' },
		{ "keys", required_argument, NULL, 'K' },
		{ NULL, 0, NULL, 0 },
	};
	struct show_options o = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) !=
	       -1) {
		if (option == 'k')
			o.root_key = optarg;
		else if (option == 'K')
			o.folder = optarg;
		else
			return COMMAND_USAGE;
	}
	if (optind != argc - 1)
		return COMMAND_USAGE;
	o.file = argv[optind];
	return show(&o, complaint);
}

const struct command command_trust_show = {
	.noun = "trust",
	.verb = "show",
	.synopsis = "FILE [--root-key FILE] [--keys DIR]",
	.summary = "print the keys of a trust store and whether its signature matches",
	.options =
		"  --root-key FILE        public or private root key (PEM); default: the\n"
		"                         development key\n"
		"  --keys DIR             folder of the development keys\n",
	.run = run,
};
