// SPDX-License-Identifier: GPL-2.0-only
/* Each range is held as often as it is mounted. */
#include "monitor/images/image_hold.h"

#include <stddef.h>
#include <string.h>

#include "abi/smc.h"
#include "monitor/plat.h"

static struct {
	struct image_range range;
	uint32_t count;			/* 0: this place is free */
} held[IMAGES_HELD_MAX];

void image_hold_init(void)
{
	memset(held, 0, sizeof(held));
}

void image_hold_list(struct image_range used[IMAGES_HELD_MAX])
{
	for (uint32_t i = 0; i < IMAGES_HELD_MAX; i++)
		used[i] = held[i].count ? held[i].range : (struct image_range){ 0, 0 };
}

/* Ranges do not overlap, so the first sector says which.  IMAGES_HELD_MAX: it is not held. */
static uint32_t find_sector(uint32_t sector)
{
	uint32_t i = 0;

	while (i < IMAGES_HELD_MAX && (!held[i].count || held[i].range.sector != sector))
		i++;
	return i;
}

static uint32_t find_unused(void)
{
	uint32_t i = 0;

	while (i < IMAGES_HELD_MAX && held[i].count)
		i++;
	return i;
}

int32_t image_hold(const struct smc_args *args, struct smc_results *results)
{
	const struct image_entry *entry = image_list_find_offset(args->r1);
	uint32_t i;

	(void)results;
	if (!entry)
		return SPH_SMC_E_ABSENT;
	i = find_sector(entry->sector);
	if (i == IMAGES_HELD_MAX)
		i = find_unused();
	if (i == IMAGES_HELD_MAX || held[i].count == UINT32_MAX)
		return SPH_SMC_E_BUSY;
	held[i].range = (struct image_range){ entry->sector, entry->sectors };
	held[i].count++;
	return SPH_SMC_OK;
}

int32_t image_release(const struct smc_args *args, struct smc_results *results)
{
	const uint32_t sector = args->r1 / plat.flash_sector_bytes;
	const uint32_t i = find_sector(sector);

	(void)results;
	if (i == IMAGES_HELD_MAX || args->r1 % plat.flash_sector_bytes)
		return SPH_SMC_E_ABSENT;
	held[i].count--;
	return SPH_SMC_OK;
}
