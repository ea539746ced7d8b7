// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a device order: what is accepted has only the fields of its kind. */
#include <stdlib.h>
#include <string.h>

#include "abi/device_order.h"
#include "abi/smc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct device_order o;
	int names_owner;

	if (device_order_parse(data, size, &o))
		return 0;
	names_owner = o.kind != DEVICE_ORDER_CAPABILITIES;
	if (!device_order_kind_name(o.kind) ||
	    o.capabilities & ~(uint32_t)SPH_DEVICE_CAP_ALL ||
	    (names_owner && o.capabilities) ||
	    o.point[0] != (names_owner ? 4 : 0))
		abort();
	return 0;
}
