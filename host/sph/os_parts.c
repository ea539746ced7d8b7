// SPDX-License-Identifier: Apache-2.0
/* The places are those of the board's flash map. */
#include "host/sph/os_parts.h"

#include <mbedtls/sha256.h>
#include <stdlib.h>
#include <string.h>

#include "flash_map.h"
#include "host/sph/command.h"
#include "host/sph/file.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const uint32_t ram_sizes_kib[] = { RAM_SIZES_KIB };

const struct boot_layout os_layout = {
	.board = BOARD_NAME,
	.slot_bytes = FLASH_SLOT_BYTES,
	.manifest_offset = SLOT_MANIFEST,
	.dtb_offset = SLOT_DTB,
	.dtb_stride_bytes = SLOT_DTB_STRIDE,
	.dtb_count = ARRAY_SIZE(ram_sizes_kib),
	.kernel_offset = SLOT_KERNEL,
	.system_offset = SLOT_SYSTEM,
};

static int add_file(struct os_files *files, const char *path)
{
	if (files->count == ARRAY_SIZE(files->paths))
		return COMMAND_USAGE;
	files->paths[files->count++] = path;
	return 0;
}

int os_parts_take(struct os_parts *parts, int option, const char *path)
{
	switch (option) {
	case 'd':
		return add_file(&parts->dtb, path);
	case 'e':
		return add_file(&parts->kernel, path);
	case 'y':
		return add_file(&parts->system, path);
	default:
		return COMMAND_USAGE;
	}
}

bool os_parts_are_complete(const struct os_parts *parts)
{
	return parts->dtb.count == os_layout.dtb_count && parts->kernel.count == 1 &&
	       parts->system.count &&
	       parts->dtb.count + parts->kernel.count + parts->system.count <=
		       BOOT_MANIFEST_PARTS_MAX;
}

/* One part of the list, and of the copy of a slot. */
struct adding {
	struct boot_manifest *manifest;
	uint8_t *slot;			/* or NULL */
	struct complaint *complaint;
};

static int add_part(const struct adding *to, uint32_t kind, uint32_t offset, const char *path)
{
	struct boot_part *part = &to->manifest->parts[to->manifest->part_count++];
	struct bytes file;
	int result = file_read(path, FLASH_SLOT_BYTES, &file, to->complaint);

	if (result)
		return result;
	part->kind = kind;
	part->offset = offset;
	part->bytes = (uint32_t)file.length;
	if (mbedtls_sha256_ret(file.data, file.length, part->sha256, 0))
		result = complain(to->complaint, E_PACK_KEY, "SHA-256 failed");
	else if (to->slot && (offset > FLASH_SLOT_BYTES || file.length > FLASH_SLOT_BYTES - offset))
		result = complain(to->complaint, E_MONITOR_MANIFEST_PARTS,
				  "the files have no room in a slot");
	else if (to->slot && file.length)
		memcpy(to->slot + offset, file.data, file.length);
	free(file.data);
	return result;
}

int os_parts_add(const struct os_parts *parts, struct boot_manifest *manifest, uint8_t *slot,
		 struct complaint *complaint)
{
	const struct adding to = { manifest, slot, complaint };
	uint32_t i;
	int result = 0;

	for (i = 0; !result && i < parts->dtb.count; i++)
		result = add_part(&to, BOOT_PART_DTB, SLOT_DTB + i * SLOT_DTB_STRIDE,
				  parts->dtb.paths[i]);
	if (!result)
		result = add_part(&to, BOOT_PART_KERNEL, SLOT_KERNEL, parts->kernel.paths[0]);
	for (i = 0; !result && i < parts->system.count; i++)
		result = add_part(&to, i ? BOOT_PART_SYSTEM_APP : BOOT_PART_ROOTFS,
				  i ? boot_manifest_images_end(manifest) : SLOT_SYSTEM,
				  parts->system.paths[i]);
	return result;
}
