// SPDX-License-Identifier: Apache-2.0
/* Any bytes as an image package. */
#include <stdlib.h>
#include <string.h>

#include "abi/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_metadata m;
	char text[IMAGE_UUID_TEXT_BYTES];
	uint8_t uuid[IMAGE_UUID_BYTES];
	uint32_t body_bytes;

	if (!image_uuid_parse((const char *)data, size, uuid)) {
		image_uuid_format(uuid, text);
		if (image_uuid_parse(text, strlen(text), uuid))
			abort();
	}
	/* The metadata alone as well: mutations seldom keep a body whole. */
	if (size >= 4)
		image_parse_metadata(data + 4, size - 4, 4096, &m);
	if (image_parse_head(data, size, size, &body_bytes))
		return 0;
	if (body_bytes > size ||
	    image_stride_bytes(body_bytes) < body_bytes + IMAGE_TRAILER_BYTES)
		abort();
	if (!image_parse_metadata(data + body_bytes, size - body_bytes,
				  body_bytes, &m) &&
	    (!image_type_name(m.type) || m.name[IMAGE_NAME_BYTES - 1]))
		abort();
	return 0;
}
