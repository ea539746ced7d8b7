/* SPDX-License-Identifier: GPL-2.0-only */
/* The app images that are installed.  Written by monitor/images/ only. */
#ifndef MONITOR_IMAGES_IMAGE_TABLE_H
#define MONITOR_IMAGES_IMAGE_TABLE_H

#include <stdint.h>

#define IMAGES_MAX		32

struct image_entry {
	uint32_t sector, sectors;	/* in the partition of the apps; sectors 0: not used */
	uint32_t bytes;			/* of the package: body, metadata, signature */
	uint32_t security_version;
	uint8_t component_id[16];
	uint8_t image_id[16];
	uint8_t sha256[32];		/* of the package: compared each time it is mounted */
	uint8_t key_id[32];		/* who signed it: a key that is revoked later stops it */
	uint32_t flags;			/* IMAGE_F_* of abi/image.h */
};

struct image_table {
	uint32_t next_sector;		/* where the search for room begins, so that all wear alike */
	uint32_t was_adopted;		/* 1 when what the factory left was taken in */
	struct image_entry entries[IMAGES_MAX];
};

#endif
