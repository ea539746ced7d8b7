// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a boot manifest: what is accepted keeps to the slot. */
#include <stdlib.h>
#include <string.h>

#include "abi/boot_manifest.h"

#define SLOT_BYTES 0x100000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct boot_layout layout = {
	.board = "board",
	.slot_bytes = SLOT_BYTES,
	.manifest_offset = 0x3000,
	.dtb_offset = 0,
	.dtb_stride_bytes = 0x1000,
	.dtb_count = 2,
	.kernel_offset = 0x4000,
	.system_offset = 0x40000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_manifest m;
	uint64_t end = 0;
	uint32_t i;

	if (boot_manifest_parse(data, size, &layout, &m))
		return 0;
	if (m.part_count < 4 || m.part_count > BOOT_MANIFEST_PARTS_MAX ||
	    memchr(m.os_version, 0, sizeof(m.os_version)) == NULL)
		abort();
	for (i = 0; i < m.part_count; i++) {
		const struct boot_part *part = &m.parts[i];

		if (!boot_part_name(part->kind) || part->offset < end)
			abort();
		end = (uint64_t)part->offset + part->bytes;
		if (end > SLOT_BYTES || end <= part->offset)
			abort();
	}
	if (boot_manifest_images_end(&m) > SLOT_BYTES ||
	    boot_manifest_images_end(&m) < end)
		abort();
	return 0;
}
