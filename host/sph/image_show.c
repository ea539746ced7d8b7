// SPDX-License-Identifier: Apache-2.0
/* sph image show: metadata, signature and files of an image package. */
#include <getopt.h>
#include <limits.h>
#include <mbedtls/sha256.h>
#include <stdlib.h>
#include <string.h>

#include "host/sph/command.h"
#include "host/sph/file.h"
#include "host/sph/key.h"
#include "host/sph/show.h"

/* The largest image and some bytes more, which are then ignored. */
#define MAX_BYTES (IMAGE_BODY_MAX_BYTES + 2 * IMAGE_ALIGN_BYTES)

struct show_options {
	const char *file, *key, *keys;
	unsigned int flags; /* enum show_flags */
};

static int refuse(struct complaint *complaint, const char *path, int result)
{
	return complain(complaint, -result, "%s: %s", path,
			image_error_text(-result));
}

static int find_key(const struct show_options *o,
		    const struct image_metadata *m, struct key *key,
		    struct complaint *complaint)
{
	char found[PATH_MAX];
	int result;

	if (o->key)
		return key_load(o->key, key, complaint);
	result = key_find_development(o->keys, NULL, m->key_id, found,
				      sizeof(found), complaint);
	return result ? result : key_load(found, key, complaint);
}

/* Returns 0, -E_IMAGE_SIGNATURE, or the error of a key that cannot be had. */
static int check_signature(const struct show_options *o,
			   struct shown_image *image,
			   struct complaint *complaint)
{
	const struct image_metadata *m = &image->metadata;
	size_t signed_bytes = m->body_bytes + sizeof(*m);
	uint8_t hash[KEY_HASH_BYTES];
	struct key key;
	int result = find_key(o, m, &key, complaint);

	if (result)
		return result;
	result = -E_IMAGE_SIGNATURE;
	if (!memcmp(key.id, m->key_id, sizeof(key.id)) &&
	    !mbedtls_sha256_ret(image->bytes, signed_bytes, hash, 0))
		result = key_verify(&key, hash, image->bytes + signed_bytes);
	key_free(&key);
	image->signature = result ? "wrong" : "valid";
	return result ? refuse(complaint, o->file, result) : 0;
}

static int show(const struct show_options *o, struct complaint *complaint)
{
	struct shown_image image;
	struct bytes file;
	int signature_result;
	int result = file_read(o->file, MAX_BYTES, &file, complaint);

	if (result)
		return result;
	result = show_parse(file.data, file.length, &image);
	if (result) {
		refuse(complaint, o->file, result);
		goto out;
	}
	signature_result = check_signature(o, &image, complaint);
	result = show_print(&image, o->flags, stdout);
	fflush(stdout);
	if (signature_result)
		result = signature_result;
	else if (result)
		refuse(complaint, o->file, result);
out:
	free(file.data);
	return result;
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	static const struct option long_options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "ram", no_argument, NULL, 'r' },
		{ "key", required_argument, NULL, 'k' },
		{ "keys", required_argument, NULL, 'K' },
		{ NULL, 0, NULL, 0 },
	};
	struct show_options o = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) !=
	       -1) {
		if (option == 'j')
			o.flags |= SHOW_JSON;
		else if (option == 'r')
			o.flags |= SHOW_RAM;
		else if (option == 'k')
			o.key = optarg;
		else if (option == 'K')
			o.keys = optarg;
		else
			return COMMAND_USAGE;
	}
	if (optind != argc - 1)
		return COMMAND_USAGE;
	o.file = argv[optind];
	return show(&o, complaint);
}

const struct command command_image_show = {
	.noun = "image",
	.verb = "show",
	.synopsis = "FILE [--json] [--ram] [--key FILE] [--keys DIR]",
	.summary = "print metadata, signature and files of an image package",
	.options =
		"  --json                 one JSON object instead of text\n"
		"  --ram                  what each file costs in RAM when it runs, in KiB\n"
		"  --key FILE             public or private key (PEM) of the signer;\n"
		"                         default: the development keys\n"
		"  --keys DIR             folder of the development keys\n",
	.run = run,
};
