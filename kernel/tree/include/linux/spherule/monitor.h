/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of the Spherule Security Monitor.
 *
 * The numbers, arguments and results are in <linux/spherule/smc.h>, which is
 * the file that the monitor itself is built with.
 */
#ifndef _LINUX_SPHERULE_MONITOR_H
#define _LINUX_SPHERULE_MONITOR_H

#include <linux/arm-smccc.h>
#include <linux/spherule/smc.h>
#include <linux/types.h>

struct mtd_info;

/**
 * struct spherule_monitor_call - a call and its results
 * @function: SPH_SMC_*
 * @arguments: r1 to r4
 * @results: r1 to r3 on return, 0 after an error; after -EKEYREJECTED the first
 *	is the reason, a number of abi/errors.h
 */
struct spherule_monitor_call {
	u32 function;
	u32 arguments[4];
	u32 results[3];
};

bool spherule_monitor_present(void);
int spherule_monitor_call(struct spherule_monitor_call *call);

#ifdef CONFIG_MTD_SPHERULE
/**
 * spherule_take_image - make sure of what is to be mounted
 * @mtd: where it is
 * @offset: of the image in @mtd
 *
 * Asks for each image of the apps whether it is as it was signed, and has the
 * monitor keep its flash from others. What is in another partition was verified
 * when the device started, or does not come from the monitor's flash.
 *
 * Return: 0, -EKEYREJECTED for an image that is not as it was signed, -ENOENT
 * where none is installed, -EBUSY when too many are mounted, or what
 * spherule_monitor_call() returns. After 0 spherule_release_image() is due.
 */
int spherule_take_image(const struct mtd_info *mtd, u32 offset);

/**
 * spherule_release_image - nothing of an image is in use any more
 * @mtd: where it is
 * @offset: of the image in @mtd
 */
void spherule_release_image(const struct mtd_info *mtd, u32 offset);
#else
static inline int spherule_take_image(const struct mtd_info *mtd, u32 offset)
{
	return 0;
}

static inline void spherule_release_image(const struct mtd_info *mtd, u32 offset)
{
}
#endif

#endif
