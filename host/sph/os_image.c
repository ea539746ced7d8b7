// SPDX-License-Identifier: Apache-2.0
/* sph os image: a whole OS as one file, for the recovery loader and for updates. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "abi/boot_manifest.h"
#include "host/sph/command.h"
#include "host/sph/file.h"
#include "host/sph/os_parts.h"

#define ERASED 0xff

struct image_options {
	struct os_parts parts;
	const char *manifest, *output;
};

static const struct option long_options[] = {
	OS_PARTS_OPTIONS,
	{ "manifest", required_argument, NULL, 'm' },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int parse_options(int argc, char **argv, struct image_options *o)
{
	int option;

	*o = (struct image_options){ 0 };
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
		if (option == 'm')
			o->manifest = optarg;
		else if (option == 'o')
			o->output = optarg;
		else if (os_parts_take(&o->parts, option, optarg))
			return COMMAND_USAGE;
	}
	return optind == argc && o->output && o->manifest && os_parts_are_complete(&o->parts) ?
		       0 : COMMAND_USAGE;
}

static int read_manifest(const char *path, struct boot_manifest *manifest, uint8_t *slot,
			 struct complaint *complaint)
{
	struct bytes file;
	int result = file_read(path, BOOT_MANIFEST_BYTES + 1, &file, complaint);

	if (result)
		return result;
	if (file.length != BOOT_MANIFEST_BYTES)
		result = complain(complaint, E_MONITOR_MANIFEST_ABSENT, "%s: not a boot manifest",
				  path);
	else
		result = boot_manifest_parse(file.data, sizeof(*manifest), &os_layout, manifest);
	if (!complaint->number && result)
		result = complain(complaint, -result, "%s: the device would refuse it",
				  path);
	if (!result)
		memcpy(slot + os_layout.manifest_offset, file.data, file.length);
	free(file.data);
	return result;
}

/* The files are those that were signed; which of them is not, the user should know. */
static int compare(const struct boot_manifest *is, const struct boot_manifest *signed_list,
		   struct complaint *complaint)
{
	uint32_t i;

	for (i = 0; i < BOOT_MANIFEST_PARTS_MAX; i++) {
		if (memcmp(&is->parts[i], &signed_list->parts[i], sizeof(is->parts[i])))
			return complain(complaint, E_MONITOR_PART,
					"the manifest was made for other files: part %u differs", i);
	}
	return 0;
}

/* The device takes whole words. */
static uint32_t round_up(uint32_t bytes)
{
	return (bytes + 3) / 4 * 4;
}

static int run(int argc, char **argv, struct complaint *complaint)
{
	struct boot_manifest signed_list = { 0 }, is = { 0 };
	const struct boot_part *last;
	struct image_options o;
	uint8_t *slot;
	int result = parse_options(argc, argv, &o);

	if (result)
		return result;
	slot = malloc(os_layout.slot_bytes);
	if (!slot)
		return complain(complaint, E_PACK_IO, "out of memory");
	memset(slot, ERASED, os_layout.slot_bytes);
	result = os_parts_add(&o.parts, &is, slot, complaint);
	if (!result)
		result = read_manifest(o.manifest, &signed_list, slot, complaint);
	if (!result)
		result = compare(&is, &signed_list, complaint);
	last = &is.parts[is.part_count - 1];
	if (!result)
		result = file_write(o.output, slot, round_up(last->offset + last->bytes), complaint);
	free(slot);
	return result;
}

const struct command command_os_image = {
	.noun = "os",
	.verb = "image",
	.synopsis = "--dtb FILE... --kernel FILE --system FILE... --manifest FILE -o FILE",
	.summary = "make one file of an OS, for recovery and updates",
	.options =
		OS_PARTS_HELP
		"  --manifest FILE        the boot manifest that \"sph os sign\" made of the same files\n"
		"  -o, --output FILE      the OS image to write\n",
	.run = run,
};
