/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring of records of how programs ended, as it is kept in the storage: the newest first.  One OS
 * writes it and a later one reads it; it is the value of the attribute "ends" of the file ".appman".
 * Numbers have the order of the processor.
 */
#ifndef SPHERULE_ABI_RECORD_RING_H
#define SPHERULE_ABI_RECORD_RING_H

#include <stddef.h>
#include <stdint.h>

#include "abi/control.h"

#define RECORD_RING_MAGIC	0x31444e45	/* "END1" */
#define RECORD_RING_MAX		22		/* an attribute of littlefs has at most 1,022 bytes */

struct record_ring {
	uint32_t magic;
	uint32_t count;
	struct control_record records[RECORD_RING_MAX];
};

/* How much of @ring is kept.  Pure. */
size_t record_ring_bytes(const struct record_ring *ring);

/* Whether the first @bytes of @ring, of wherever, are a ring, and all of it.  Pure. */
int record_ring_is_sound(const struct record_ring *ring, size_t bytes);

/* Puts @record before the others; the oldest goes when there is no room.  Pure. */
void record_ring_add(struct record_ring *ring, const struct control_record *record);

#endif
