/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The boot manifest: what a slot holds, signed.
 *
 *	offset 0	struct boot_manifest, 832 bytes
 *	offset 832	signature: ECDSA P-256 over SHA-256 of them, r then s, 32 bytes each,
 *			big-endian
 *
 * It lies at a place of each slot that the board's flash map fixes.  The Security Monitor verifies
 * it, and by it all parts of the slot that the device will use, before Linux runs.  The parser is
 * pure: bytes in, checked numbers out, no allocation.  Host tool and monitor both use it, so it is
 * under both licences.  Prose: boot_manifest.md.
 */
#ifndef SPHERULE_ABI_BOOT_MANIFEST_H
#define SPHERULE_ABI_BOOT_MANIFEST_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define BOOT_MANIFEST_MAGIC		0x4d425053	/* "SPBM" */
#define BOOT_MANIFEST_FORMAT		1
#define BOOT_MANIFEST_PARTS_MAX		16
#define BOOT_MANIFEST_HASH_BYTES	32
#define BOOT_MANIFEST_VERSION_BYTES	32	/* with its terminating NUL */
#define BOOT_MANIFEST_BOARD_BYTES	16	/* with its terminating NUL */
#define BOOT_MANIFEST_SIGNATURE_BYTES	64
#define BOOT_MANIFEST_IMAGE_ALIGN	4096	/* IMAGE_ALIGN_BYTES */

enum boot_part_kind {
	BOOT_PART_DTB = 1,		/* a device tree, for one size of RAM */
	BOOT_PART_KERNEL = 2,
	BOOT_PART_ROOTFS = 3,		/* image of the root filesystem, its signature included */
	BOOT_PART_SYSTEM_APP = 4,	/* image of a system app, likewise */
};

#define BOOT_MANIFEST_F_DEVELOPMENT	(1u << 0)	/* signed with a development key */
#define BOOT_MANIFEST_F_KNOWN		BOOT_MANIFEST_F_DEVELOPMENT

struct boot_part {
	uint32_t kind;		/* enum boot_part_kind */
	uint32_t offset;	/* in the slot, a multiple of 4 */
	uint32_t bytes;		/* 1 and up */
	uint8_t sha256[BOOT_MANIFEST_HASH_BYTES];
};

/* Little-endian.  Reserved fields and parts that are not used are zero and are checked to be. */
struct boot_manifest {
	uint32_t magic;			/* BOOT_MANIFEST_MAGIC */
	uint16_t format;		/* BOOT_MANIFEST_FORMAT */
	uint16_t manifest_bytes;	/* sizeof(struct boot_manifest) */
	uint32_t security_version;	/* anti-rollback: never goes down on a device */
	uint32_t flags;			/* BOOT_MANIFEST_F_* */
	uint32_t part_count;
	char os_version[BOOT_MANIFEST_VERSION_BYTES]; /* printable ASCII, padded with NUL */
	uint8_t key_id[32];		/* SHA-256 of the signer's public key, 65-byte point form */
	char board[BOOT_MANIFEST_BOARD_BYTES]; /* that it is for: the folder in boards/, padded with NUL */
	uint8_t reserved[28];		/* 0 */
	struct boot_part parts[BOOT_MANIFEST_PARTS_MAX]; /* in the order of their offsets */
};

#define BOOT_MANIFEST_BYTES \
	(sizeof(struct boot_manifest) + BOOT_MANIFEST_SIGNATURE_BYTES)

static_assert(sizeof(struct boot_part) == 44, "a part of the boot manifest is 44 bytes");
static_assert(sizeof(struct boot_manifest) == 832, "the boot manifest is 832 bytes");
static_assert(offsetof(struct boot_manifest, os_version) == 20, "os_version is at 20");
static_assert(offsetof(struct boot_manifest, key_id) == 52, "key_id is at 52");
static_assert(offsetof(struct boot_manifest, board) == 84, "board is at 84");
static_assert(offsetof(struct boot_manifest, parts) == 128, "the parts are at 128");

/* Where a board has the parts of a slot; offsets in the slot.  From the board's flash map. */
struct boot_layout {
	const char *board;		/* its name, 1 to 15 characters */
	uint32_t slot_bytes;
	uint32_t manifest_offset;
	uint32_t dtb_offset;		/* of the first device tree */
	uint32_t dtb_stride_bytes;	/* distance of the next one */
	uint32_t dtb_count;		/* sizes of RAM */
	uint32_t kernel_offset;
	uint32_t system_offset;		/* of the root filesystem; system apps come behind it */
};

/*
 * Copies and checks a boot manifest, except for its signature.
 *
 * Each device tree, the kernel and each image must stand where @layout has it, none missing, none
 * twice; all in the slot, none over another or over the manifest.  Returns 0 or the negative of
 * E_MONITOR_MANIFEST_ABSENT, E_MONITOR_MANIFEST_FIELD, E_MONITOR_BOARD (it is for another board) or
 * E_MONITOR_MANIFEST_PARTS.
 */
int boot_manifest_parse(const uint8_t *bytes, size_t byte_count, const struct boot_layout *layout,
			struct boot_manifest *manifest);

/* Offset behind the last image, where the next one would begin: a multiple of 4,096. */
uint32_t boot_manifest_images_end(const struct boot_manifest *manifest);

/* "device tree", "kernel", ...; NULL when @kind is none of them. */
const char *boot_part_name(uint32_t kind);

#endif
