// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* The only parser of image packages.  Freestanding: the monitor contains it. */
#include "abi/image.h"

#include <errno.h>
#include <string.h>

#include "abi/bytes.h"
#include "abi/cramfs.h"
#include "abi/errors.h"

/* As much of the superblock as has its magic and its size. */
#define HEAD_BYTES 16

static const char *const type_names[] = {
	[IMAGE_TYPE_APP] = "app",
	[IMAGE_TYPE_SYSTEM_APP] = "system-app",
	[IMAGE_TYPE_ROOTFS] = "rootfs",
};

int image_parse_head(const uint8_t *head, size_t head_bytes, size_t limit_bytes,
		     uint32_t *body_bytes)
{
	uint32_t bytes;

	if (limit_bytes == 0)
		return -ENODATA;
	if (head_bytes < HEAD_BYTES || limit_bytes < HEAD_BYTES)
		return -E_IMAGE_TRUNCATED;
	if (bytes_are(head, HEAD_BYTES, 0xff))
		return -ENODATA;
	if (get_le32(head) != CRAMFS_MAGIC)
		return -E_IMAGE_MAGIC;
	bytes = get_le32(head + 4);
	if (bytes == 0 || bytes > IMAGE_BODY_MAX_BYTES ||
	    bytes % IMAGE_ALIGN_BYTES)
		return -E_IMAGE_BODY;
	if (limit_bytes < bytes || limit_bytes - bytes < IMAGE_TRAILER_BYTES)
		return -E_IMAGE_TRUNCATED;
	*body_bytes = bytes;
	return 0;
}

/* 1 to 31 printable ASCII characters, then nothing but NUL. */
static int name_is_valid(const char name[IMAGE_NAME_BYTES])
{
	size_t length = 0;

	while (length < IMAGE_NAME_BYTES && name[length] >= 0x20 &&
	       name[length] < 0x7f)
		length++;
	return length > 0 && length < IMAGE_NAME_BYTES &&
	       bytes_are((const uint8_t *)name + length,
			 IMAGE_NAME_BYTES - length, 0);
}

#define FIELD(bytes, field) ((bytes) + offsetof(struct image_metadata, field))

/* Field by field, because the bytes are little-endian and may be unaligned. */
static void read_metadata(const uint8_t *bytes, struct image_metadata *m)
{
	m->magic = get_le32(FIELD(bytes, magic));
	m->format = get_le16(FIELD(bytes, format));
	m->metadata_bytes = get_le16(FIELD(bytes, metadata_bytes));
	m->body_bytes = get_le32(FIELD(bytes, body_bytes));
	m->type = get_le32(FIELD(bytes, type));
	memcpy(m->component_id, FIELD(bytes, component_id),
	       sizeof(m->component_id));
	memcpy(m->image_id, FIELD(bytes, image_id), sizeof(m->image_id));
	memcpy(m->name, FIELD(bytes, name), sizeof(m->name));
	m->security_version = get_le32(FIELD(bytes, security_version));
	m->abi_required = get_le32(FIELD(bytes, abi_required));
	m->flags = get_le32(FIELD(bytes, flags));
	memcpy(m->key_id, FIELD(bytes, key_id), sizeof(m->key_id));
	memcpy(m->reserved, FIELD(bytes, reserved), sizeof(m->reserved));
}

int image_parse_metadata(const uint8_t *bytes, size_t byte_count,
			 uint32_t body_bytes, struct image_metadata *metadata)
{
	struct image_metadata m;

	if (byte_count < sizeof(m))
		return -E_IMAGE_TRUNCATED;
	read_metadata(bytes, &m);
	if (m.magic != IMAGE_METADATA_MAGIC)
		return -E_IMAGE_METADATA_MAGIC;
	if (m.format != IMAGE_FORMAT || m.metadata_bytes != sizeof(m))
		return -E_IMAGE_FORMAT;
	if (m.body_bytes != body_bytes)
		return -E_IMAGE_BODY;
	if (!image_type_name(m.type))
		return -E_IMAGE_TYPE;
	if (!name_is_valid(m.name))
		return -E_IMAGE_NAME;
	if (bytes_are(m.component_id, sizeof(m.component_id), 0))
		return -E_IMAGE_COMPONENT_ID;
	if (m.abi_required == 0 || m.abi_required > IMAGE_ABI_CURRENT)
		return -E_IMAGE_ABI;
	if (m.flags & ~IMAGE_F_KNOWN)
		return -E_IMAGE_FLAGS;
	if (!bytes_are(m.reserved, sizeof(m.reserved), 0))
		return -E_IMAGE_RESERVED;
	*metadata = m;
	return 0;
}

uint32_t image_stride_bytes(uint32_t body_bytes)
{
	return (body_bytes + (uint32_t)IMAGE_TRAILER_BYTES + IMAGE_ALIGN_BYTES -
		1) &
	       ~(uint32_t)(IMAGE_ALIGN_BYTES - 1);
}

const char *image_type_name(uint32_t type)
{
	if (type >= sizeof(type_names) / sizeof(type_names[0]))
		return NULL;
	return type_names[type];
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Does a dash stand before byte @index of a UUID's text? */
static int dash_before(size_t index)
{
	return index == 4 || index == 6 || index == 8 || index == 10;
}

int image_uuid_parse(const char *text, size_t length,
		     uint8_t uuid[IMAGE_UUID_BYTES])
{
	uint8_t bytes[IMAGE_UUID_BYTES];
	size_t i;

	if (length != IMAGE_UUID_TEXT_BYTES - 1)
		return -EINVAL;
	for (i = 0; i < IMAGE_UUID_BYTES; i++) {
		int high, low;

		if (dash_before(i) && *text++ != '-')
			return -EINVAL;
		high = hex_value(*text++);
		low = hex_value(*text++);
		if (high < 0 || low < 0)
			return -EINVAL;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	if (bytes_are(bytes, sizeof(bytes), 0))
		return -EINVAL;
	memcpy(uuid, bytes, sizeof(bytes));
	return 0;
}

void image_uuid_format(const uint8_t uuid[IMAGE_UUID_BYTES],
		       char text[IMAGE_UUID_TEXT_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < IMAGE_UUID_BYTES; i++) {
		if (dash_before(i))
			*text++ = '-';
		*text++ = digits[uuid[i] >> 4];
		*text++ = digits[uuid[i] & 15];
	}
	*text = '\0';
}
