// SPDX-License-Identifier: GPL-2.0-only
/* Verifies the manifest of a slot, then its parts, and measures both. */
#include "boot_verify.h"

#include <stdbool.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "boot.h"
#include "io.h"
#include "plat.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"

#define ERASED_WORD		0xffffffff

static const char *const part_reasons[] = {
	[BOOT_PART_DTB] = "the device tree is not the one that was signed",
	[BOOT_PART_KERNEL] = "the kernel is not the one that was signed",
	[BOOT_PART_ROOTFS] = "the root filesystem is not the one that was signed",
	[BOOT_PART_SYSTEM_APP] = "a system app is not the one that was signed",
};

/*
 * The proof is a number that each check adds to: which check it was, and what it found different,
 * which is 0.  Whoever makes the processor skip a branch, by a disturbed clock or supply, has not
 * made the number right.  The words differ in many bits.
 */
enum proof_step {
	PROOF_BEGIN = 0x3c96a5e1,
	PROOF_KEY = 0x69c3f01e,
	PROOF_SIGNATURE = 0x5ae17b84,
	PROOF_FIELDS = 0x1e78d24b,
	PROOF_PART = 0x4bb41d27,
	PROOF_END = 0x25d8663c,
};

static uint32_t proof_add(uint32_t proof, uint32_t step, uint32_t difference)
{
	return (proof ^ step) * 0x9e3779b1 + difference;
}

static void prove(struct boot_verified *verified, uint32_t step, uint32_t difference)
{
	verified->proof = proof_add(verified->proof, step, difference);
}

/*
 * What the device knows of the key and of older versions has let it through by branches.  Asked once
 * more, by other instructions.
 */
static uint32_t policy_doubt(const struct boot_manifest *manifest)
{
	return trust_doubt(manifest->key_id, TRUST_ROLE_OS, manifest->security_version) |
	       (uint32_t)(state_now()->versions.os > manifest->security_version);
}

uint32_t boot_verify_doubt(const struct boot_verified *verified)
{
	uint32_t proof = proof_add(0, PROOF_BEGIN, 0);

	proof = proof_add(proof, PROOF_KEY, 0);
	proof = proof_add(proof, PROOF_SIGNATURE, 0);
	proof = proof_add(proof, PROOF_FIELDS, 0);
	/* Of the device trees one is used.  Before there is a manifest there are no parts. */
	for (uint32_t i = plat.ram_size_count; i < verified->manifest.part_count + 1; i++)
		proof = proof_add(proof, PROOF_PART, 0);
	return (proof_add(proof, PROOF_END, 0) ^ verified->proof) | policy_doubt(&verified->manifest);
}

static int fail(struct boot_verified *verified, int error, const char *reason)
{
	verified->reason = reason;
	return error;
}

static struct boot_layout layout_of(const struct plat_slot *slot)
{
	return (struct boot_layout){
		.board = plat.name,
		.slot_bytes = plat.slot_bytes,
		.manifest_offset = slot->manifest_offset - slot->offset,
		.dtb_offset = slot->dtb_offset - slot->offset,
		.dtb_stride_bytes = plat.dtb_stride_bytes,
		.dtb_count = plat.ram_size_count,
		.kernel_offset = slot->kernel_offset - slot->offset,
		.system_offset = slot->part[SPH_PART_SYSTEM].offset - slot->offset,
	};
}

/*
 * The key that it names, which must be one that may sign it.  The security version is believed for
 * as long as the signature is not yet checked, which covers it.
 */
static int find_key(const uint32_t *words, struct boot_verified *verified,
		    const struct trust_key **key)
{
	const uint8_t *key_id = (const uint8_t *)words + offsetof(struct boot_manifest, key_id);
	const uint32_t security_version =
		words[offsetof(struct boot_manifest, security_version) / sizeof(*words)];
	const int error = trust_find(key_id, TRUST_ROLE_OS, security_version, key);

	prove(verified, PROOF_KEY, (uint32_t)error);
	switch (error) {
	case 0:
		return 0;
	case E_MONITOR_TRUST_KEY:
		return fail(verified, E_MONITOR_KEY, "the boot manifest is signed by another key");
	case E_MONITOR_TRUST_REVOKED:
		return fail(verified, error, "the key of the boot manifest was revoked");
	case E_MONITOR_TRUST_RANGE:
		return fail(verified, error, "the key of the boot manifest does not sign this"
					     " security version");
	case E_MONITOR_TRUST_STAGE:
		return fail(verified, error, "the key of the boot manifest is a development key");
	default:
		return fail(verified, error, "the cryptography failed");
	}
}

