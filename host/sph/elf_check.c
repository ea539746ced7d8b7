// SPDX-License-Identifier: Apache-2.0
/* Checks a program's ELF headers. */
#include "host/sph/elf_check.h"

#include <elf.h>
#include <string.h>

#include "host/sph/little_endian.h"

#define PAGE_BYTES 4096u
#define FIELD(base, type, field) ((base) + offsetof(type, field))

static const char *check_header(const uint8_t *b, size_t length)
{
	uint16_t type;

	if (length < sizeof(Elf32_Ehdr) || memcmp(b, ELFMAG, SELFMAG))
		return "must be an ELF program";
	if (b[EI_CLASS] != ELFCLASS32 || b[EI_DATA] != ELFDATA2LSB ||
	    get_le16(FIELD(b, Elf32_Ehdr, e_machine)) != EM_ARM)
		return "must be a 32-bit little-endian ARM program";
	if ((get_le32(FIELD(b, Elf32_Ehdr, e_flags)) & EF_ARM_EABIMASK) !=
	    EF_ARM_EABI_VER5)
		return "must be made for ARM EABI version 5";
	type = get_le16(FIELD(b, Elf32_Ehdr, e_type));
	if (type != ET_EXEC && type != ET_DYN)
		return "must be a linked program";
	if (get_le16(FIELD(b, Elf32_Ehdr, e_phentsize)) != sizeof(Elf32_Phdr))
		return "must have program headers of 32 bytes";
	return NULL;
}

static const char *check_segment(const uint8_t *p, size_t length)
{
	uint32_t flags = get_le32(FIELD(p, Elf32_Phdr, p_flags));
	uint32_t offset = get_le32(FIELD(p, Elf32_Phdr, p_offset));
	uint32_t bytes = get_le32(FIELD(p, Elf32_Phdr, p_filesz));
	uint32_t address = get_le32(FIELD(p, Elf32_Phdr, p_vaddr));
	uint32_t type = get_le32(FIELD(p, Elf32_Phdr, p_type));

	if (type == PT_GNU_STACK && flags & PF_X)
		return "must not ask for an executable stack";
	if (flags & PF_W && flags & PF_X)
		return "must not have a segment that is writable and executable";
	if (type != PT_LOAD)
		return NULL;
	if (offset > length || bytes > length - offset)
		return "must contain all of its segments";
	if (offset % PAGE_BYTES != address % PAGE_BYTES)
		return "must have file offsets that equal addresses modulo 4096";
	return NULL;
}

const char *elf_check(const uint8_t *bytes, size_t length)
{
	const char *rule = check_header(bytes, length);
	uint32_t offset, i, count;
	int loads = 0, stacks = 0;

	if (rule)
		return rule;
	offset = get_le32(FIELD(bytes, Elf32_Ehdr, e_phoff));
	count = get_le16(FIELD(bytes, Elf32_Ehdr, e_phnum));
	if (offset > length || count * sizeof(Elf32_Phdr) > length - offset)
		return "must contain all of its program headers";
	for (i = 0; i < count; i++) {
		const uint8_t *p = bytes + offset + i * sizeof(Elf32_Phdr);
		uint32_t type = get_le32(FIELD(p, Elf32_Phdr, p_type));

		rule = check_segment(p, length);
		if (rule)
			return rule;
		loads += type == PT_LOAD;
		stacks += type == PT_GNU_STACK;
	}
	if (!loads)
		return "must have a segment to load";
	if (!stacks)
		return "must have a PT_GNU_STACK header (link with -z noexecstack)";
	return NULL;
}
