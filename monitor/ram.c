// SPDX-License-Identifier: GPL-2.0-only
/* Finds the size of the normal world's RAM by asking the memory, not the firmware above us. */
#include "ram.h"

#include <stdbool.h>

#include "plat.h"
#include "probe.h"

#define PATTERN		0x5aa5c33c

/*
 * The last word of the size must hold a value, also after its opposite was written at half the
 * size: a smaller memory that ignores the upper address bit answers at both.
 */
static bool size_answers(uint32_t bytes)
{
	const uint32_t top = plat.ram_base + bytes - 4;
	const uint32_t half = plat.ram_base + bytes / 2 - 4;
	uint32_t top_was, half_was, value = 0;
	bool answers = false;

	/* A read first: its abort is always precise, that of a write need not be. */
	if (probe_read32(top, &top_was) || probe_read32(half, &half_was))
		return false;
	if (!probe_write32(top, PATTERN) && !probe_write32(half, ~PATTERN) &&
	    !probe_read32(top, &value))
		answers = value == PATTERN;
	probe_write32(half, half_was);
	probe_write32(top, top_was);
	return answers;
}

uint32_t ram_detect(void)
{
	for (uint32_t i = 0; i < plat.ram_size_count; i++) {
		const uint32_t bytes = plat.ram_sizes_kib[i] * 1024;

		if (size_answers(bytes))
			return bytes;
	}
	return 0;
}
