// SPDX-License-Identifier: Apache-2.0
/* sph order claim, transfer, capabilities: a signed order to one device. */
#include <getopt.h>
#include <mbedtls/sha256.h>
#include <stdbool.h>
#include <string.h>

#include "abi/bytes.h"
#include "abi/device_order.h"
#include "abi/smc.h"
#include "host/sph/command.h"
#include "host/sph/device_record.h"
#include "host/sph/file.h"
#include "host/sph/key.h"

struct order_options {
	const char *output, *key, *new_owner, *info;
	bool has_id, has_epoch;
	uint8_t device_id[DEVICE_ID_BYTES];
	uint32_t epoch, capabilities;
};

static const struct option long_options[] = {
	{ "device-id", required_argument, NULL, 'i' },
	{ "device-info", required_argument, NULL, 'I' },
	{ "epoch", required_argument, NULL, 'e' },
	{ "key", required_argument, NULL, 'k' },
	{ "new-owner", required_argument, NULL, 'n' },
	{ "development", no_argument, NULL, 'd' },
	{ "debug", no_argument, NULL, 'g' },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int parse_option(int option, struct order_options *o)
{
	switch (option) {
	case 'i':
		o->has_id = true;
		return command_parse_hex(optarg, o->device_id, sizeof(o->device_id));
	case 'I':
		o->info = optarg;
		return 0;
	case 'e':
		o->has_epoch = true;
		return command_parse_u32(optarg, &o->epoch);
	case 'k':
		o->key = optarg;
		return 0;
	case 'n':
		o->new_owner = optarg;
		return 0;
	case 'd':
		o->capabilities |= SPH_DEVICE_CAP_DEVELOPMENT;
		return 0;
	case 'g':
		o->capabilities |= SPH_DEVICE_CAP_DEBUG;
		return 0;
	case 'o':
		o->output = optarg;
		return 0;
	default:
		return COMMAND_USAGE;
	}
}

/* The device is named once: by its record, or by id and epoch. */
static int parse_options(int argc, char **argv, uint32_t kind,
			 struct order_options *o)
{
	int option;

	*o = (struct order_options){ 0 };
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) !=
	       -1) {
		if (parse_option(option, o))
			return COMMAND_USAGE;
	}
	if (optind != argc || !o->output || !o->key ||
	    o->has_id != o->has_epoch || o->has_id != !o->info ||
	    !o->new_owner != (kind != DEVICE_ORDER_TRANSFER) ||
	    (o->capabilities && kind != DEVICE_ORDER_CAPABILITIES))
		return COMMAND_USAGE;
	return 0;
}

static int read_device(struct order_options *o, struct complaint *complaint)
{
	struct sph_device_info info;
	int result;

	if (!o->info)
		return 0;
	result = device_record_read(o->info, &info, complaint);
	if (result)
		return result;
	memcpy(o->device_id, info.device_id, sizeof(o->device_id));
	o->epoch = info.epoch;
	return 0;
}

/* Of the key that the order names; only its public half is used. */
static int name_owner(const char *path, uint8_t point[KEY_POINT_BYTES],
		      struct complaint *complaint)
{
	struct key key;
	int result = key_load(path, &key, complaint);

	if (result)
		return result;
	memcpy(point, key.point, sizeof(key.point));
	key_free(&key);
	return 0;
}

#define FIELD(p, field) ((p) + offsetof(struct device_order, field))

static void put_order(const struct order_options *o, uint32_t kind, uint8_t *p)
{
	put_le32(FIELD(p, magic), DEVICE_ORDER_MAGIC);
	put_le16(FIELD(p, format), DEVICE_ORDER_FORMAT);
	put_le16(FIELD(p, order_bytes), sizeof(struct device_order));
	put_le32(FIELD(p, kind), kind);
	put_le32(FIELD(p, epoch), o->epoch);
	put_le32(FIELD(p, capabilities), o->capabilities);
	memcpy(FIELD(p, device_id), o->device_id, sizeof(o->device_id));
}

static int sign(const struct order_options *o, uint8_t *bytes,
		struct complaint *complaint)
{
	struct device_order check;
	uint8_t hash[KEY_HASH_BYTES];
	struct key key;
	int result = -device_order_parse(bytes, sizeof(check), &check);

	if (result)
		return complain(complaint, result, "the order breaks a rule");
	result = key_load_signer(o->key, NULL, NULL, false, &key, complaint);
	if (result)
		return result;
	if (mbedtls_sha256_ret(bytes, sizeof(check), hash, 0))
		result = complain(complaint, E_PACK_KEY, "SHA-256 failed");
	else
		result = key_sign(&key, hash, bytes + sizeof(check), complaint);
	key_free(&key);
	return result;
}

static int make(int argc, char **argv, uint32_t kind,
		struct complaint *complaint)
{
	uint8_t bytes[DEVICE_ORDER_BYTES] = { 0 };
	const char *owner;
	struct order_options o;
	int result = parse_options(argc, argv, kind, &o);

	if (result)
		return result;
	owner = kind == DEVICE_ORDER_CLAIM ? o.key : o.new_owner;
	result = read_device(&o, complaint);
	put_order(&o, kind, bytes);
	if (!result && owner)
		result = name_owner(owner, FIELD(bytes, point), complaint);
	if (!result)
		result = sign(&o, bytes, complaint);
	if (!result)
		result = file_write(o.output, bytes, sizeof(bytes), complaint);
	return result;
}

static int run_claim(int argc, char **argv, struct complaint *complaint)
{
	return make(argc, argv, DEVICE_ORDER_CLAIM, complaint);
}

static int run_transfer(int argc, char **argv, struct complaint *complaint)
{
	return make(argc, argv, DEVICE_ORDER_TRANSFER, complaint);
}

static int run_capabilities(int argc, char **argv, struct complaint *complaint)
{
	return make(argc, argv, DEVICE_ORDER_CAPABILITIES, complaint);
}

#define DEVICE_OPTIONS                                                              \
	"  --device-info FILE     device info of the device, as it is now; or instead\n" \
	"  --device-id HEX        its id, and\n"                                       \
	"  --epoch N              its epoch\n"                                         \
	"  -o, --output FILE      the order to write\n"

const struct command command_order_claim = {
	.noun = "order",
	.verb = "claim",
	.synopsis = "--key FILE --device-info FILE -o FILE",
	.summary = "make the order that gives a device its first owner",
	.options = "  --key FILE             private key of the owner (PEM, ECDSA P-256)\n" DEVICE_OPTIONS,
	.run = run_claim,
};

const struct command command_order_transfer = {
	.noun = "order",
	.verb = "transfer",
	.synopsis = "--key FILE --new-owner FILE --device-info FILE -o FILE",
	.summary = "make the order that gives a device another owner",
	.options = "  --key FILE             private key of the owner\n"
		   "  --new-owner FILE       key of the next one; the public half will do\n" DEVICE_OPTIONS,
	.run = run_transfer,
};

const struct command command_order_capabilities = {
	.noun = "order",
	.verb = "capabilities",
	.synopsis = "--key FILE [--development] [--debug] --device-info FILE -o FILE",
	.summary = "make the order that opens and shuts capabilities of a device",
	.options = "  --key FILE             private key of the owner\n"
		   "  --development          open: apps signed with development keys\n"
		   "  --debug                open: apps of debug keys, and debuggers\n"
		   "                         what is not named is shut\n" DEVICE_OPTIONS,
	.run = run_capabilities,
};
