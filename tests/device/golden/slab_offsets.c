// SPDX-License-Identifier: GPL-2.0-only
/*
 * What slabs.py must know of the kernel's allocator, as offsets.c does for kernel_memory.py.  Compiled
 * with the command of an object of mm/.
 */

#include <linux/mm.h>
#include <linux/slab.h>

#include "slab.h"

#define MEMBER(type, member)                                      \
	asm volatile("\n.ascii \"->" #type "." #member " %0 %1\"" \
		     :                                            \
		     : "i"(offsetof(struct type, member)),        \
		       "i"(sizeof_field(struct type, member)))

#define CONSTANT(name) \
	asm volatile("\n.ascii \"->" #name " %0 0\"" : : "i"(name))

void slab_members(void);

void slab_members(void)
{
	MEMBER(slab, slab_cache);
	MEMBER(slab, counters);
	MEMBER(slab, __page_type);
	MEMBER(kmem_cache, name);
	MEMBER(kmem_cache, size);
	CONSTANT(PAGE_OFFSET);
	CONSTANT(PAGE_SIZE);
	CONSTANT(PGTY_slab);
	asm volatile("\n.ascii \"->PAGE_STRUCT_BYTES %0 0\"" : : "i"(sizeof(struct page)));
}
