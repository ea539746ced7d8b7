// SPDX-License-Identifier: GPL-2.0-only
/* Next fit. */
#include "monitor/images/image_room.h"

/* Where a range ends that overlaps the @sectors at @sector, which lie in the partition; 0: none. */
static uint32_t blocked_until(const struct image_room *room, uint32_t sector, uint32_t sectors)
{
	for (uint32_t i = 0; i < room->used_count; i++) {
		const struct image_range *used = &room->used[i];

		if (used->sectors && used->sector < sector + sectors &&
		    sector < used->sector + used->sectors)
			return used->sector + used->sectors;
	}
	return 0;
}

static bool find_from(const struct image_room *room, uint32_t from, uint32_t sectors,
		      uint32_t *sector)
{
	while (from <= room->sector_count - sectors) {
		const uint32_t end = blocked_until(room, from, sectors);

		if (!end) {
			*sector = from;
			return true;
		}
		from = end;
	}
	return false;
}

bool image_room_find(const struct image_room *room, uint32_t sectors, uint32_t *sector)
{
	if (sectors > room->sector_count)
		return false;
	return find_from(room, room->from, sectors, sector) ||
	       find_from(room, 0, sectors, sector);
}

void image_room_count(const struct image_room *room, uint32_t *free, uint32_t *row)
{
	uint32_t here = 0;

	*free = 0;
	*row = 0;
	for (uint32_t sector = 0; sector < room->sector_count; sector++) {
		const bool is_free = !blocked_until(room, sector, 1);

		here = is_free ? here + 1 : 0;
		*free += is_free;
		if (here > *row)
			*row = here;
	}
}
