/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes that survive an external abort, to find out whether memory is there.
 *
 * Only before Linux runs: the abort uses registers of the abort mode that both worlds share.
 */
#ifndef MONITOR_PROBE_H
#define MONITOR_PROBE_H

#include <stdint.h>

/* 0, or -1 when nothing answered; then *value is unchanged. */
int probe_read32(uint32_t address, uint32_t *value);
int probe_write32(uint32_t address, uint32_t value);

#endif
