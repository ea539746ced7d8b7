// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packages of the fuzzer given to FINISH: a genuine one with bytes changed, signed again or not.
 *
 * Accepted is only what a tenant or the debug key signed, and of it only what the rules of abi/image.h
 * allow; without a new signature only the package as it was.
 *
 * Input: which key signs it again, how much longer it is, then changes, 3 bytes each: where, what.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "sample.h"
#include "monitor/images/image_check.h"

#define CHANGE_BYTES		3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static struct package genuine, package;

static void make_ready(void)
{
	if (keys_load())
		abort();
	sample_make();
	package_make(&genuine, &(struct package_spec){ .component = 0xc0, .content = 1 });
	if (!sample_start())
		abort();
}

static int judge(struct image_entry *entry)
{
	struct image_check check;
	int error = image_check_begin(&check, MACHINE_FLASH_BASE + MACHINE_APPS, package.bytes);

	if (error)
		return error;
	do {
		error = image_check_step(&check, entry);
	} while (error == SPH_SMC_E_AGAIN);
	return error;
}

static bool may_be_accepted(bool is_signed_again)
{
	const struct image_metadata *m =
		(const struct image_metadata *)(package.data + IMAGE_ALIGN_BYTES);

	if (package.bytes != genuine.bytes)
		return false;
	if (!is_signed_again)
		return !memcmp(package.data, genuine.data, genuine.bytes);
	return m->magic == IMAGE_METADATA_MAGIC && m->type == IMAGE_TYPE_APP &&
	       m->body_bytes == IMAGE_ALIGN_BYTES && m->abi_required == IMAGE_ABI_CURRENT &&
	       !memcmp(m->key_id, ((const struct image_metadata *)(genuine.data +
								    IMAGE_ALIGN_BYTES))->key_id,
		       sizeof(m->key_id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static bool is_ready;
	struct image_entry entry = { 0 };
	const uint32_t signed_bytes = IMAGE_ALIGN_BYTES + sizeof(struct image_metadata);
	bool is_signed_again;
	int error;

	if (!is_ready)
		make_ready();
	is_ready = true;
	if (bytes < 2)
		return 0;
	is_signed_again = data[0] & 1;
	package = genuine;
	for (size_t i = 2; i + CHANGE_BYTES <= bytes; i += CHANGE_BYTES) {
		uint32_t at = (uint32_t)(data[i] | data[i + 1] << 8);

		/* Mostly where something can be said. */
		at = at & 0x8000 ? IMAGE_ALIGN_BYTES + at % IMAGE_TRAILER_BYTES : at % 64;
		package.data[at] = data[i + 2];
	}
	if (is_signed_again)
		keys_sign(data[0] & 2 ? KEYS_DEBUG : KEYS_OEM, package.data, signed_bytes,
			  package.data + signed_bytes);
	package.bytes += (uint32_t)((int8_t)data[1] * 4);
	memset(machine.flash + MACHINE_APPS, 0xff, 3 * MACHINE_SECTOR);
	memcpy(machine.flash + MACHINE_APPS, package.data,
	       package.bytes < genuine.bytes ? package.bytes : genuine.bytes);
	error = judge(&entry);
	if (error < 0 || (!error && !may_be_accepted(is_signed_again)))
		abort();
	if (error && (entry.bytes || entry.flags))
		abort();
	return 0;
}
