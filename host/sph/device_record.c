// SPDX-License-Identifier: Apache-2.0
/* Reads the record of a device. */
#include "abi/bytes.h"
#include "host/sph/device_record.h"

#include <mbedtls/sha256.h>
#include <stdlib.h>
#include <string.h>

#include "host/sph/file.h"

#define FIELD(p, field) ((p) + offsetof(struct sph_device_info, field))

int device_record_read(const char *path, struct sph_device_info *info,
		       struct complaint *complaint)
{
	uint8_t id[sizeof(info->device_id)];
	struct bytes file;
	int result = file_read(path, sizeof(*info) + 1, &file, complaint);

	if (result)
		return result;
	memset(info, 0, sizeof(*info));
	if (file.length == sizeof(*info)) {
		memcpy(info, file.data, sizeof(*info));
		info->stage = get_le32(FIELD(file.data, stage));
		info->epoch = get_le32(FIELD(file.data, epoch));
		info->capabilities = get_le32(FIELD(file.data, capabilities));
	}
	free(file.data);
	if (info->point[0] == 4 &&
	    !mbedtls_sha256_ret(info->point, sizeof(info->point), id, 0) &&
	    !memcmp(id, info->device_id, sizeof(id)))
		return 0;
	return complain(complaint, E_MONITOR_DEVICE_KEYS,
			"%s: must be the device info of a device that has keys",
			path);
}
