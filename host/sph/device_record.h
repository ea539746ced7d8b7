/* SPDX-License-Identifier: Apache-2.0 */
/* The record of SPH_SMC_DEVICE_INFO in a file: whom an order is for, who has attested. */
#ifndef SPH_DEVICE_RECORD_H
#define SPH_DEVICE_RECORD_H

#include "abi/monitor_records.h"
#include "host/sph/complaint.h"

/*
 * Reads it and checks that the device id is that of the point.  Errors: E_PACK_IO, E_PACK_FILE_SIZE,
 * E_MONITOR_DEVICE_KEYS (the record is none of a device that has keys).
 */
int device_record_read(const char *path, struct sph_device_info *info,
		       struct complaint *complaint);

#endif
