// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes as a device tree: the machine ends the program when something outside of them is read. */
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "monitor/device/fdt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	const uint32_t limit = bytes < MACHINE_RAM_BYTES ? (uint32_t)bytes & ~3u : MACHINE_RAM_BYTES;
	const uint32_t start = MACHINE_RAM_BASE + MACHINE_RAM_BYTES - limit;
	struct fdt_value value;

	machine.ram_bytes = MACHINE_RAM_BYTES;
	machine.ram_reads = 0;
	/* At the end of RAM, so that nothing behind them can be read. */
	memcpy(machine.ram + MACHINE_RAM_BYTES - limit, data, limit);
	if (!fdt_find(start, limit, "secure-chosen", "rng-seed", &value) &&
	    (value.address % 4 || value.address < start || value.bytes > limit ||
	     value.address - start > limit - value.bytes))
		abort();
	/* Each byte is read as a node's name, and at most once more for each property. */
	if (machine.ram_reads > 16 * (limit + 16))
		abort();
	return 0;
}
