// SPDX-License-Identifier: Apache-2.0
/* sph trust sign: the trust store of a product, or that of the development keys. */
#include <getopt.h>
#include <limits.h>
#include <mbedtls/sha256.h>
#include <string.h>

#include "abi/bytes.h"
#include "abi/image.h"
#include "abi/trust_store.h"
#include "host/sph/command.h"
#include "host/sph/file.h"
#include "host/sph/key.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Whose apps the development key oem.pem signs. */
static const char development_tenant[] = "d0e5c9a2-7b1f-4d3e-9c46-5f8a2b6e1d70";

/* A key of the command line, and what was said of it. */
struct listed_key {
	uint32_t role;
	const char *path;
	const char *tenant;
	uint32_t min_security_version, max_security_version;
	bool is_revoked;
};

struct sign_options {
	struct listed_key keys[TRUST_STORE_KEYS_MAX];
	uint32_t key_count;
	uint32_t version;
	const char *output, *root_key, *folder;
	bool release;
};

enum {
	OPTION_OS = TRUST_ROLE_OS,
	OPTION_OEM = TRUST_ROLE_OEM,
	OPTION_DEBUG = TRUST_ROLE_DEBUG,
	OPTION_VERSION,
	OPTION_TENANT,
	OPTION_MIN,
	OPTION_MAX,
	OPTION_REVOKED,
	OPTION_ROOT_KEY,
	OPTION_KEYS,
	OPTION_RELEASE,
};

static const struct option long_options[] = {
	{ "os", required_argument, NULL, OPTION_OS },
	{ "oem", required_argument, NULL, OPTION_OEM },
	{ "debug", required_argument, NULL, OPTION_DEBUG },
	{ "tenant", required_argument, NULL, OPTION_TENANT },
	{ "min-security-version", required_argument, NULL, OPTION_MIN },
	{ "max-security-version", required_argument, NULL, OPTION_MAX },
	{ "revoked", no_argument, NULL, OPTION_REVOKED },
	{ "version", required_argument, NULL, OPTION_VERSION },
	{ "root-key", required_argument, NULL, OPTION_ROOT_KEY },
	{ "keys", required_argument, NULL, OPTION_KEYS },
	{ "release", no_argument, NULL, OPTION_RELEASE },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int add_key(struct sign_options *o, uint32_t role, const char *path)
{
	if (o->key_count == ARRAY_SIZE(o->keys))
		return COMMAND_USAGE;
	o->keys[o->key_count++] = (struct listed_key){
		.role = role,
		.path = path,
		.max_security_version = UINT32_MAX,
	};
	return 0;
}

/* What is said of the key before it. */
static int parse_key_option(int option, struct sign_options *o)
{
	struct listed_key *key;

	if (!o->key_count)
		return COMMAND_USAGE;
	key = &o->keys[o->key_count - 1];
	switch (option) {
	case OPTION_TENANT:
		key->tenant = optarg;
		return 0;
	case OPTION_MIN:
		return command_parse_u32(optarg, &key->min_security_version);
	case OPTION_MAX:
		return command_parse_u32(optarg, &key->max_security_version);
	case OPTION_REVOKED:
		key->is_revoked = true;
		return 0;
	default:
		return COMMAND_USAGE;
	}
}

static int parse_option(int option, struct sign_options *o)
{
	switch (option) {
	case OPTION_OS:
	case OPTION_OEM:
	case OPTION_DEBUG:
		return add_key(o, (uint32_t)option, optarg);
	case OPTION_VERSION:
		return command_parse_u32(optarg, &o->version);
	case OPTION_ROOT_KEY:
		o->root_key = optarg;
		return 0;
	case OPTION_KEYS:
		o->folder = optarg;
		return 0;
	case OPTION_RELEASE:
		o->release = true;
		return 0;
	case 'o':
		o->output = optarg;
		return 0;
	default:
		return parse_key_option(option, o);
	}
}

/* With a root key of one's own the development keys are listed only if they are named. */
static int parse_options(int argc, char **argv, struct sign_options *o)
{
	int option;

	*o = (struct sign_options){ .version = 1 };
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) !=
	       -1) {
		if (parse_option(option, o))
			return COMMAND_USAGE;
	}
	if (optind != argc || !o->output || (!o->key_count && o->root_key))
		return COMMAND_USAGE;
	if (!o->key_count) {
		add_key(o, TRUST_ROLE_OS, NULL);
		add_key(o, TRUST_ROLE_OEM, NULL);
		o->keys[1].tenant = development_tenant;
	}
	return 0;
}

/* Loads the public half of a listed key; that of the development keys when it has no path. */
static int load(const struct sign_options *o, const struct listed_key *listed,
		struct key *key, struct complaint *complaint)
{
	const char *name = listed->role == TRUST_ROLE_OS ? "os.pem" : "oem.pem";
	const char *path = listed->path;
	char found[PATH_MAX];
	int result;

	if (!path) {
		result = key_find_development(o->folder, name, NULL, found,
					      sizeof(found), complaint);
		if (result)
			return result;
		path = found;
	}
	result = key_load(path, key, complaint);
	if (result || !o->release || !key->is_development)
		return result;
	key_free(key);
	return complain(complaint, E_PACK_RELEASE,
			"%s: a development key must not sign a release", path);
}

/* Which rule of abi/trust_store.md a key breaks that the parser would refuse; NULL: none. */
static const char *broken_rule(const struct trust_store *store,
			       const struct listed_key *listed,
			       struct trust_key *key)
{
	uint32_t i;

