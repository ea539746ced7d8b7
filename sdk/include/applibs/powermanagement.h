/* SPDX-License-Identifier: MIT */
/*
 * Restarting the device and switching it off.
 *
 * Needs "ForceReboot" or "ForcePowerDown" in PowerControls of the manifest.
 * All apps are asked to end, the caller too, by SIGTERM.  Who does not end by it
 * gets 0 before it is killed; or -1 with errno: EACCES the manifest does not have
 * it, and those of lifecycle.h.  Names are those of Azure Sphere's applibs.
 */
#ifndef APPLIBS_POWERMANAGEMENT_H
#define APPLIBS_POWERMANAGEMENT_H

#ifdef __cplusplus
extern "C" {
#endif

int PowerManagement_ForceSystemReboot(void);

/* The device stays off until somebody switches it on.  Not of Azure Sphere. */
#define POWERMANAGEMENT_NO_WAKE 0xffffffffu

/*
 * @maximum_residency_in_seconds: after how long the device wakes at the latest.
 * EINVAL: it is 0; ENOTSUP: the board has no clock that could wake it.
 */
int PowerManagement_ForceSystemPowerDown(unsigned int maximum_residency_in_seconds);

#ifdef __cplusplus
}
#endif

#endif
