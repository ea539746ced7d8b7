// SPDX-License-Identifier: GPL-2.0-only
/* Flash in memory. */
#include "flash.h"

#include <errno.h>
#include <string.h>

#include "flash_fault.h"

static struct flash *flash_of(struct lfs_device *device)
{
	return (struct flash *)device;
}

static uint8_t *place(struct flash *flash, uint32_t block, uint32_t at)
{
	return flash->bytes + (size_t)block * flash->device.block_bytes + at;
}

static int flash_read(struct lfs_device *device, u32 block, u32 at, void *buffer, u32 bytes)
{
	struct flash *flash = flash_of(device);

	if (flash->is_off)
		return -ENODEV;
	if (flash_fault_of(flash, block) == FLASH_FAULT_READ_ERROR)
		return -EIO;
	memcpy(buffer, place(flash, block, at), bytes);
	if (flash->unstable)
		flash_read_unstable(flash, place(flash, block, at), buffer, bytes);
	flash->bytes_read += bytes;
	return 0;
}

/* Whether the power fails now. */
static bool cut_now(struct flash *flash, uint32_t block)
{
	flash->operations++;
	if (flash->touched)
		flash->touched[block] = 1;
	if (flash->operations == flash->cut_at)
		flash->is_off = true;
	return flash->is_off;
}

/* Returns -EIO for what is not blank, which stays an AND of both. */
static int program(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	uint8_t *unstable = flash->unstable ? flash->unstable + (to - flash->bytes) : NULL;
	int result = 0;

	for (uint32_t i = 0; i < bytes; i++) {
		if (to[i] != 0xff || (unstable && unstable[i]))
			result = -EIO;
		to[i] &= from[i];
		if (unstable)
			unstable[i] &= from[i];
	}
	return result;
}

static int flash_program(struct lfs_device *device, u32 block, u32 at, const void *buffer,
			 u32 bytes)
{
	struct flash *flash = flash_of(device);
	uint8_t *to = place(flash, block, at);
	int result;

	if (flash->is_off)
		return -ENODEV;
	if (at % device->program_bytes || bytes % device->program_bytes)
		return -EINVAL;
	if (cut_now(flash, block)) {
		flash_cut_change(flash, to, buffer, bytes);
		return -ENODEV;
	}
	result = flash_fault_before(flash_fault_of(flash, block), false);
	if (result)
		return result < 0 ? result : 0;
	result = program(flash, to, buffer, bytes);
	/* What a bad erase leaves is no fault of the filesystem's. */
	if (result && flash_fault_of(flash, block) == FLASH_FAULT_NONE)
		flash->dirty_programs++;
	flash->bytes_programmed += bytes;
	return result ? result : flash_fault_after(flash, flash_fault_of(flash, block), false, to,
						   buffer, bytes);
}

static int flash_erase(struct lfs_device *device, u32 block)
{
	struct flash *flash = flash_of(device);
	uint8_t *to = place(flash, block, 0);
	int result;

	if (flash->is_off)
		return -ENODEV;
	if (cut_now(flash, block)) {
		flash_cut_change(flash, to, NULL, device->block_bytes);
		return -ENODEV;
	}
	result = flash_fault_before(flash_fault_of(flash, block), true);
	if (result)
		return result < 0 ? result : 0;
	memset(to, 0xff, device->block_bytes);
	if (flash->unstable)
		memset(flash->unstable + (to - flash->bytes), 0, device->block_bytes);
	flash->erases++;
	if (flash->erase_counts)
		flash->erase_counts[block]++;
	return flash_fault_after(flash, flash_fault_of(flash, block), true, to, NULL,
				 device->block_bytes);
}

static int flash_sync(struct lfs_device *device)
{
	return flash_of(device)->is_off ? -ENODEV : 0;
}

static const struct lfs_device_ops flash_ops = {
	.read = flash_read,
	.program = flash_program,
	.erase = flash_erase,
	.sync = flash_sync,
};

void flash_init(struct flash *flash, void *bytes, size_t size, uint32_t block_bytes,
		uint32_t program_bytes)
{
	*flash = (struct flash){
		.device = {
			.ops = &flash_ops,
			.block_bytes = block_bytes,
			.block_count = (uint32_t)(size / block_bytes),
			.program_bytes = program_bytes,
		},
		.bytes = bytes,
	};
}
