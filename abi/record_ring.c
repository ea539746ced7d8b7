// SPDX-License-Identifier: Apache-2.0
/* What of a ring is believed, and how it grows. */
#include "abi/record_ring.h"

#include <string.h>

#include "abi/array.h"

size_t record_ring_bytes(const struct record_ring *ring)
{
	return offsetof(struct record_ring, records) + ring->count * sizeof(ring->records[0]);
}

int record_ring_is_sound(const struct record_ring *ring, size_t bytes)
{
	if (bytes < offsetof(struct record_ring, records) || ring->magic != RECORD_RING_MAGIC ||
	    ring->count > ARRAY_SIZE(ring->records) || bytes != record_ring_bytes(ring))
		return 0;
	for (uint32_t i = 0; i < ring->count; i++)
		if (!control_record_is_sound(&ring->records[i]))
			return 0;
	return 1;
}

void record_ring_add(struct record_ring *ring, const struct control_record *record)
{
	if (ring->count < ARRAY_SIZE(ring->records))
		ring->count++;
	memmove(&ring->records[1], &ring->records[0],
		(ring->count - 1) * sizeof(ring->records[0]));
	ring->records[0] = *record;
}