/* Who signed it, before anything in it is believed. */
static int check_signature(const uint8_t *bytes, const struct trust_key *key,
			   struct boot_verified *verified)
{
	const uint8_t *signature = bytes + sizeof(struct boot_manifest);
	uint8_t hash[CRYPTO_HASH_BYTES];
	uint32_t difference = CRYPTO_DIFFERENT;
	int error;

	error = crypto_sha256(bytes, sizeof(struct boot_manifest), hash);
	if (!error)
		error = crypto_ecdsa_p256_compare(key->point, hash, signature, &difference);
	prove(verified, PROOF_SIGNATURE, difference);
	if (!error && difference)
		error = E_MONITOR_SIGNATURE;
	if (!error)
		error = measure_extend(&verified->measurement, hash);
	return error ? fail(verified, error,
			    error == E_MONITOR_SIGNATURE ?
				    "the signature of the boot manifest does not match" :
				    "the cryptography failed") :
		       0;
}

static int parse(const uint8_t *bytes, const struct plat_slot *slot, const struct trust_key *key,
		 struct boot_verified *verified)
{
	const struct boot_layout layout = layout_of(slot);
	const bool is_development = key->flags & TRUST_KEY_F_DEVELOPMENT;
	int error = -boot_manifest_parse(bytes, sizeof(struct boot_manifest), &layout,
					 &verified->manifest);

	prove(verified, PROOF_FIELDS, (uint32_t)error);
	if (error == E_MONITOR_MANIFEST_PARTS)
		return fail(verified, error, "the boot manifest lists parts against the rules");
	if (error == E_MONITOR_BOARD)
		return fail(verified, error, "the boot manifest is for another board");
	if (error)
		return fail(verified, error, "a field of the boot manifest breaks its rule");
	if (is_development != !!(verified->manifest.flags & BOOT_MANIFEST_F_DEVELOPMENT))
		return fail(verified, E_MONITOR_MANIFEST_FIELD,
			    "the boot manifest is wrong about its key");
	if (verified->manifest.security_version < state_now()->versions.os)
		return fail(verified, E_MONITOR_ROLLBACK,
			    "its security version is older than one that this device has had");
	return 0;
}

static int verify_manifest(const struct plat_slot *slot, struct boot_verified *verified)
{
	/* Copied first, so that what is checked is what is used. */
	static uint32_t words[BOOT_MANIFEST_BYTES / sizeof(uint32_t)];
	const uint8_t *bytes = (const uint8_t *)words;
	const struct trust_key *key = NULL;
	int error;

	io_copy_in(words, plat.flash_base + slot->manifest_offset, sizeof(words));
	if (words[0] != BOOT_MANIFEST_MAGIC)
		return fail(verified, E_MONITOR_MANIFEST_ABSENT, "there is no boot manifest");
	error = find_key(words, verified, &key);
	if (!error)
		error = check_signature(bytes, key, verified);
	return error ? error : parse(bytes, slot, key, verified);
}

static int verify_part(const struct boot_part *part, struct boot_verified *verified)
{
	uint8_t hash[CRYPTO_HASH_BYTES] = { 0 };
	uint32_t difference;

	if (hash_stream_value(&verified->stream, hash))
		return fail(verified, E_MONITOR_CRYPTO, "the cryptography failed");
	difference = crypto_compare(hash, part->sha256, sizeof(hash));
	prove(verified, PROOF_PART, difference);
	if (difference)
		return fail(verified, E_MONITOR_PART, part_reasons[part->kind]);
	if (measure_extend(&verified->measurement, hash))
		return fail(verified, E_MONITOR_CRYPTO, "the cryptography failed");
	return 0;
}

/*
 * Linux walks the images until it meets erased flash: what stands behind the last signed one would
 * be started too.
 */
