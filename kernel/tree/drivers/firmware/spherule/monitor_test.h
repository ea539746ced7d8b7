/* SPDX-License-Identifier: GPL-2.0-only */
/* What the KUnit tests of the Security Monitor share. */
#ifndef _SPHERULE_MONITOR_TEST_H
#define _SPHERULE_MONITOR_TEST_H

#include <kunit/test.h>
#include <linux/arm-smccc.h>
#include <linux/mtd/mtd.h>
#include <linux/spherule/smc.h>

/* The secure world's own memory on the board "qemu-virt" (QEMU, hw/arm/virt.c), and the flash of both. */
#define SECURE_SRAM		0x0e000000
#define SECURE_FLASH		0x00000000
#define SECURE_UART		0x09040000
#define SHARED_FLASH		0x04100000

/* What a call leaves behind: r0 is the status as it is. */
static inline s32 smc(u32 function, u32 a1, u32 a2, u32 a3, u32 a4, u32 *r1)
{
	struct arm_smccc_res res;

	arm_smccc_smc(function, a1, a2, a3, a4, 0, 0, 0, &res);
	if (r1)
		*r1 = res.a1;
	return res.a0;
}

/* The same until it is done. */
static inline s32 smc_pieces(u32 function, u32 a1, u32 a2, u32 a3, u32 a4, u32 *r1)
{
	unsigned int left = 10000;
	s32 status;

	do {
		status = smc(function, a1, a2, a3, a4, r1);
	} while (status == SPH_SMC_E_AGAIN && --left);
	return status;
}

static inline struct mtd_info *partition(struct kunit *test, const char *name)
{
	struct mtd_info *mtd = get_mtd_device_nm(name);

	KUNIT_ASSERT_FALSE(test, IS_ERR(mtd));
	return mtd;
}

/* Behind the last byte of RAM. */
static inline u32 ram_end(struct kunit *test)
{
	struct arm_smccc_res res;

	arm_smccc_smc(SPH_SMC_BOOT_INFO, 0, 0, 0, 0, 0, 0, 0, &res);
	KUNIT_ASSERT_EQ(test, res.a0, 0);
	return PHYS_OFFSET + res.a3;
}

#endif
