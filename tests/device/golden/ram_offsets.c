// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ram.py must know of the kernel to say whose each page is, as slab_offsets.c does for slabs.py.
 * Compiled with the command of an object of mm/.
 */

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "slab.h"

#define MEMBER(type, member)                                      \
	asm volatile("\n.ascii \"->" #type "." #member " %0 %1\"" \
		     :                                            \
		     : "i"(offsetof(struct type, member)),        \
		       "i"(sizeof_field(struct type, member)))

#define CONSTANT(name, value) \
	asm volatile("\n.ascii \"->" #name " %0 0\"" : : "i"(value))

void ram_members(void);

void ram_members(void)
{
	MEMBER(page, flags);
	MEMBER(page, mapping);
	MEMBER(page, page_type);
	MEMBER(page, compound_head);
	MEMBER(page, private);
	MEMBER(page, _refcount);
	MEMBER(slab, slab_cache);
	MEMBER(slab, counters);
	MEMBER(kmem_cache, name);
	MEMBER(kmem_cache, size);
	MEMBER(task_struct, tasks);
	MEMBER(task_struct, thread_node);
	MEMBER(task_struct, signal);
	MEMBER(task_struct, stack);
	MEMBER(task_struct, comm);
	MEMBER(task_struct, flags);
	MEMBER(task_struct, mm);
	MEMBER(signal_struct, thread_head);
	MEMBER(mm_struct, pgd);
	CONSTANT(PAGE_OFFSET, PAGE_OFFSET);
	CONSTANT(PAGE_SIZE, PAGE_SIZE);
	CONSTANT(PAGE_STRUCT_BYTES, sizeof(struct page));
	CONSTANT(THREAD_SIZE, THREAD_SIZE);
	CONSTANT(PF_KTHREAD, PF_KTHREAD);
	CONSTANT(PG_reserved, PG_reserved);
	CONSTANT(PGTY_slab, PGTY_slab);
	CONSTANT(PGTY_buddy, PGTY_buddy);
	CONSTANT(PGTY_table, PGTY_table);
	CONSTANT(PAGE_MAPPING_ANON, PAGE_MAPPING_ANON);
}
