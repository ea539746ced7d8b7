// SPDX-License-Identifier: GPL-2.0-only
/* Flash in memory. */
#include "flash.h"

#include <errno.h>
#include <string.h>

static struct flash *flash_of(struct lfs_device *device)
{
	return (struct flash *)device;
}

static uint8_t *place(struct flash *flash, uint32_t block, uint32_t at)
{
	return flash->bytes + (size_t)block * flash->device.block_bytes + at;
}

static uint32_t next_noise(struct flash *flash)
{
	flash->noise = flash->noise * 1664525u + 1013904223u;
	return flash->noise >> 16;
}

static int flash_read(struct lfs_device *device, u32 block, u32 at, void *buffer, u32 bytes)
{
	struct flash *flash = flash_of(device);

	if (flash->is_off)
		return -ENODEV;
	memcpy(buffer, place(flash, block, at), bytes);
	flash->bytes_read += bytes;
	return 0;
}

/* Whether the power fails now. */
static bool cut_now(struct flash *flash)
{
	flash->operations++;
	if (flash->operations == flash->cut_at)
		flash->is_off = true;
	return flash->is_off;
}

static void cut_program(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		if (flash->cut == FLASH_CUT_NOISE)
			to[i] &= (uint8_t)(from[i] | next_noise(flash));
		else if (flash->cut == FLASH_CUT_TORN && i < bytes / 2)
			to[i] &= from[i];
	}
}

static int flash_program(struct lfs_device *device, u32 block, u32 at, const void *buffer,
			 u32 bytes)
{
	struct flash *flash = flash_of(device);
	uint8_t *to = place(flash, block, at);
	const uint8_t *from = buffer;
	int result = 0;

	if (flash->is_off)
		return -ENODEV;
	if (at % device->program_bytes || bytes % device->program_bytes)
		return -EINVAL;
	if (cut_now(flash)) {
		cut_program(flash, to, from, bytes);
		return -ENODEV;
	}
	if (flash->is_bad && flash->is_bad[block])
		return -EIO;
	for (u32 i = 0; i < bytes; i++) {
		if (to[i] != 0xff)
			result = -EIO;
		to[i] &= from[i];
	}
	if (result)
		flash->dirty_programs++;
	flash->bytes_programmed += bytes;
	return result;
}

static void cut_erase(struct flash *flash, uint8_t *to, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		if (flash->cut == FLASH_CUT_NOISE)
			to[i] |= (uint8_t)next_noise(flash);
		else if (flash->cut == FLASH_CUT_TORN && i < bytes / 2)
			to[i] = 0xff;
	}
}

static int flash_erase(struct lfs_device *device, u32 block)
{
	struct flash *flash = flash_of(device);

	if (flash->is_off)
		return -ENODEV;
	if (cut_now(flash)) {
		cut_erase(flash, place(flash, block, 0), device->block_bytes);
		return -ENODEV;
	}
	if (flash->is_bad && flash->is_bad[block])
		return -EIO;
	memset(place(flash, block, 0), 0xff, device->block_bytes);
	flash->erases++;
	return 0;
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
