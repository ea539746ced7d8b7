/* SPDX-License-Identifier: GPL-2.0-only */
/* Which calls of the Security Monitor programs can make. */
#ifndef _SPHERULE_DEVICE_H
#define _SPHERULE_DEVICE_H

#include <linux/types.h>

/**
 * spherule_monitor_needs - what a call by a program needs
 * @function: SPH_SMC_*
 *
 * Return: a SPHERULE_CAP_* bit, or 0 for a call that no program can make.
 */
u32 spherule_monitor_needs(u32 function);

#endif
