// SPDX-License-Identifier: Apache-2.0
/* Counts the pages of a file: in flash, copied, cached. */
#include "host/sph/ram.h"

#include <assert.h>
#include <elf.h>

#include "host/sph/elf_segments.h"

/* All numbers come from 32 bits: in 64 no sum or product of them overflows. */

#define PAGE_KIB (ELF_PAGE_BYTES / 1024)

/* MAPPED says where blocks begin, and is taken here for where pages begin. */
static_assert(ELF_PAGE_BYTES == CRAMFS_BLOCK_BYTES, "a block is a page");

struct file_pages {
	uint64_t count; /* the last one may be a part of a page */
	uint64_t in_flash; /* so many, from the first one, can be mapped in place */
};

static uint64_t pages_up(uint64_t bytes)
{
	return (bytes + ELF_PAGE_BYTES - 1) / ELF_PAGE_BYTES;
}

/* How many pages from @first to before @end are below @limit. */
static uint64_t count_below(uint64_t first, uint64_t end, uint64_t limit)
{
	if (end > limit)
		end = limit;
	return end > first ? end - first : 0;
}

/* The contents in one piece; NULL when they are not like that in the body. */
static const uint8_t *find_contents(const uint8_t *body, size_t length,
				    const struct cramfs_entry *entry)
{
	if (entry->layout != CRAMFS_LAYOUT_MAPPED &&
	    entry->layout != CRAMFS_LAYOUT_PACKED)
		return NULL;
	if (entry->data > length || entry->size > length - entry->data)
		return NULL;
	return body + entry->data;
}

/* Is there nothing but zeros from the end of the contents to the end of their last page? */
static bool has_clean_end(const uint8_t *body, size_t length,
			  const struct cramfs_entry *entry)
{
	uint64_t at = (uint64_t)entry->data + entry->size;
	uint64_t end = entry->data + pages_up(entry->size) * ELF_PAGE_BYTES;

	if (end > length)
		return false;
	while (at < end) {
		if (body[at++])
			return false;
	}
	return true;
}

/* What one segment adds. */
static void add_segment(const struct elf_segment *s,
			const struct file_pages *pages, struct ram *ram)
{
	uint64_t first = s->offset / ELF_PAGE_BYTES;
	uint64_t end = pages_up((uint64_t)s->offset + s->file_bytes);
	uint64_t data_end = (uint64_t)s->address + s->file_bytes;
	uint64_t memory_end = (uint64_t)s->address + s->memory_bytes;

	/* Nothing is mapped from the file then: all of it is bss, zero from the start. */
	if (s->file_bytes) {
		uint64_t in_flash = count_below(first, end, pages->in_flash);
		uint64_t in_file = count_below(first, end, pages->count);

		ram->cache_kib += (in_file - in_flash) * PAGE_KIB;
		if (!(s->flags & PF_W))
			ram->in_place_kib += in_flash * PAGE_KIB;
	}
	if (!(s->flags & PF_W) || !s->memory_bytes)
		return;
	ram->most_kib +=
		(pages_up(memory_end) - s->address / ELF_PAGE_BYTES) * PAGE_KIB;
	/* The loader clears what follows the data in their last page: bss begins there. */
	if (s->file_bytes && memory_end > data_end && data_end % ELF_PAGE_BYTES)
		ram->start_kib += PAGE_KIB;
}

void ram_measure(const uint8_t *body, size_t length,
		 const struct cramfs_entry *entry, struct ram *ram)
{
	const uint8_t *contents = find_contents(body, length, entry);
	struct file_pages pages = { .count = pages_up(entry->size) };
	struct elf_segment segment;
	struct elf_walk walk;

	*ram = (struct ram){ 0 };
	if (contents && entry->layout == CRAMFS_LAYOUT_MAPPED)
		pages.in_flash =
			pages.count - !has_clean_end(body, length, entry);
	if (!contents || !elf_is_loadable(contents, entry->size)) {
		ram->in_place_kib = pages.in_flash * PAGE_KIB;
		ram->cache_kib = (pages.count - pages.in_flash) * PAGE_KIB;
		return;
	}
	elf_walk_start(&walk, contents, entry->size);
	while (elf_walk_next(&walk, &segment)) {
		if (segment.type == PT_LOAD)
			add_segment(&segment, &pages, ram);
	}
}
