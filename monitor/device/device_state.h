/* SPDX-License-Identifier: GPL-2.0-only */
/* What the device is: its secrets, its stage of life, its owner.  Written by monitor/device/ only. */
#ifndef MONITOR_DEVICE_DEVICE_STATE_H
#define MONITOR_DEVICE_DEVICE_STATE_H

#include <stdint.h>

#define DEVICE_SECRET_BYTES	32
#define DEVICE_PRIVATE_BYTES	32
#define DEVICE_POINT_WORDS	17	/* 65 bytes of a point, and padding */

struct device_state {
	uint8_t secret[DEVICE_SECRET_BYTES];	/* what the keys of apps are made from */
	uint8_t private_key[DEVICE_PRIVATE_BYTES];	/* P-256, big-endian */
	uint32_t point[DEVICE_POINT_WORDS];	/* its public half: 4, x, y as bytes */
	uint8_t seed[DEVICE_SECRET_BYTES];	/* for the generator of random numbers, new at each start */
	uint32_t has_keys;			/* 1 when the three above were made */
	uint32_t stage;				/* SPH_STAGE_* */
	uint32_t owner[DEVICE_POINT_WORDS];	/* the owner's public key, from SPH_STAGE_SECURED on */
	uint32_t epoch;				/* raised with each order that is obeyed: older ones are void */
	uint32_t capabilities;			/* SPH_DEVICE_CAP_* that an order has opened */
};

#endif
