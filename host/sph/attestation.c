// SPDX-License-Identifier: Apache-2.0
/* sph attestation verify: whether a device says this of itself. */
#include <getopt.h>
#include <inttypes.h>
#include <mbedtls/sha256.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/bytes.h"
#include "abi/monitor_records.h"
#include "host/sph/command.h"
#include "host/sph/device_record.h"
#include "host/sph/file.h"
#include "host/sph/key.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(p, field) ((p) + offsetof(struct sph_attestation, field))
#define HASH_BYTES 32

struct verify_options {
	const char *file, *info;
	bool has_nonce, has_measurement;
	uint8_t nonce[HASH_BYTES], measurement[HASH_BYTES];
};

static const struct option long_options[] = {
	{ "nonce", required_argument, NULL, 'n' },
	{ "measurement", required_argument, NULL, 'm' },
	{ "device-info", required_argument, NULL, 'I' },
	{ NULL, 0, NULL, 0 },
};

static int parse_options(int argc, char **argv, struct verify_options *o)
{
	int option, error = 0;

	*o = (struct verify_options){ 0 };
	while (!error && (option = getopt_long(argc, argv, "", long_options,
					       NULL)) != -1) {
		if (option == 'n') {
			o->has_nonce = true;
			error = command_parse_hex(optarg, o->nonce, HASH_BYTES);
		} else if (option == 'm') {
			o->has_measurement = true;
			error = command_parse_hex(optarg, o->measurement,
						  HASH_BYTES);
		} else if (option == 'I') {
			o->info = optarg;
		} else {
			error = COMMAND_USAGE;
		}
	}
	if (error || optind != argc - 1 || !o->has_nonce || !o->info)
		return COMMAND_USAGE;
	o->file = argv[optind];
	return 0;
}

/* Which rule is broken, the signature apart; NULL: none. */
static const char *broken_rule(const struct verify_options *o,
			       const struct sph_device_info *info,
			       const uint8_t *p)
{
	if (get_le32(FIELD(p, magic)) != SPH_ATTESTATION_MAGIC ||
	    get_le32(FIELD(p, format)) != SPH_ATTESTATION_FORMAT)
		return "is no attestation of a format that sph knows";
	if (memcmp(FIELD(p, device_id), info->device_id, HASH_BYTES))
		return "is of another device";
	if (memcmp(FIELD(p, nonce), o->nonce, HASH_BYTES))
		return "has another nonce: it was made for somebody else, or before";
	if (o->has_measurement &&
	    memcmp(FIELD(p, measurement), o->measurement, HASH_BYTES))
		return "has another measurement: the device runs something else";
	return NULL;
}

static int check_signature(const char *path, const struct sph_device_info *info,
			   const uint8_t *bytes, struct complaint *complaint)
{
	uint8_t hash[KEY_HASH_BYTES];
	struct key key;
	int result = key_from_point(info->point, path, &key, complaint);

	if (result)
		return result;
	if (mbedtls_sha256_ret(bytes, offsetof(struct sph_attestation, signature),
			       hash, 0) ||
	    key_verify(&key, hash, FIELD(bytes, signature)))
		result = complain(complaint, E_MONITOR_ATTESTATION,
				  "%s: the signature is not the device's", path);
	key_free(&key);
	return result;
}

static void print_hex(const char *name, const uint8_t *bytes)
{
	size_t i;

	printf("%-20s ", name);
	for (i = 0; i < HASH_BYTES; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

static void print_number(const char *name, const uint8_t *field)
{
	printf("%-20s %" PRIu32 "\n", name, get_le32(field));
}

static void print_text(const char *name, const char *text)
{
	printf("%-20s %s\n", name, text);
}

static void print_attestation(const uint8_t *p)
{
	static const char *const stages[] = { "blank", "manufacturing",
					      "secured" };
	const uint32_t stage = get_le32(FIELD(p, stage));
	const uint32_t open = get_le32(FIELD(p, capabilities));

	print_hex("device", FIELD(p, device_id));
	print_hex("measurement", FIELD(p, measurement));
	print_hex("images", FIELD(p, images));
	printf("%-20s %.16s\n", "monitor", (const char *)FIELD(p, monitor_version));
	print_number("os security version", FIELD(p, os_security_version));
	print_number("trust store", FIELD(p, trust_version));
	print_text("slot", get_le32(FIELD(p, slot)) ? "B" : "A");
	print_text("stage", stage < ARRAY_SIZE(stages) ? stages[stage] : "unknown");
	print_number("epoch", FIELD(p, epoch));
	print_text("development", open & SPH_DEVICE_CAP_DEVELOPMENT ? "open" : "shut");
	print_text("debug", open & SPH_DEVICE_CAP_DEBUG ? "open" : "shut");
	print_number("boots", FIELD(p, boots));
	print_text("root key", get_le32(FIELD(p, flags)) & SPH_ATTESTATION_F_DEVELOPMENT ?
				       "a published development key" :
				       "of its maker");
	print_text("signature", "valid");
}

static int verify(const struct verify_options *o, const uint8_t *bytes,
		  struct complaint *complaint)
{
	struct sph_device_info info;
	const char *rule;
	int result = device_record_read(o->info, &info, complaint);

	if (result)
		return result;
	rule = broken_rule(o, &info, bytes);
	if (rule)
		return complain(complaint, E_MONITOR_ATTESTATION, "%s: %s",
				o->file, rule);
	return check_signature(o->file, &info, bytes, complaint);
}

/* Nothing of it is printed before all of it is known to be true. */
static int run(int argc, char **argv, struct complaint *complaint)
{
	struct verify_options o;
	struct bytes file;
	int result = parse_options(argc, argv, &o);

	if (result)
		return result;
	result = file_read(o.file, sizeof(struct sph_attestation) + 1, &file,
			   complaint);
	if (result)
		return result;
	if (file.length != sizeof(struct sph_attestation))
		result = complain(complaint, E_MONITOR_ATTESTATION,
				  "%s: is no attestation", o.file);
	else
		result = verify(&o, file.data, complaint);
	if (!result)
		print_attestation(file.data);
	free(file.data);
	return result;
}

const struct command command_attestation_verify = {
	.noun = "attestation",
	.verb = "verify",
	.synopsis = "FILE --nonce HEX --device-info FILE [--measurement HEX]",
	.summary = "verify what a device says of itself, and print it",
	.options =
		"  --nonce HEX            the 32 bytes that the device was asked with\n"
		"  --device-info FILE     device info that was read when the device was made\n"
		"  --measurement HEX      what it has to run, as the monitor logs it\n",
	.run = run,
};
