/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dispatch of the normal world's calls.
 *
 * A handler gets copies of r1 to r4 and returns the status for r0; a negative one makes the
 * dispatcher clear the results, but for the reason in r1 of SPH_SMC_E_REFUSED.  Every argument is hostile: a handler refuses, it never faults.
 * A new call is one line of the table in smc.c.
 */
#ifndef MONITOR_SMC_H
#define MONITOR_SMC_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "boot.h"

struct smc_args {
	uint32_t r1, r2, r3, r4;
};

struct smc_results {
	uint32_t r1, r2, r3;
};

/* What vectors.S has pushed when it calls smc_dispatch(); r0 to r3 are the caller's on return. */
struct smc_frame {
	uint32_t r0, r1, r2, r3, r4, r12;
	uint32_t return_address, return_psr;
};

static_assert(sizeof(struct smc_frame) == 32, "vectors.S pushes eight words");
static_assert(offsetof(struct smc_frame, return_address) == 24, "vectors.S: SRS before PUSH");

/* Before the first call. */
void smc_init(const struct boot_info *boot);

void smc_dispatch(struct smc_frame *frame);

/* 1 when the function identifier is one that smc_dispatch() answers, else 0. */
int smc_is_known(uint32_t id);

#endif
