// SPDX-License-Identifier: Apache-2.0
/* Checks a program's ELF headers. */
#include "abi/bytes.h"
#include "host/sph/elf_check.h"

#include <elf.h>
#include <string.h>

#include "host/sph/elf_segments.h"

#define FIELD(bytes, field) ((bytes) + offsetof(Elf32_Ehdr, field))

static const char *check_header(const uint8_t *b, size_t length)
{
	uint16_t type;

	if (length < sizeof(Elf32_Ehdr) || memcmp(b, ELFMAG, SELFMAG))
		return "must be an ELF program";
	if (b[EI_CLASS] != ELFCLASS32 || b[EI_DATA] != ELFDATA2LSB ||
	    get_le16(FIELD(b, e_machine)) != EM_ARM)
		return "must be a 32-bit little-endian ARM program";
	if ((get_le32(FIELD(b, e_flags)) & EF_ARM_EABIMASK) != EF_ARM_EABI_VER5)
		return "must be made for ARM EABI version 5";
	type = get_le16(FIELD(b, e_type));
	if (type != ET_EXEC && type != ET_DYN)
		return "must be a linked program";
	return NULL;
}

static const char *check_segment(const struct elf_segment *s, size_t length)
{
	if (s->type == PT_GNU_STACK && s->flags & PF_X)
		return "must not ask for an executable stack";
	if (s->flags & PF_W && s->flags & PF_X)
		return "must not have a segment that is writable and executable";
	if (s->type != PT_LOAD)
		return NULL;
	if (s->offset > length || s->file_bytes > length - s->offset)
		return "must contain all of its segments";
	if (s->offset % ELF_PAGE_BYTES != s->address % ELF_PAGE_BYTES)
		return "must have file offsets that equal addresses modulo 4096";
	return NULL;
}

const char *elf_check(const uint8_t *bytes, size_t length)
{
	const char *rule = check_header(bytes, length);
	struct elf_segment segment;
	struct elf_walk walk;
	int loads = 0, stacks = 0;

	if (rule)
		return rule;
	if (elf_walk_start(&walk, bytes, length))
		return "must contain all of its program headers, of 32 bytes each";
	while (elf_walk_next(&walk, &segment)) {
		rule = check_segment(&segment, length);
		if (rule)
			return rule;
		loads += segment.type == PT_LOAD;
		stacks += segment.type == PT_GNU_STACK;
	}
	if (!loads)
		return "must have a segment to load";
	if (!stacks)
		return "must have a PT_GNU_STACK header (link with -z noexecstack)";
	return NULL;
}
