// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a body in which a file is looked for: it is inside, and the search ends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/cramfs.h"
#include "abi/errors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int copy(void *context, uint32_t offset, void *buffer, uint32_t bytes)
{
	memcpy(buffer, (const uint8_t *)context + offset, bytes);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cramfs_source source = { (uint32_t)size, copy, (void *)data };
	uint32_t offset, bytes;
	const int err = cramfs_find_file(&source, "app_manifest.json", &offset, &bytes);

	if (!err && (offset > size || bytes > size - offset))
		abort();
	if (err && err != -ENOENT && err != -E_IMAGE_FILESYSTEM)
		abort();
	return 0;
}
