// SPDX-License-Identifier: Apache-2.0
/* Any bytes as the ring of records: what is accepted is whole, and stays so when it grows. */
#include <stdlib.h>
#include <string.h>

#include "abi/record_ring.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct control_record next = { .boot = 1, .reason = CONTROL_END_EXIT };
	struct record_ring ring = { 0 };
	uint32_t count;

	if (size > sizeof(ring))
		return 0;
	if (size)
		memcpy(&ring, data, size);
	if (!record_ring_is_sound(&ring, size))
		return 0;
	count = ring.count;
	record_ring_add(&ring, &next);
	if (!record_ring_is_sound(&ring, record_ring_bytes(&ring)) ||
	    ring.count != (count < RECORD_RING_MAX ? count + 1 : RECORD_RING_MAX) ||
	    memcmp(&ring.records[0], &next, sizeof(next)))
		abort();
	return 0;
}
