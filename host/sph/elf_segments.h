/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program headers of an ELF file: what of it is loaded, and where.
 *
 * Pure and bounds-checked: anyone may have made the file.  What the headers say about the file
 * and about memory is handed out as it is; the numbers of a segment need not lie in the file.
 */
#ifndef SPH_ELF_SEGMENTS_H
#define SPH_ELF_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_PAGE_BYTES	4096u	/* of the device: segments are mapped in pages of this size */

/* One program header.  Values of type and flags: elf.h, PT_* and PF_*. */
struct elf_segment {
	uint32_t type, flags;
	uint32_t offset, file_bytes;		/* in the file */
	uint32_t address, memory_bytes;		/* in memory; what is not in the file is zero */
};

struct elf_walk {
	const uint8_t *header;	/* the next one */
	unsigned int left;	/* headers not yet visited, at most 65535 */
};

/*
 * Returns 0 when @bytes begins as a 32-bit little-endian ELF file, of any processor, and contains
 * all of its program headers, of 32 bytes each; else -1, and the walk is empty.
 */
int elf_walk_start(struct elf_walk *walk, const uint8_t *bytes, size_t length);

/* Returns true with the next segment, false at the end. */
bool elf_walk_next(struct elf_walk *walk, struct elf_segment *segment);

/* Is there a PT_LOAD segment, so that the kernel or the dynamic linker would map the file? */
bool elf_is_loadable(const uint8_t *bytes, size_t length);

#endif
