// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* What is wrong with an image, in words. */

#include <stddef.h>

#include "abi/errors.h"
#include "abi/image.h"

#define PLACE(number) ((number) - E_IMAGE_MAGIC)

static const char *const texts[] = {
	[PLACE(E_IMAGE_MAGIC)] = "must begin with a cramfs superblock",
	[PLACE(E_IMAGE_BODY)] = "the body must be 1 to 4096 whole pages long",
	[PLACE(E_IMAGE_TRUNCATED)] = "the image ends before its metadata or signature",
	[PLACE(E_IMAGE_METADATA_MAGIC)] = "there is no metadata behind the body",
	[PLACE(E_IMAGE_FORMAT)] = "the metadata is of a format that this version does not know",
	[PLACE(E_IMAGE_TYPE)] = "the type is unknown",
	[PLACE(E_IMAGE_NAME)] = "the name must be 1 to 31 printable ASCII characters",
	[PLACE(E_IMAGE_COMPONENT_ID)] = "the component id must not be nil",
	[PLACE(E_IMAGE_ABI)] = "the image needs another ABI than this version knows",
	[PLACE(E_IMAGE_FLAGS)] = "a flag is unknown",
	[PLACE(E_IMAGE_RESERVED)] = "reserved bytes must be zero",
	[PLACE(E_IMAGE_SIGNATURE)] = "the signature does not match",
	[PLACE(E_IMAGE_FILESYSTEM)] = "the filesystem in the body is damaged",
};

const char *image_error_text(int number)
{
	size_t place = (size_t)PLACE(number);

	if (number < E_IMAGE_MAGIC || place >= sizeof(texts) / sizeof(texts[0]) || !texts[place])
		return "unknown error";
	return texts[place];
}
