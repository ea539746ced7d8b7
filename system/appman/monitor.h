/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What application-manager asks of the Security Monitor, by /dev/security-monitor.
 *
 * A monitor that does not have a call answers -ENOSYS.
 */
#ifndef APPMAN_MONITOR_H
#define APPMAN_MONITOR_H

#include <stdint.h>

#include "abi/monitor_records.h"

/* Opens the device, which devices_prepare() has made.  Reports when it cannot. */
void monitor_open(void);

/* Installed image @number, from 0.  Returns 0, -ENOENT behind the last one, or -errno. */
int monitor_image_info(uint32_t number, struct sph_image_info *info);

/* How much of the partition "apps" no image has.  Returns 0 or -errno. */
int monitor_free_bytes(uint32_t *bytes);

/*
 * Why the monitor refuses the installed image at @offset: a number of abi/errors.h, or 0 when it does
 * not, or does not say.  Takes as long as hashing the image.
 */
uint32_t monitor_refusal(uint32_t offset);

/*
 * The image store: begin, write from the start to the end, finish, install.  What the monitor refuses
 * is -EKEYREJECTED, and *@reason its number of abi/errors.h.  @bytes of a write: 4 to 4096, whole words.
 * monitor_image_finish() takes as long as hashing the image and verifying its signature; *@offset: where
 * the image is in the partition "apps".
 */
int monitor_image_begin(uint32_t bytes, uint32_t *handle);
int monitor_image_write(uint32_t handle, uint32_t offset, const void *data, uint32_t bytes);
int monitor_image_finish(uint32_t handle, uint32_t *offset, uint32_t *reason);
int monitor_image_abort(uint32_t handle);
int monitor_image_install(uint32_t *reason);
int monitor_image_remove(const uint8_t component_id[16]);

/*
 * SPH_SMC_BOOT_OK: the slot that runs is the one to start from now on; SPH_SMC_BOOT_SETTLED: this start
 * has lasted.  Reports when that fails.
 */
void monitor_confirm(uint32_t function);

/* What the monitor has counted of the starts of this device.  Returns 0 or -errno. */
int monitor_telemetry(struct sph_telemetry *telemetry);

/* The device is reset unless this is called again within WATCHDOG_MS. */
void monitor_feed_watchdog(long long now_ms);

/* When monitor_feed_watchdog() is due; -1 without a watchdog. */
long long monitor_watchdog_deadline_ms(void);

#endif
