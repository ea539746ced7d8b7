/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The image package: what an app, a system app or the root filesystem is in flash.
 *
 *	offset 0		body: a cramfs filesystem, a multiple of 4,096 bytes
 *	body_bytes		struct image_metadata
 *	body_bytes + 192	signature: ECDSA P-256 over SHA-256 of all that stands before it,
 *				r then s, 32 bytes each, big-endian
 *
 * In a partition images follow each other, each at the next multiple of IMAGE_ALIGN_BYTES; the
 * list ends at erased flash.  The parser is pure: bytes in, checked numbers out, no allocation.
 * It is the only one: host tool, application-manager and monitor all use it.  Prose: image.md.
 *
 * Dual-licensed because the GPL monitor and the Apache tools both contain it.
 */
#ifndef SPHERULE_ABI_IMAGE_H
#define SPHERULE_ABI_IMAGE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_METADATA_MAGIC	0x4d495053	/* "SPIM" */
#define IMAGE_FORMAT		1
#define IMAGE_ALIGN_BYTES	4096		/* page size: what XIP needs */
#define IMAGE_SIGNATURE_BYTES	64
#define IMAGE_NAME_BYTES	32		/* with its terminating NUL */
#define IMAGE_UUID_BYTES	16
#define IMAGE_UUID_TEXT_BYTES	37		/* 8-4-4-4-12 hexadecimal digits and NUL */
#define IMAGE_BODY_MAX_BYTES	(16u << 20)

#define IMAGE_ABI_CURRENT	1		/* what this OS offers to apps */

enum image_type {
	IMAGE_TYPE_APP = 1,		/* an OEM's app */
	IMAGE_TYPE_SYSTEM_APP = 2,	/* an app that comes with the OS */
	IMAGE_TYPE_ROOTFS = 3,		/* the root filesystem */
};

#define IMAGE_F_DEVELOPMENT	(1u << 0)	/* signed with a published development key */
#define IMAGE_F_KNOWN		IMAGE_F_DEVELOPMENT

/* Little-endian.  Reserved fields are zero and are checked to be. */
struct image_metadata {
	uint32_t magic;			/* IMAGE_METADATA_MAGIC */
	uint16_t format;		/* IMAGE_FORMAT */
	uint16_t metadata_bytes;	/* sizeof(struct image_metadata) */
	uint32_t body_bytes;		/* multiple of IMAGE_ALIGN_BYTES, 1 page and up */
	uint32_t type;			/* enum image_type */
	uint8_t component_id[IMAGE_UUID_BYTES];	/* in the order of its text */
	uint8_t image_id[IMAGE_UUID_BYTES];	/* made from the content, see image.md */
	char name[IMAGE_NAME_BYTES];	/* printable ASCII, padded with NUL, at least one NUL */
	uint32_t security_version;	/* anti-rollback: never goes down on a device */
	uint32_t abi_required;		/* 1 to IMAGE_ABI_CURRENT */
	uint32_t flags;			/* IMAGE_F_* */
	uint8_t key_id[32];		/* SHA-256 of the signer's public key, 65-byte point form */
	uint8_t reserved[68];		/* 0 */
};

#define IMAGE_TRAILER_BYTES	(sizeof(struct image_metadata) + IMAGE_SIGNATURE_BYTES)

static_assert(sizeof(struct image_metadata) == 192, "image metadata is 192 bytes");
static_assert(offsetof(struct image_metadata, component_id) == 16, "component_id is at 16");
static_assert(offsetof(struct image_metadata, security_version) == 80, "security_version is at 80");
static_assert(offsetof(struct image_metadata, key_id) == 92, "key_id is at 92");

/*
 * Reads how long the body is from the cramfs superblock that begins an image.
 *
 * @head: the first @head_bytes bytes of the image; 16 are enough.
 * @limit_bytes: bytes from the start of the image to the end of its partition or file.
 * @body_bytes: receives the length of the body.
 *
 * Returns 0; -ENODATA when the flash is erased here or @limit_bytes is 0 (the end of the list); or the negative of an
 * E_IMAGE_* number from errors.h.
 */
int image_parse_head(const uint8_t *head, size_t head_bytes, size_t limit_bytes,
		     uint32_t *body_bytes);

/*
 * Copies and checks the metadata block.  @bytes is what stands at offset @body_bytes of the image.
 * Checks each field; the signature is not looked at.  Returns 0 or the negative of an E_IMAGE_*.
 */
int image_parse_metadata(const uint8_t *bytes, size_t byte_count, uint32_t body_bytes,
			 struct image_metadata *metadata);

/* Bytes from the start of this image to the start of the next one. */
uint32_t image_stride_bytes(uint32_t body_bytes);

/* What an E_IMAGE_* number means, as a sentence without its full stop.  Never NULL. */
const char *image_error_text(int number);

/* "rootfs", "app" or "system-app"; NULL when @type is none of them. */
const char *image_type_name(uint32_t type);

/* Text to 16 bytes and back; lower case.  Returns 0 or -EINVAL.  The nil UUID is refused. */
int image_uuid_parse(const char *text, size_t length, uint8_t uuid[IMAGE_UUID_BYTES]);
void image_uuid_format(const uint8_t uuid[IMAGE_UUID_BYTES], char text[IMAGE_UUID_TEXT_BYTES]);

#endif
