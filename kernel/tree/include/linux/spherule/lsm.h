/* SPDX-License-Identifier: GPL-2.0-only */
/* What other kernel code may ask of the Spherule LSM. */
#ifndef _LINUX_SPHERULE_LSM_H
#define _LINUX_SPHERULE_LSM_H

#include <linux/types.h>
#include <uapi/linux/spherule.h>

#ifdef CONFIG_SECURITY_SPHERULE
/**
 * spherule_capable - whether the current task's component may do something
 * @capability: one SPHERULE_CAP_* bit
 *
 * Root and Linux capabilities do not matter.
 *
 * Return: true if so.
 */
bool spherule_capable(u32 capability);
#else
static inline bool spherule_capable(u32 capability)
{
	return false;
}
#endif

#endif
