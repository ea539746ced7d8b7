/* SPDX-License-Identifier: GPL-2.0-only */
/* Health tests of the board's source of random numbers. */
#ifndef MONITOR_DEVICE_ENTROPY_H
#define MONITOR_DEVICE_ENTROPY_H

#include <stdbool.h>
#include <stdint.h>

#define ENTROPY_BYTES		32	/* that are taken of the source, at each start */

/*
 * The repetition count and the adaptive proportion test of NIST SP 800-90B, 4.4, on bytes.  A source
 * that gives 4 bits of entropy or more in each byte fails one of them once in about a million starts;
 * one that is stuck, or alternates, always fails.  So does one that gives less than ENTROPY_BYTES.
 */
bool entropy_is_healthy(const uint8_t *bytes, uint32_t count);

#endif
