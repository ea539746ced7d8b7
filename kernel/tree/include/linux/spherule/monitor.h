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

/**
 * struct spherule_monitor_call - a call and its results
 * @function: SPH_SMC_*
 * @arguments: r1 to r4
 * @results: r1 to r3 on return, 0 after an error
 */
struct spherule_monitor_call {
	u32 function;
	u32 arguments[4];
	u32 results[3];
};

bool spherule_monitor_present(void);
int spherule_monitor_call(struct spherule_monitor_call *call);

#endif
