/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs for the normal world have in place of a system: a console, and calls. */
#ifndef TEST_WORLD_TOOLS_H
#define TEST_WORLD_TOOLS_H

#include <stdint.h>

void put(const char *s);
void put_number(uint32_t n);	/* decimal */

/* A call of the monitor, r0 to r4; r0 to r3 are the results.  Returns the status, r0. */
int32_t call(uint32_t regs[5]);
int32_t call4(uint32_t id, uint32_t a, uint32_t b, uint32_t c, uint32_t d);

#endif
