/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file of an image costs in RAM when the device runs it or maps it.
 *
 * The device's kernel maps pages of a "mapped" file where they are in flash.  The last page of a
 * file is one of them only when what follows the file in it is zero: a program would see it.  All
 * other pages that are mapped go through the page cache.  read(2) copies from flash and costs
 * nothing, whatever the layout.  Source: fs/cramfs/inode.c, cramfs_physmem_mmap(), with our
 * patches; fs/binfmt_elf.c, elf_load().
 */
#ifndef SPH_RAM_H
#define SPH_RAM_H

#include <stddef.h>
#include <stdint.h>

#include "host/sph/cramfs.h"

/*
 * All in KiB, multiples of 4.  start and most are of each process, and start is a part of most;
 * the others are of the file, once.  A page of the file that two segments share counts in each,
 * because each is a mapping of its own.  Stack, heap and page tables are not in it.
 */
struct ram {
	uint64_t in_place_kib;	/* mapped from flash and never written: costs nothing */
	uint64_t start_kib;	/* private copies that loading makes: data ends, bss begins */
	uint64_t most_kib;	/* private copies when the process has written to all of its data */
	uint64_t cache_kib;	/* page cache when it is mapped; the kernel can take it back */
};

/*
 * Measures the regular file @entry of @body.  ELF files that can be loaded are measured by their
 * PT_LOAD segments; other files as if they were mapped as a whole.  Pure; @body and @entry may be
 * hostile: contents that do not lie in the body are not looked at, and are not mapped from it.
 */
void ram_measure(const uint8_t *body, size_t length, const struct cramfs_entry *entry,
		 struct ram *ram);

#endif
