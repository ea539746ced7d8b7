/* SPDX-License-Identifier: GPL-2.0-only */
/* Judges an OS that was written to the slot that does not run, in pieces.  One at a time. */
#ifndef MONITOR_IMAGES_IMAGE_OS_H
#define MONITOR_IMAGES_IMAGE_OS_H

#include <stdint.h>

#include "monitor/state/state.h"

/* 0 or the E_MONITOR_* for which a start would refuse the slot. */
int image_os_begin(uint32_t slot, uint32_t ram_bytes);

/* SPH_SMC_E_AGAIN, 0 or such a number. */
int image_os_step(void);

/*
 * What image_os_step() said 0 to is the slot to try next.  @running becomes the one to come back to.
 * 0 or the E_MONITOR_* for which its key or version does not count any more.
 */
int image_os_put(struct state *draft, uint32_t running);

#endif
