// SPDX-License-Identifier: Apache-2.0
/*
 * An app that tries to change its text, or that of its child, by what writes without asking the
 * protection of a page: tracing, the memory files of /proc by every path and descriptor, system
 * calls whose result is to go there.  After each attempt the text is compared with what it was, and
 * no executable page may have become a private copy.
 */

#include <errno.h>

#include "checked.h"
#include "mappings.h"
#include "tracer.h"

/* The linker's names for the first and the last byte of the executable segment. */
extern const char __executable_start[], etext[];

/* 32-bit FNV-1a (RFC draft-eastlake-fnv). */
#define HASH_START	2166136261u
#define HASH_PRIME	16777619u

const char *tracer_program;
static uint32_t hash_at_start;

static uint32_t hash_text(void)
{
	uint32_t hash = HASH_START;

	for (const char *byte = __executable_start; byte < etext; byte++)
		hash = (hash ^ (uint8_t)*byte) * HASH_PRIME;
	return hash;
}

/* Only its address is used: what is written there breaks nothing that runs. */
static __attribute__((noinline, naked)) void victim(void)
{
	__asm__ volatile(".balign 4\n\t.space 64");
}

uintptr_t tracer_text(void)
{
	return ((uintptr_t)victim + 4) & ~(uintptr_t)3;
}

int checked_invariant(void)
{
	if (hash_text() != hash_at_start) {
		errno = EUCLEAN;
		return -1;
	}
	return mappings_check_executable();
}

static const struct attempt last[] = {
	{ "AS-02", "text and its pages are what they were, at the end", checked_invariant, 0 },
};

int main(int argc, char **argv)
{
	(void)argc;
	tracer_program = argv[0];
	hash_at_start = hash_text();
	tracer_try_trace();
	tracer_try_memory();
	tracer_try_descriptors();
	tracer_try_kernel();
	tracer_try_control();
	attempt_all(last, ARRAY_SIZE(last));
	attempt_end("tracer");
}
