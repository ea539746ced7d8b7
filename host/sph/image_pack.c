// SPDX-License-Identifier: Apache-2.0
/* sph image pack: a folder becomes a signed image package. */
#include <getopt.h>
#include <mbedtls/sha256.h>
#include <stdlib.h>
#include <string.h>

#include "abi/bytes.h"
#include "abi/image.h"
#include "host/sph/command.h"
#include "host/sph/cramfs.h"
#include "host/sph/elf_check.h"
#include "host/sph/key.h"
#include "host/sph/manifest_file.h"
#include "host/sph/tree.h"

struct pack_options {
	const char *folder, *output, *board, *key, *keys, *name, *component_id;
	uint32_t type;
	uint32_t security_version;
	bool release;
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "type", required_argument, NULL, 't' },
	{ "board", required_argument, NULL, 'b' },
	{ "key", required_argument, NULL, 'k' },
	{ "keys", required_argument, NULL, 'K' },
	{ "security-version", required_argument, NULL, 's' },
	{ "name", required_argument, NULL, 'n' },
	{ "component-id", required_argument, NULL, 'c' },
	{ "release", no_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static int parse_type(const char *text, uint32_t *type)
{
	for (*type = IMAGE_TYPE_APP; image_type_name(*type); (*type)++) {
		if (!strcmp(text, image_type_name(*type)))
			return 0;
	}
	return COMMAND_USAGE;
}

static int parse_option(int option, struct pack_options *o)
{
	switch (option) {
	case 'o':
		o->output = optarg;
		return 0;
	case 't':
		return parse_type(optarg, &o->type);
	case 'b':
		o->board = optarg;
		return 0;
	case 'k':
		o->key = optarg;
		return 0;
	case 'K':
		o->keys = optarg;
		return 0;
	case 's':
		return command_parse_u32(optarg, &o->security_version);
	case 'n':
		o->name = optarg;
		return 0;
	case 'c':
		o->component_id = optarg;
		return 0;
	case 'r':
		o->release = true;
		return 0;
	default:
		return COMMAND_USAGE;
	}
}

static int parse_options(int argc, char **argv, struct pack_options *o)
{
	bool is_rootfs;
	int option;

	*o = (struct pack_options){ .type = IMAGE_TYPE_APP,
				    .security_version = 1 };
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) !=
	       -1) {
		if (parse_option(option, o))
			return COMMAND_USAGE;
	}
	if (optind != argc - 1 || !o->output)
		return COMMAND_USAGE;
	o->folder = argv[optind];
	/* The manifest gives an app its name; the root filesystem has none. */
	is_rootfs = o->type == IMAGE_TYPE_ROOTFS;
	if (is_rootfs != (o->name != NULL) ||
	    is_rootfs != (o->component_id != NULL) || (is_rootfs && o->board))
		return COMMAND_USAGE;
	return 0;
}

static int check_entry_point(const struct tree *tree,
			     const struct manifest *manifest,
			     struct complaint *complaint)
{
	const char *path = manifest->entry_point;
	unsigned int index = tree_find(tree, path + 1);
	const struct tree_node *node = &tree->nodes[index];
	const char *rule;

	if (!index)
		return complain(complaint, E_PACK_ENTRY_POINT,
				"%s: EntryPoint must be in the folder", path);
	if (node->kind != TREE_FILE)
		return complain(complaint, E_PACK_ENTRY_POINT,
				"%s: EntryPoint must be a regular file", path);
	if (!node->executable)
		return complain(complaint, E_PACK_ENTRY_POINT,
				"%s: EntryPoint must have execute permission",
				path);
	rule = elf_check(node->data, node->size);
	if (rule)
		return complain(complaint, E_PACK_ELF, "%s: %s", path, rule);
	return 0;
}

/* Checks the manifest of @tree and puts its packed form in its place. */
static int apply_manifest(struct tree *tree, const struct board *board,
			  bool is_system, struct manifest *manifest,
			  struct complaint *complaint)
{
	unsigned int index = tree_find(tree, MANIFEST_FILE);
	struct tree_node *node = &tree->nodes[index];
	struct bytes packed = { NULL, 0 };
	int result;

	if (!index || node->kind != TREE_FILE)
		return complain(complaint, E_PACK_MANIFEST,
				"%s: must be a file in the folder",
				MANIFEST_FILE);
	result = manifest_file_check(MANIFEST_FILE, (const char *)node->data,
				     node->size, board, is_system, manifest,
				     complaint);
	if (result)
		return result;
	result = manifest_file_resolve((const char *)node->data, node->size,
				       board, is_system, &packed, complaint);
	if (result) {
		free(packed.data);
		return result;
	}
	free(node->data);
	node->data = packed.data;
	node->size = (uint32_t)packed.length;
	return check_entry_point(tree, manifest, complaint);
}

/* Who the image is: from the manifest, or for a root filesystem from the options. */
static int identify(const struct pack_options *o, struct tree *tree,
		    struct image_metadata *m, struct complaint *complaint)
{
	static struct board board;
	struct manifest manifest;
	const char *name = o->name;
	int result = 0;
	size_t i;

	if (o->type == IMAGE_TYPE_ROOTFS) {
		if (image_uuid_parse(o->component_id, strlen(o->component_id),
				     m->component_id))
			return complain(complaint, E_IMAGE_COMPONENT_ID,
					"--component-id: must be a UUID that is"
					" not nil");
		if (!*name || strlen(name) >= sizeof(m->name))
			return complain(complaint, E_IMAGE_NAME,
					"--name: must be 1 to 31 printable"
					" ASCII characters");
	} else {
		if (o->board)
			result = board_load(o->board, &board, complaint);
		if (!result)
			result =
				apply_manifest(tree, o->board ? &board : NULL,
					       o->type == IMAGE_TYPE_SYSTEM_APP,
					       &manifest, complaint);
		if (result)
			return result;
		name = manifest.name;
		memcpy(m->component_id, manifest.component_id,
		       sizeof(m->component_id));
	}
	/* The metadata's name is for logs: one "?" for each byte that is not ASCII. */
	for (i = 0; name[i]; i++)
		m->name[i] = name[i] >= 0x20 && name[i] < 0x7f ? name[i] : '?';
	return 0;
}