static int check_end(const struct plat_slot *slot, struct boot_verified *verified)
{
	const uint32_t end = boot_manifest_images_end(&verified->manifest);
	uint32_t bytes = plat.slot_bytes - end;
	uint32_t difference = 0;

	if (bytes > BOOT_MANIFEST_IMAGE_ALIGN)
		bytes = BOOT_MANIFEST_IMAGE_ALIGN;
	for (uint32_t i = 0; i < bytes; i += sizeof(uint32_t))
		difference |= io_read32(plat.flash_base + slot->offset + end + i) ^ ERASED_WORD;
	prove(verified, PROOF_END, difference);
	if (difference)
		return fail(verified, E_MONITOR_UNSIGNED,
			    "something stands behind the last signed image");
	return 0;
}

/* The parts are genuine; are they usable?  The tree's own length must not lead out of it. */
static int find_start(uint32_t slot, uint32_t ram_bytes, const struct boot_part *dtb,
		      struct boot_verified *verified)
{
	if (!dtb || boot_find_dtb(slot, ram_bytes, &verified->dtb) ||
	    __builtin_bswap32(io_read32(verified->dtb + 4)) > dtb->bytes)
		return fail(verified, E_MONITOR_DTB, "no device tree for this size of RAM");
	if (boot_find_kernel(slot, &verified->kernel))
		return fail(verified, E_MONITOR_KERNEL, "there is no kernel");
	return 0;
}

int boot_verify_begin(uint32_t slot, uint32_t ram_bytes, struct boot_verified *verified)
{
	uint32_t dtb_offset = 0;

	memset(verified, 0, sizeof(*verified));
	measure_init(&verified->measurement);
	prove(verified, PROOF_BEGIN, 0);
	if (boot_dtb_offset(slot, ram_bytes, &dtb_offset))
		return fail(verified, E_MONITOR_DTB, "no device tree for this size of RAM");
	verified->slot = slot;
	verified->ram_bytes = ram_bytes;
	verified->dtb_offset = dtb_offset - plat.slot[slot].offset;
	return verify_manifest(&plat.slot[slot], verified);
}

/* The device tree for another size of RAM is not used. */
static bool is_used(const struct boot_part *part, const struct boot_verified *verified)
{
	return part->kind != BOOT_PART_DTB || part->offset == verified->dtb_offset;
}

/* SPH_SMC_E_AGAIN until the part is in the hash, then what verify_part() says. */
static int verify_piece(const struct plat_slot *where, const struct boot_part *part,
			struct boot_verified *verified)
{
	const uint32_t address = plat.flash_base + where->offset + part->offset;
	uint32_t bytes = part->bytes - verified->done;

	if (bytes > BOOT_VERIFY_PIECE_BYTES)
		bytes = BOOT_VERIFY_PIECE_BYTES;
	if ((!verified->done && hash_stream_begin(&verified->stream)) ||
	    hash_stream_add_flash(&verified->stream, address + verified->done, bytes))
		return fail(verified, E_MONITOR_CRYPTO, "the cryptography failed");
	verified->done += bytes;
	return verified->done < part->bytes ? SPH_SMC_E_AGAIN : verify_part(part, verified);
}

/* All parts are as they were signed. */
static int finish(struct boot_verified *verified)
{
	const struct boot_part *dtb = NULL;
	const int error = check_end(&plat.slot[verified->slot], verified);

	for (uint32_t i = 0; i < verified->manifest.part_count; i++) {
		const struct boot_part *part = &verified->manifest.parts[i];

		if (part->kind == BOOT_PART_DTB && is_used(part, verified))
			dtb = part;
	}
	return error ? error : find_start(verified->slot, verified->ram_bytes, dtb, verified);
}

int boot_verify_step(struct boot_verified *verified)
{
	const struct boot_part *part = &verified->manifest.parts[verified->part];
	int error = 0;

	if (verified->part == verified->manifest.part_count)
		return finish(verified);
	if (is_used(part, verified))
		error = verify_piece(&plat.slot[verified->slot], part, verified);
	if (error)
		return error;
	verified->part++;
	verified->done = 0;
	return SPH_SMC_E_AGAIN;
}

int boot_verify_slot(uint32_t slot, uint32_t ram_bytes, struct boot_verified *verified)
{
	int error = boot_verify_begin(slot, ram_bytes, verified);

	if (error)
		return error;
	do {
		error = boot_verify_step(verified);
	} while (error == SPH_SMC_E_AGAIN);
	return error;
}
