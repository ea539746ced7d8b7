/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where in the partition of the apps there is room.
 *
 * An image takes whole sectors that follow each other.  The search goes on from where the last one
 * ended and turns round at the end, so that all free sectors are written alike.
 */
#ifndef MONITOR_IMAGES_IMAGE_ROOM_H
#define MONITOR_IMAGES_IMAGE_ROOM_H

#include <stdbool.h>
#include <stdint.h>

struct image_range {
	uint32_t sector, sectors;	/* in the partition; sectors 0: none */
};

struct image_room {
	uint32_t sector_count;		/* of the partition */
	uint32_t from;			/* where the search begins */
	const struct image_range *used;
	uint32_t used_count;
};

/* Finds @sectors, 1 and up, in a row.  False: there are none. */
bool image_room_find(const struct image_room *room, uint32_t sectors, uint32_t *sector);

/* How many sectors are free, and how many at most in a row. */
void image_room_count(const struct image_room *room, uint32_t *free, uint32_t *row);

#endif
