/* SPDX-License-Identifier: MIT */
/*
 * How much memory the app uses, all of its processes together.
 *
 * Needs "HeapMemStats" in the manifest.  The first call makes the connection
 * that lifecycle.h describes.  Names are those of Azure Sphere's applibs,
 * values in KiB; 0 with errno for failure: EACCES the manifest does not have
 * the capability, EIO, and those of lifecycle.h.
 */
#ifndef APPLIBS_APPLICATIONS_H
#define APPLIBS_APPLICATIONS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All that counts for Limits.MemoryKB, what the kernel holds for the app included. */
size_t Applications_GetTotalMemoryUsageInKB(void);

/* Of it data, stacks, and files in memory. */
size_t Applications_GetUserModeMemoryUsageInKB(void);

/*
 * The largest total since the device started, or since it was set back.  The
 * kernel's part is in it, because the limit counts it too.
 */
size_t Applications_GetPeakUserModeMemoryUsageInKB(void);

/*
 * Has the peak count from what is used now; for as long as the app runs.  Needs
 * "ResetMemoryWatermarks" in the manifest.  Not of Azure Sphere.  0, or -1 with
 * errno.
 */
int Applications_ResetPeakMemoryUsage(void);

#ifdef __cplusplus
}
#endif

#endif