	if (!listed->tenant != (listed->role != TRUST_ROLE_OEM))
		return "--tenant belongs to each --oem and to no other key";
	if (listed->tenant && image_uuid_parse(listed->tenant,
					       strlen(listed->tenant),
					       key->tenant_id))
		return "--tenant must be a UUID";
	if (key->min_security_version > key->max_security_version)
		return "the highest security version is below the lowest";
	for (i = 0; i < store->key_count; i++) {
		if (!memcmp(store->keys[i].point, key->point,
			    sizeof(key->point)))
			return "the key is listed twice";
	}
	return NULL;
}

static int add_listed(const struct sign_options *o,
		      const struct listed_key *listed,
		      struct trust_store *store, struct complaint *complaint)
{
	struct trust_key *entry = &store->keys[store->key_count];
	const char *path = listed->path ? listed->path : "development key";
	const char *rule;
	struct key key;
	int result = load(o, listed, &key, complaint);

	if (result)
		return result;
	entry->role = listed->role;
	entry->flags = (key.is_development ? TRUST_KEY_F_DEVELOPMENT : 0) |
		       (listed->is_revoked ? TRUST_KEY_F_REVOKED : 0);
	entry->min_security_version = listed->min_security_version;
	entry->max_security_version = listed->max_security_version;
	memcpy(entry->point, key.point, sizeof(entry->point));
	key_free(&key);
	rule = broken_rule(store, listed, entry);
	if (rule)
		return complain(complaint, E_MONITOR_TRUST_FIELD, "%s: %s",
				path, rule);
	store->key_count++;
	return 0;
}

#define FIELD(p, field) ((p) + offsetof(struct trust_store, field))
#define KEY_FIELD(p, field) ((p) + offsetof(struct trust_key, field))

static void put_key(const struct trust_key *key, uint8_t *p)
{
	put_le32(KEY_FIELD(p, role), key->role);
	put_le32(KEY_FIELD(p, flags), key->flags);
	put_le32(KEY_FIELD(p, min_security_version), key->min_security_version);
	put_le32(KEY_FIELD(p, max_security_version), key->max_security_version);
	memcpy(KEY_FIELD(p, tenant_id), key->tenant_id, sizeof(key->tenant_id));
	memcpy(KEY_FIELD(p, point), key->point, sizeof(key->point));
}

static void put_store(const struct trust_store *store, uint8_t *p)
{
	uint32_t i;

	put_le32(FIELD(p, magic), TRUST_STORE_MAGIC);
	put_le16(FIELD(p, format), TRUST_STORE_FORMAT);
	put_le16(FIELD(p, store_bytes), sizeof(*store));
	put_le32(FIELD(p, version), store->version);
	put_le32(FIELD(p, key_count), store->key_count);
	put_le32(FIELD(p, flags), store->flags);
	memcpy(FIELD(p, root_key_id), store->root_key_id,
	       sizeof(store->root_key_id));
	for (i = 0; i < store->key_count; i++)
		put_key(&store->keys[i],
			FIELD(p, keys) + i * sizeof(struct trust_key));
}

/* What the device will refuse must not leave this house: it is parsed before it is signed. */
static int sign(struct trust_store *store, struct key *root,
		uint8_t out[TRUST_STORE_BYTES], struct complaint *complaint)
{
	struct trust_store check;
	uint8_t hash[KEY_HASH_BYTES];

	store->flags = root->is_development ? TRUST_STORE_F_DEVELOPMENT : 0;
	memcpy(store->root_key_id, root->id, sizeof(store->root_key_id));
	put_store(store, out);
	if (trust_store_parse(out, sizeof(*store), &check))
		return complain(complaint, E_MONITOR_TRUST_FIELD,
				"--version: must be 1 or more");
	if (mbedtls_sha256_ret(out, sizeof(*store), hash, 0))
		return complain(complaint, E_PACK_KEY, "SHA-256 failed");
	return key_sign(root, hash, out + sizeof(*store), complaint);
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	struct trust_store store = { 0 };
	uint8_t bytes[TRUST_STORE_BYTES] = { 0 };
	struct sign_options o;
	struct key root;
	uint32_t i;
	int result = parse_options(argc, argv, &o);

	if (result)
		return result;
	store.version = o.version;
	result = key_load_signer(o.root_key, o.folder, "root.pem", o.release,
				 &root, complaint);
	if (result)
		return result;
	for (i = 0; !result && i < o.key_count; i++)
		result = add_listed(&o, &o.keys[i], &store, complaint);
	if (!result)
		result = sign(&store, &root, bytes, complaint);
	if (!result)
		result = file_write(o.output, bytes, sizeof(bytes), complaint);
	key_free(&root);
	return result;
}

const struct command command_trust_sign = {
	.noun = "trust",
	.verb = "sign",
	.synopsis = "[--os FILE|--oem FILE --tenant UUID|--debug FILE]... -o FILE [options]",
	.summary = "make the signed list of keys that a device trusts",
	.options =
		"  --os FILE              a key (PEM, ECDSA P-256; the public half will do) that\n"
		"                         signs the OS\n"
		"  --oem FILE             a key that signs the apps of a tenant\n"
		"  --debug FILE           a key that signs apps while debugging is open\n"
		"                         without any: the development keys of OS and OEM\n"
		"of the key before them:\n"
		"  --tenant UUID          the tenant of an OEM key\n"
		"  --min-security-version N  it signs from this security version, default 0\n"
		"  --max-security-version N  to this one, default 4294967295\n"
		"  --revoked              it signs nothing any more\n"
		"\n"
		"  -o, --output FILE      the trust store to write\n"
		"  --version N            default 1; a device takes only higher ones\n"
		"  --root-key FILE        private key that signs; default: the development key\n"
		"  --keys DIR             folder of the development keys\n"
		"  --release              refuse development keys\n",
	.run = run,
};
