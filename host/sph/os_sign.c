// SPDX-License-Identifier: Apache-2.0
/* sph os sign: the boot manifest of what a slot will hold. */
#include <getopt.h>
#include <mbedtls/sha256.h>
#include <string.h>

#include "abi/bytes.h"
#include "abi/boot_manifest.h"
#include "host/sph/command.h"
#include "host/sph/file.h"
#include "host/sph/key.h"
#include "host/sph/os_parts.h"

struct sign_options {
	struct os_parts parts;
	const char *output, *key, *keys, *os_version;
	uint32_t security_version;
	bool release;
};

static const struct option long_options[] = {
	OS_PARTS_OPTIONS,
	{ "output", required_argument, NULL, 'o' },
	{ "os-version", required_argument, NULL, 'v' },
	{ "security-version", required_argument, NULL, 's' },
	{ "key", required_argument, NULL, 'k' },
	{ "keys", required_argument, NULL, 'K' },
	{ "release", no_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static int parse_option(int option, struct sign_options *o)
{
	switch (option) {
	case 'o':
		o->output = optarg;
		return 0;
	case 'v':
		o->os_version = optarg;
		return 0;
	case 's':
		return command_parse_u32(optarg, &o->security_version);
	case 'k':
		o->key = optarg;
		return 0;
	case 'K':
		o->keys = optarg;
		return 0;
	case 'r':
		o->release = true;
		return 0;
	default:
		return os_parts_take(&o->parts, option, optarg);
	}
}

static int parse_options(int argc, char **argv, struct sign_options *o)
{
	int option;

	*o = (struct sign_options){ .os_version = "development",
				    .security_version = 1 };
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) !=
	       -1) {
		if (parse_option(option, o))
			return COMMAND_USAGE;
	}
	if (optind != argc || !o->output || !os_parts_are_complete(&o->parts))
		return COMMAND_USAGE;
	return 0;
}

#define FIELD(p, field) ((p) + offsetof(struct boot_manifest, field))
#define PART_FIELD(p, field) ((p) + offsetof(struct boot_part, field))

static void put_manifest(const struct boot_manifest *m, uint8_t *p)
{
	uint32_t i;

	put_le32(FIELD(p, magic), m->magic);
	put_le16(FIELD(p, format), m->format);
	put_le16(FIELD(p, manifest_bytes), m->manifest_bytes);
	put_le32(FIELD(p, security_version), m->security_version);
	put_le32(FIELD(p, flags), m->flags);
	put_le32(FIELD(p, part_count), m->part_count);
	memcpy(FIELD(p, os_version), m->os_version, sizeof(m->os_version));
	memcpy(FIELD(p, key_id), m->key_id, sizeof(m->key_id));
	memcpy(FIELD(p, board), m->board, sizeof(m->board));
	for (i = 0; i < m->part_count; i++) {
		const struct boot_part *part = &m->parts[i];
		uint8_t *q = FIELD(p, parts) + i * sizeof(*part);

		put_le32(PART_FIELD(q, kind), part->kind);
		put_le32(PART_FIELD(q, offset), part->offset);
		put_le32(PART_FIELD(q, bytes), part->bytes);
		memcpy(PART_FIELD(q, sha256), part->sha256,
		       sizeof(part->sha256));
	}
}

/* What the device will refuse must not leave this house. */
static int check(const uint8_t *bytes, struct complaint *complaint)
{
	struct boot_manifest m;
	int result = boot_manifest_parse(bytes, sizeof(m), &os_layout, &m);

	if (result == -E_MONITOR_MANIFEST_PARTS)
		return complain(complaint, E_MONITOR_MANIFEST_PARTS,
				"a file is empty or larger than its place in"
				" the slot");
	if (result)
		return complain(complaint, E_MONITOR_MANIFEST_FIELD,
				"--os-version: must be 1 to 31 printable ASCII"
				" characters");
	return 0;
}

static int sign(struct boot_manifest *m, struct key *key,
		uint8_t out[BOOT_MANIFEST_BYTES], struct complaint *complaint)
{
	uint8_t hash[KEY_HASH_BYTES];
	int result;

	m->magic = BOOT_MANIFEST_MAGIC;
	m->format = BOOT_MANIFEST_FORMAT;
	m->manifest_bytes = sizeof(*m);
	m->flags = key->is_development ? BOOT_MANIFEST_F_DEVELOPMENT : 0;
	memcpy(m->key_id, key->id, sizeof(m->key_id));
	memcpy(m->board, os_layout.board, strlen(os_layout.board));
	put_manifest(m, out);
	result = check(out, complaint);
	if (result)
		return result;
	if (mbedtls_sha256_ret(out, sizeof(*m), hash, 0))
		return complain(complaint, E_PACK_KEY, "SHA-256 failed");
	return key_sign(key, hash, out + sizeof(*m), complaint);
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	struct boot_manifest manifest = { 0 };
	uint8_t bytes[BOOT_MANIFEST_BYTES] = { 0 };
	struct sign_options o;
	struct key key;
	int result = parse_options(argc, argv, &o);

	if (result)
		return result;
	/* Too long a text stays without its NUL, and is refused for that. */
	memcpy(manifest.os_version, o.os_version,
	       strnlen(o.os_version, sizeof(manifest.os_version)));
	manifest.security_version = o.security_version;
	result = key_load_signer(o.key, o.keys, "os.pem", o.release, &key,
				 complaint);
	if (result)
		return result;
	result = os_parts_add(&o.parts, &manifest, NULL, complaint);
	if (!result)
		result = sign(&manifest, &key, bytes, complaint);
	if (!result)
		result = file_write(o.output, bytes, sizeof(bytes), complaint);
	key_free(&key);
	return result;
}

const struct command command_os_sign = {
	.noun = "os",
	.verb = "sign",
	.synopsis = "--dtb FILE... --kernel FILE --system FILE... -o FILE [options]",
	.summary = "make the signed boot manifest of a slot",
	.options =
		OS_PARTS_HELP
		"  -o, --output FILE      the boot manifest to write\n"
		"  --os-version TEXT      1 to 31 printable characters, default \"development\"\n"
		"  --security-version N   anti-rollback version, default 1\n"
		"  --key FILE             private key (PEM, ECDSA P-256); default: the\n"
		"                         development key of the OS\n"
		"  --keys DIR             folder of the development keys\n"
		"  --release              refuse development keys\n",
	.run = run,
};
