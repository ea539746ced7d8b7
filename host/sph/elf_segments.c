// SPDX-License-Identifier: Apache-2.0
/* Walks over the program headers of an ELF file. */
#include "abi/bytes.h"
#include "host/sph/elf_segments.h"

#include <elf.h>
#include <string.h>


int elf_walk_start(struct elf_walk *walk, const uint8_t *bytes, size_t length)
{
	uint32_t offset, count;

	*walk = (struct elf_walk){ 0 };
	if (length < sizeof(Elf32_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) ||
	    bytes[EI_CLASS] != ELFCLASS32 || bytes[EI_DATA] != ELFDATA2LSB ||
	    get_le16(bytes + offsetof(Elf32_Ehdr, e_phentsize)) !=
		    sizeof(Elf32_Phdr))
		return -1;
	offset = get_le32(bytes + offsetof(Elf32_Ehdr, e_phoff));
	count = get_le16(bytes + offsetof(Elf32_Ehdr, e_phnum));
	if (offset > length || count * sizeof(Elf32_Phdr) > length - offset)
		return -1;
	walk->header = bytes + offset;
	walk->left = count;
	return 0;
}

bool elf_walk_next(struct elf_walk *walk, struct elf_segment *segment)
{
	const uint8_t *h = walk->header;

	if (walk->left == 0)
		return false;
	*segment = (struct elf_segment){
		.type = get_le32(h + offsetof(Elf32_Phdr, p_type)),
		.flags = get_le32(h + offsetof(Elf32_Phdr, p_flags)),
		.offset = get_le32(h + offsetof(Elf32_Phdr, p_offset)),
		.file_bytes = get_le32(h + offsetof(Elf32_Phdr, p_filesz)),
		.address = get_le32(h + offsetof(Elf32_Phdr, p_vaddr)),
		.memory_bytes = get_le32(h + offsetof(Elf32_Phdr, p_memsz)),
	};
	walk->header += sizeof(Elf32_Phdr);
	walk->left--;
	return true;
}

bool elf_is_loadable(const uint8_t *bytes, size_t length)
{
	struct elf_segment segment;
	struct elf_walk walk;

	elf_walk_start(&walk, bytes, length);
	while (elf_walk_next(&walk, &segment)) {
		if (segment.type == PT_LOAD)
			return true;
	}
	return false;
}
