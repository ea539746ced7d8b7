/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds one property in a flattened device tree (Devicetree Specification 0.4, chapter 5).
 *
 * For trees that others wrote: any bytes are taken, none outside of [address, address + limit) is
 * read, and nothing is read more often than the length of the tree makes needed.
 */
#ifndef MONITOR_DEVICE_FDT_H
#define MONITOR_DEVICE_FDT_H

#include <stdint.h>

struct fdt_value {
	uint32_t address;		/* a multiple of 4 */
	uint32_t bytes;
};

/*
 * The property @property of the node @node, which is a child of the root; the first when there are
 * several.  @address and @limit_bytes are multiples of 4.  Returns 0, or -1 when there is no tree, none
 * that is whole, or no such property.
 */
int fdt_find(uint32_t address, uint32_t limit_bytes, const char *node, const char *property,
	     struct fdt_value *value);

#endif
