// SPDX-License-Identifier: Apache-2.0
/* The ring itself. */

#include <string.h>

#include "abi/array.h"
#include "records.h"

static bool is_sound(const struct control_record *record)
{
	const unsigned int pc = record->where & CONTROL_WHERE_MASK;
	const unsigned int lr = record->where >> CONTROL_WHERE_LR_SHIFT;

	return record->reason && record->reason < CONTROL_END_COUNT &&
	       pc <= SPHERULE_END_IN_LIBRARY && lr <= SPHERULE_END_IN_LIBRARY;
}

bool records_are_sound(const struct records_ring *ring, size_t bytes)
{
	const size_t head = offsetof(struct records_ring, records);

	if (bytes < head || ring->magic != RECORDS_MAGIC || ring->count > ARRAY_SIZE(ring->records) ||
	    bytes != head + ring->count * sizeof(ring->records[0]))
		return false;
	for (uint32_t i = 0; i < ring->count; i++)
		if (!is_sound(&ring->records[i]))
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
