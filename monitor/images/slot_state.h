/* SPDX-License-Identifier: GPL-2.0-only */
/* Which slot starts.  Written by monitor/images/ only. */
#ifndef MONITOR_IMAGES_SLOT_STATE_H
#define MONITOR_IMAGES_SLOT_STATE_H

#include <stdint.h>

struct slot_state {
	uint32_t is_set;		/* 0: the boot record of the factory decides (abi/boot.h) */
	uint32_t confirmed;		/* SPH_SLOT_*: what was running when Linux last said "boot ok" */
	uint32_t trial;			/* 1: the other slot is tried first */
	uint32_t attempts_left;		/* starts of the trial slot before the confirmed one comes back */
};

#endif
