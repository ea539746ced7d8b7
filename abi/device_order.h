/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Orders of an owner to one device: claim it, hand it over, open or shut what only development needs.
 *
 *	offset 0	struct device_order, 192 bytes
 *	offset 192	signature: ECDSA P-256 over SHA-256 of them, r then s, 32 bytes each, big-endian
 *
 * A claim is signed by the key that it names; every other order by the owner's key that the device
 * has.  An order holds the device id and the epoch, which rises with each order that is obeyed: it
 * counts for one device, once, and not after the device has another owner.  The parser is pure; host tool and monitor both use it, so it is
 * under both licences.  Prose: device_order.md.
 */
#ifndef SPHERULE_ABI_DEVICE_ORDER_H
#define SPHERULE_ABI_DEVICE_ORDER_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define DEVICE_ORDER_MAGIC		0x4f445053	/* "SPDO" */
#define DEVICE_ORDER_FORMAT		1
#define DEVICE_ORDER_SIGNATURE_BYTES	64
#define DEVICE_ID_BYTES			32	/* SHA-256 of the point of the device's public key */

enum device_order_kind {
	DEVICE_ORDER_CLAIM = 1,		/* manufacturing -> secured; the owner is @point */
	DEVICE_ORDER_TRANSFER = 2,	/* the owner becomes @point, all capabilities are shut */
	DEVICE_ORDER_CAPABILITIES = 3,	/* what is open from now on: @capabilities, and no more */
};

/* Little-endian.  Fields that a kind does not use are zero and are checked to be. */
struct device_order {
	uint32_t magic;			/* DEVICE_ORDER_MAGIC */
	uint16_t format;		/* DEVICE_ORDER_FORMAT */
	uint16_t order_bytes;		/* sizeof(struct device_order) */
	uint32_t kind;			/* enum device_order_kind */
	uint32_t epoch;			/* of the device, as SPH_SMC_DEVICE_INFO gives it */
	uint32_t capabilities;		/* SPH_DEVICE_CAP_* */
	uint8_t device_id[DEVICE_ID_BYTES];
	uint8_t point[65];		/* of a new owner */
	uint8_t reserved[75];		/* 0 */
};

#define DEVICE_ORDER_BYTES	(sizeof(struct device_order) + DEVICE_ORDER_SIGNATURE_BYTES)

static_assert(sizeof(struct device_order) == 192, "a device order is 192 bytes");
static_assert(offsetof(struct device_order, point) == 52, "the point is at 52");

/*
 * Copies and checks an order, except for its signature, and whether the point is on the curve.
 * Returns 0 or the negative of E_MONITOR_ORDER_FIELD or E_MONITOR_ORDER_KIND.
 */
int device_order_parse(const uint8_t *bytes, size_t byte_count, struct device_order *order);

/* "claim", "transfer", "capabilities"; NULL when @kind is none of them. */
const char *device_order_kind_name(uint32_t kind);

#endif
