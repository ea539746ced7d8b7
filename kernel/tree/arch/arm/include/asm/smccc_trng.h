/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random bits of the firmware for the seed of the kernel's generator: Arm DEN 0098, "True Random Number
 * Generator Firmware Interface".  Included by asm/archrandom.h alone.
 */
#ifndef _ASM_SMCCC_TRNG_H
#define _ASM_SMCCC_TRNG_H

#include <linux/arm-smccc.h>
#include <linux/minmax.h>

/* DEN 0098, 2.2: version 1.0; 2.4: at most 96 bits in one call of 32-bit registers. */
#define ARM_SMCCC_TRNG_MIN_VERSION	0x10000UL
#define ARM_SMCCC_TRNG_MAX_LONGS	3

extern bool smccc_trng_available;

static inline bool __init smccc_probe_trng(void)
{
	struct arm_smccc_res res;

	arm_smccc_1_1_invoke(ARM_SMCCC_TRNG_VERSION, &res);
	return (s32)res.a0 >= (s32)ARM_SMCCC_TRNG_MIN_VERSION;
}

static inline size_t __must_check arch_get_random_longs(unsigned long *v, size_t max_longs)
{
	return 0;
}

/* How many of @max_longs there are now, 0 to ARM_SMCCC_TRNG_MAX_LONGS. */
static inline size_t __must_check arch_get_random_seed_longs(unsigned long *v, size_t max_longs)
{
	struct arm_smccc_res res;

	if (!max_longs || !smccc_trng_available)
		return 0;

	max_longs = min_t(size_t, ARM_SMCCC_TRNG_MAX_LONGS, max_longs);
	arm_smccc_1_1_invoke(ARM_SMCCC_TRNG_RND32, max_longs * 32, &res);
	if ((s32)res.a0 < 0)
		return 0;

	/* The lowest bits are in the last register. */
	switch (max_longs) {
	case 3:
		*v++ = res.a1;
		fallthrough;
	case 2:
		*v++ = res.a2;
		fallthrough;
	case 1:
		*v++ = res.a3;
		break;
	}
	return max_longs;
}

#endif
