/* SPDX-License-Identifier: GPL-2.0-only */
/* How much RAM the normal world has. */
#ifndef MONITOR_RAM_H
#define MONITOR_RAM_H

#include <stdint.h>

/*
 * Bytes of RAM at plat.ram_base: the largest of the board's sizes that answers, or 0.
 * The contents are kept.  Only before Linux runs.
 */
uint32_t ram_detect(void);

#endif
