// SPDX-License-Identifier: Apache-2.0
/* Memory: beyond the limit, and up to just below it. */

#include <stddef.h>
#include <sys/mman.h>

#include "stress.h"

#define CHUNK_PAGES	8

/* Below seven eighths of what a test lets it have (128 KiB), with the 41 KiB that an app takes itself. */
#define EDGE_PAGES	16

static char *take(size_t pages)
{
	char *memory = mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; memory != MAP_FAILED && i < pages; i++)
		memory[i * PAGE_BYTES] = 1;
	return memory;
}

unsigned int round_eat(void)
{
	return take(CHUNK_PAGES) != MAP_FAILED;
}

unsigned int round_edge(void)
{
	char *memory = take(EDGE_PAGES);

	return memory != MAP_FAILED && !munmap(memory, EDGE_PAGES * PAGE_BYTES);
}
