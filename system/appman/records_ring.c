// SPDX-License-Identifier: Apache-2.0
/* The ring itself. */

#include <string.h>

#include "abi/array.h"
#include "records.h"

bool records_are_sound(const struct records_ring *ring, size_t bytes)
{
	const size_t head = offsetof(struct records_ring, records);

	if (bytes < head || ring->magic != RECORDS_MAGIC || ring->count > ARRAY_SIZE(ring->records) ||
	    bytes != head + ring->count * sizeof(ring->records[0]))
		return false;
	for (uint32_t i = 0; i < ring->count; i++)
		if (!control_record_is_sound(&ring->records[i]))
			return false;
	return true;
}

void records_add(struct records_ring *ring, const struct control_record *record)
{
	if (ring->count < ARRAY_SIZE(ring->records))
		ring->count++;
	memmove(&ring->records[1], &ring->records[0],
		(ring->count - 1) * sizeof(ring->records[0]));
	ring->records[0] = *record;
}
