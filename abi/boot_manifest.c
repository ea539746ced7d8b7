// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* The only parser of boot manifests.  Freestanding: the monitor contains it. */
#include "abi/boot_manifest.h"

#include <string.h>

#include "abi/bytes.h"
#include "abi/errors.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PART_ALIGN_BYTES 4

static const char *const part_names[] = {
	[BOOT_PART_DTB] = "device tree",
	[BOOT_PART_KERNEL] = "kernel",
	[BOOT_PART_ROOTFS] = "root filesystem",
	[BOOT_PART_SYSTEM_APP] = "system app",
};

/* What has been seen of the list so far. */
struct progress {
	uint32_t end; /* of the part before */
	uint32_t count[ARRAY_SIZE(part_names)];
	uint32_t next_image; /* where a system app may begin */
};

static uint32_t align_image(uint32_t offset)
{
	return (offset + BOOT_MANIFEST_IMAGE_ALIGN - 1) &
	       ~(uint32_t)(BOOT_MANIFEST_IMAGE_ALIGN - 1);
}

/* 1 to 31 printable ASCII characters, then nothing but NUL. */
static int version_is_valid(const char version[BOOT_MANIFEST_VERSION_BYTES])
{
	size_t length = 0;

	while (length < BOOT_MANIFEST_VERSION_BYTES && version[length] >= 0x20 &&
	       version[length] < 0x7f)
		length++;
	return length > 0 && length < BOOT_MANIFEST_VERSION_BYTES &&
	       bytes_are((const uint8_t *)version + length,
			BOOT_MANIFEST_VERSION_BYTES - length, 0);
}

#define FIELD(bytes, field) ((bytes) + offsetof(struct boot_manifest, field))
#define PART_FIELD(bytes, field) ((bytes) + offsetof(struct boot_part, field))

static void read_part(const uint8_t *bytes, struct boot_part *part)
{
	part->kind = get_le32(PART_FIELD(bytes, kind));
	part->offset = get_le32(PART_FIELD(bytes, offset));
	part->bytes = get_le32(PART_FIELD(bytes, bytes));
	memcpy(part->sha256, PART_FIELD(bytes, sha256), sizeof(part->sha256));
}

/* Field by field, because the bytes are little-endian and may be unaligned. */
static void read_manifest(const uint8_t *bytes, struct boot_manifest *m)
{
	size_t i;

	m->magic = get_le32(FIELD(bytes, magic));
	m->format = get_le16(FIELD(bytes, format));
	m->manifest_bytes = get_le16(FIELD(bytes, manifest_bytes));
	m->security_version = get_le32(FIELD(bytes, security_version));
	m->flags = get_le32(FIELD(bytes, flags));
	m->part_count = get_le32(FIELD(bytes, part_count));
	memcpy(m->os_version, FIELD(bytes, os_version), sizeof(m->os_version));
	memcpy(m->key_id, FIELD(bytes, key_id), sizeof(m->key_id));
	memcpy(m->board, FIELD(bytes, board), sizeof(m->board));
	memcpy(m->reserved, FIELD(bytes, reserved), sizeof(m->reserved));
	for (i = 0; i < BOOT_MANIFEST_PARTS_MAX; i++)
		read_part(FIELD(bytes, parts) + i * sizeof(struct boot_part),
			  &m->parts[i]);
}

/* All 16 bytes: what follows the name is NUL. */
static int board_is_ours(const struct boot_manifest *m,
			 const struct boot_layout *layout)
{
	char board[BOOT_MANIFEST_BOARD_BYTES] = { 0 };
	size_t i;

	for (i = 0; i < sizeof(board) - 1 && layout->board[i]; i++)
		board[i] = layout->board[i];
	return !memcmp(m->board, board, sizeof(board));
}

static int fields_are_valid(const struct boot_manifest *m)
{
	return m->format == BOOT_MANIFEST_FORMAT &&
	       m->manifest_bytes == sizeof(*m) &&
	       !(m->flags & ~BOOT_MANIFEST_F_KNOWN) &&
	       version_is_valid(m->os_version) &&
	       bytes_are(m->reserved, sizeof(m->reserved), 0);
}

