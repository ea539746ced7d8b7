/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flash that programs are executed from: what Linux has mounted, installed still or not.
 *
 * An image that is removed or replaced while it is mounted goes on being executed in place.  Until
 * Linux says that it has unmounted it, nothing else is written there.  Remembered in RAM only, as
 * mounts are.
 */
#ifndef MONITOR_IMAGES_IMAGE_HOLD_H
#define MONITOR_IMAGES_IMAGE_HOLD_H

#include "monitor/images/image_list.h"
#include "monitor/images/image_room.h"
#include "monitor/smc.h"

#define IMAGES_HELD_MAX		(IMAGES_MAX + 4)	/* all, and as many old ones as are staged at once */

/* At each start: nothing is mounted. */
void image_hold_init(void);

/* The ranges that are held; the rest of @used becomes empty ranges. */
void image_hold_list(struct image_range used[IMAGES_HELD_MAX]);

int32_t image_hold(const struct smc_args *args, struct smc_results *results);
int32_t image_release(const struct smc_args *args, struct smc_results *results);

#endif