static void put_metadata(const struct image_metadata *m, uint8_t *p)
{
	put_le32(p + offsetof(struct image_metadata, magic), m->magic);
	put_le16(p + offsetof(struct image_metadata, format), m->format);
	put_le16(p + offsetof(struct image_metadata, metadata_bytes),
		 m->metadata_bytes);
	put_le32(p + offsetof(struct image_metadata, body_bytes),
		 m->body_bytes);
	put_le32(p + offsetof(struct image_metadata, type), m->type);
	memcpy(p + offsetof(struct image_metadata, component_id),
	       m->component_id, sizeof(m->component_id));
	memcpy(p + offsetof(struct image_metadata, name), m->name,
	       sizeof(m->name));
	put_le32(p + offsetof(struct image_metadata, security_version),
		 m->security_version);
	put_le32(p + offsetof(struct image_metadata, abi_required),
		 m->abi_required);
	put_le32(p + offsetof(struct image_metadata, flags), m->flags);
	memcpy(p + offsetof(struct image_metadata, key_id), m->key_id,
	       sizeof(m->key_id));
}

/* A UUID of version 8 (RFC 9562): the hash of all that is signed, with itself zero. */
static int put_image_id(uint8_t *image, size_t length, uint8_t *image_id)
{
	uint8_t hash[KEY_HASH_BYTES];

	if (mbedtls_sha256_ret(image, length, hash, 0))
		return -1;
	hash[6] = (hash[6] & 0x0f) | 0x80;
	hash[8] = (hash[8] & 0x3f) | 0x80;
	memcpy(image_id, hash, IMAGE_UUID_BYTES);
	return 0;
}

/* Puts metadata and signature behind the body. */
static int sign(struct bytes *image, struct image_metadata *m, struct key *key,
		struct complaint *complaint)
{
	size_t body = image->length;
	size_t signed_bytes = body + sizeof(*m);
	uint8_t hash[KEY_HASH_BYTES];
	uint8_t *data = realloc(image->data, body + IMAGE_TRAILER_BYTES);

	if (!data)
		return complain(complaint, E_PACK_IO, "out of memory");
	memset(data + body, 0, IMAGE_TRAILER_BYTES);
	image->data = data;
	image->length = body + IMAGE_TRAILER_BYTES;
	m->magic = IMAGE_METADATA_MAGIC;
	m->format = IMAGE_FORMAT;
	m->metadata_bytes = sizeof(*m);
	m->body_bytes = (uint32_t)body;
	m->abi_required = IMAGE_ABI_CURRENT;
	m->flags = key->is_development ? IMAGE_F_DEVELOPMENT : 0;
	memcpy(m->key_id, key->id, sizeof(m->key_id));
	put_metadata(m, data + body);
	if (put_image_id(data, signed_bytes,
			 data + body +
				 offsetof(struct image_metadata, image_id)) ||
	    mbedtls_sha256_ret(data, signed_bytes, hash, 0))
		return complain(complaint, E_PACK_KEY, "SHA-256 failed");
	/* What the device will refuse must not leave this house. */
	if (image_parse_metadata(data + body, sizeof(*m), (uint32_t)body, m))
		return complain(complaint, E_IMAGE_NAME,
				"--name: must be 1 to 31 printable ASCII"
				" characters");
	return key_sign(key, hash, data + signed_bytes, complaint);
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	struct pack_options o;
	struct image_metadata metadata = { 0 };
	struct bytes image = { NULL, 0 };
	struct tree tree = { 0 };
	struct key key;
	int result = parse_options(argc, argv, &o);

	if (result)
		return result;
	metadata.type = o.type;
	metadata.security_version = o.security_version;
	result = key_load_signer(
		o.key, o.keys, o.type == IMAGE_TYPE_APP ? "oem.pem" : "os.pem",
		o.release, &key, complaint);
	if (result)
		return result;
	result = tree_scan(o.folder, &tree, complaint);
	if (!result)
		result = tree_check_links(&tree, complaint);
	if (!result)
		result = identify(&o, &tree, &metadata, complaint);
	if (!result)
		result = cramfs_write(&tree, metadata.name, &image, complaint);
	if (!result)
		result = sign(&image, &metadata, &key, complaint);
	if (!result)
		result = file_write(o.output, image.data, image.length,
				    complaint);
	free(image.data);
	tree_free(&tree);
	key_free(&key);
	return result;
}

const struct command command_image_pack = {
	.noun = "image",
	.verb = "pack",
	.synopsis = "DIR -o FILE [options]",
	.summary = "make a signed image package of a folder",
	.options =
		"  -o, --output FILE      the image package to write\n"
		"  --type TYPE            app (default), system-app or rootfs\n"
		"  --board FILE           hardware.json, for names such as \"$LED1\"\n"
		"  --key FILE             private key (PEM, ECDSA P-256); default: the\n"
		"                         development key of the type\n"
		"  --keys DIR             folder of the development keys\n"
		"  --security-version N   anti-rollback version, default 1\n"
		"  --name NAME            rootfs only, required there\n"
		"  --component-id UUID    rootfs only, required there\n"
		"  --release              refuse development keys\n",
	.run = run,
};
