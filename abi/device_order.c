// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* The only parser of device orders.  Freestanding: the monitor contains it. */
#include "abi/device_order.h"

#include <string.h>

#include "abi/bytes.h"
#include "abi/errors.h"
#include "abi/smc.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(bytes, field) ((bytes) + offsetof(struct device_order, field))
#define POINT_UNCOMPRESSED 4 /* SEC 1, 2.3.3 */

/* What each kind has beside device and epoch. */
static const struct {
	const char *name;
	int has_point;
	uint32_t capabilities; /* that it may name */
} kinds[] = {
	[DEVICE_ORDER_CLAIM] = { "claim", 1, 0 },
	[DEVICE_ORDER_TRANSFER] = { "transfer", 1, 0 },
	[DEVICE_ORDER_CAPABILITIES] = { "capabilities", 0, SPH_DEVICE_CAP_ALL },
};

/* Field by field, because the bytes are little-endian and may be unaligned. */
static void read_order(const uint8_t *bytes, struct device_order *o)
{
	o->magic = get_le32(FIELD(bytes, magic));
	o->format = get_le16(FIELD(bytes, format));
	o->order_bytes = get_le16(FIELD(bytes, order_bytes));
	o->kind = get_le32(FIELD(bytes, kind));
	o->epoch = get_le32(FIELD(bytes, epoch));
	o->capabilities = get_le32(FIELD(bytes, capabilities));
	memcpy(o->device_id, FIELD(bytes, device_id), sizeof(o->device_id));
	memcpy(o->point, FIELD(bytes, point), sizeof(o->point));
	memcpy(o->reserved, FIELD(bytes, reserved), sizeof(o->reserved));
}

static int point_is_valid(const struct device_order *o)
{
	if (kinds[o->kind].has_point)
		return o->point[0] == POINT_UNCOMPRESSED;
	return bytes_are(o->point, sizeof(o->point), 0);
}

int device_order_parse(const uint8_t *bytes, size_t byte_count,
		       struct device_order *order)
{
	if (byte_count < sizeof(*order) ||
	    get_le32(FIELD(bytes, magic)) != DEVICE_ORDER_MAGIC)
		return -E_MONITOR_ORDER_FIELD;
	read_order(bytes, order);
	if (order->format != DEVICE_ORDER_FORMAT ||
	    order->order_bytes != sizeof(*order) ||
	    !bytes_are(order->reserved, sizeof(order->reserved), 0))
		return -E_MONITOR_ORDER_FIELD;
	if (!device_order_kind_name(order->kind))
		return -E_MONITOR_ORDER_KIND;
	if (!point_is_valid(order) ||
	    order->capabilities & ~kinds[order->kind].capabilities)
		return -E_MONITOR_ORDER_FIELD;
	return 0;
}

const char *device_order_kind_name(uint32_t kind)
{
	return kind < ARRAY_SIZE(kinds) ? kinds[kind].name : NULL;
}
