// SPDX-License-Identifier: GPL-2.0-only
/* What the factory wrote becomes installed, at the first start. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/image.h"
#include "abi/smc.h"
#include "io.h"
#include "monitor/images/image_check.h"
#include "monitor/images/image_list.h"
#include "monitor/log.h"

#define HEAD_BYTES		16u

/* Of the package that begins at @sector; 0 when the flash is erased there or holds none. */
static uint32_t package_bytes(uint32_t address, uint32_t limit_bytes, int *error)
{
	uint32_t head[HEAD_BYTES / sizeof(uint32_t)], body_bytes = 0;

	io_copy_in(head, address, sizeof(head));
	*error = -image_parse_head((const uint8_t *)head, sizeof(head), limit_bytes, &body_bytes);
	return *error ? 0 : body_bytes + (uint32_t)IMAGE_TRAILER_BYTES;
}

static bool is_in(const struct image_table *table, const struct image_entry *entry)
{
	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		if (table->entries[i].sectors &&
		    !memcmp(table->entries[i].component_id, entry->component_id,
			    sizeof(entry->component_id)))
			return true;
	}
	return false;
}

static int take_in(struct state *draft, uint32_t address, struct image_entry *entry)
{
	static struct image_check check;
	int error = image_check_begin(&check, address, entry->bytes);

	while (!error || error == SPH_SMC_E_AGAIN) {
		error = image_check_step(&check, entry);
		if (!error)
			break;
	}
	if (error)
		return error;
	if (is_in(&draft->images, entry))
		return E_MONITOR_IMAGE_TWICE;
	error = image_list_put(draft, entry);
	/* The room that was never written wears first. */
	if (!error)
		draft->images.next_sector = entry->sector + entry->sectors;
	return error;
}

/* Returns how many sectors the package takes, or 1. */
static uint32_t adopt_at(struct state *draft, uint32_t sector)
{
	const struct plat_partition *part = image_partition();
	const uint32_t offset = sector * plat.flash_sector_bytes;
	const uint32_t address = plat.flash_base + part->offset + offset;
	struct image_entry entry = { .sector = sector };
	int error = 0;

	entry.bytes = package_bytes(address, part->bytes - offset, &error);
	if (error == ENODATA)
		return 1;
	entry.sectors = entry.bytes / plat.flash_sector_bytes +
			(entry.bytes % plat.flash_sector_bytes != 0);
	if (!error)
		error = take_in(draft, address, &entry);
	if (error)
		log_error(error > 0 ? (unsigned int)error : E_MONITOR_VERSIONS_FULL,
			  "the package at 0x%08x is not taken in", address);
	/* A length that no metadata confirms may be wrong: another package may begin before its end. */
	return entry.sectors && error != E_IMAGE_METADATA_MAGIC ? entry.sectors : 1;
}

int image_list_adopt(void)
{
	const uint32_t sectors = image_partition()->bytes / plat.flash_sector_bytes;
	struct state *draft = state_draft();
	uint32_t sector = 0;

	if (draft->images.was_adopted)
		return 0;
	while (sector < sectors)
		sector += adopt_at(draft, sector);
	draft->images.next_sector %= sectors;
	draft->images.was_adopted = 1;
	return state_commit();
}
