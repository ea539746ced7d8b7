/* SPDX-License-Identifier: Apache-2.0 */
/* The device nodes in /dev: made here and nowhere else. */
#ifndef APPMAN_DEVICES_H
#define APPMAN_DEVICES_H

#include <stdint.h>

/* The nodes that every program may need, and the GPIO chips.  Needs /proc and /dev. */
void devices_prepare(void);

/*
 * The folder that an app sees as /dev: nodes that every program may need, the GPIO chips of @chips (bit 0
 * is gpiochip0), and those that @capabilities (SPHERULE_CAP_*) open.  Apps that are given the same share
 * one.  Returns 0 with its path in @view, or -errno.
 */
#define DEVICES_VIEW_BYTES	48
int devices_view(uint32_t chips, uint32_t capabilities, char view[DEVICES_VIEW_BYTES]);

/* Makes the read-only node of MTD number @index.  Returns 0 or -errno. */
int devices_add_mtd(unsigned int index);

#endif