/* In the slot, behind the part before it, and clear of the manifest itself. */
static int range_is_valid(const struct boot_part *part,
			  const struct boot_layout *layout,
			  const struct progress *seen)
{
	if (part->bytes == 0 || part->offset % PART_ALIGN_BYTES ||
	    part->offset < seen->end || part->offset > layout->slot_bytes ||
	    part->bytes > layout->slot_bytes - part->offset)
		return 0;
	return part->offset + part->bytes <= layout->manifest_offset ||
	       part->offset >= layout->manifest_offset + BOOT_MANIFEST_BYTES;
}

/* Where the board wants the next part of this kind. */
static int place_is_valid(const struct boot_part *part,
			  const struct boot_layout *layout,
			  const struct progress *seen)
{
	const uint32_t before = seen->count[part->kind];

	switch (part->kind) {
	case BOOT_PART_DTB:
		return before < layout->dtb_count &&
		       part->offset == layout->dtb_offset +
					       before * layout->dtb_stride_bytes &&
		       part->bytes <= layout->dtb_stride_bytes;
	case BOOT_PART_KERNEL:
		return before == 0 && part->offset == layout->kernel_offset;
	case BOOT_PART_ROOTFS:
		return before == 0 && part->offset == layout->system_offset;
	default: /* a system app */
		return seen->count[BOOT_PART_ROOTFS] &&
		       part->offset == seen->next_image;
	}
}

static int parts_are_valid(const struct boot_manifest *m,
			   const struct boot_layout *layout)
{
	struct progress seen = { 0 };
	uint32_t i;

	if (m->part_count > BOOT_MANIFEST_PARTS_MAX)
		return 0;
	for (i = 0; i < m->part_count; i++) {
		const struct boot_part *part = &m->parts[i];

		if (!boot_part_name(part->kind) ||
		    !range_is_valid(part, layout, &seen) ||
		    !place_is_valid(part, layout, &seen))
			return 0;
		seen.end = part->offset + part->bytes;
		seen.next_image = align_image(seen.end);
		seen.count[part->kind]++;
	}
	return seen.count[BOOT_PART_DTB] == layout->dtb_count &&
	       seen.count[BOOT_PART_KERNEL] == 1 &&
	       seen.count[BOOT_PART_ROOTFS] == 1 &&
	       bytes_are((const uint8_t *)&m->parts[i],
			(BOOT_MANIFEST_PARTS_MAX - i) * sizeof(m->parts[0]), 0);
}

int boot_manifest_parse(const uint8_t *bytes, size_t byte_count,
			const struct boot_layout *layout,
			struct boot_manifest *manifest)
{
	if (byte_count < sizeof(*manifest) ||
	    get_le32(FIELD(bytes, magic)) != BOOT_MANIFEST_MAGIC)
		return -E_MONITOR_MANIFEST_ABSENT;
	read_manifest(bytes, manifest);
	if (!fields_are_valid(manifest))
		return -E_MONITOR_MANIFEST_FIELD;
	if (!board_is_ours(manifest, layout))
		return -E_MONITOR_BOARD;
	if (!parts_are_valid(manifest, layout))
		return -E_MONITOR_MANIFEST_PARTS;
	return 0;
}

uint32_t boot_manifest_images_end(const struct boot_manifest *manifest)
{
	uint32_t end = 0;
	uint32_t i;

	for (i = 0; i < manifest->part_count; i++) {
		const struct boot_part *part = &manifest->parts[i];

		if (part->kind == BOOT_PART_ROOTFS ||
		    part->kind == BOOT_PART_SYSTEM_APP)
			end = align_image(part->offset + part->bytes);
	}
	return end;
}

const char *boot_part_name(uint32_t kind)
{
	return kind < ARRAY_SIZE(part_names) ? part_names[kind] : NULL;
}
