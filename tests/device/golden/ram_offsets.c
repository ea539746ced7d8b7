// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ram.py must know of the kernel to say whose each page is, as slab_offsets.c does for slabs.py.
 * Compiled with the command of an object of mm/.
 */

#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/serial_core.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

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
	MEMBER(task_struct, active_mm);
	MEMBER(task_struct, pid);
	MEMBER(task_struct, sighand);
	MEMBER(task_struct, files);
	MEMBER(task_struct, fs);
	MEMBER(task_struct, nsproxy);
	MEMBER(task_struct, cred);
	MEMBER(task_struct, thread_pid);
	MEMBER(task_struct, cgroups);
	MEMBER(files_struct, fdt);
	MEMBER(fdtable, max_fds);
	MEMBER(fdtable, fd);
	MEMBER(mm_struct, pgd);
	MEMBER(mm_struct, map_count);
	MEMBER(mm_struct, start_data);
	MEMBER(mm_struct, end_data);
	MEMBER(mm_struct, start_brk);
	MEMBER(mm_struct, brk);
	MEMBER(mm_struct, start_stack);
	MEMBER(mm_struct, mm_mt.ma_root);
	MEMBER(zone, per_cpu_pageset);
	MEMBER(per_cpu_pages, count);
	MEMBER(vm_struct, addr);
	MEMBER(vm_struct, size);
	MEMBER(vm_struct, caller);
	MEMBER(memblock, reserved.cnt);
	MEMBER(memblock, reserved.regions);
	MEMBER(memblock_region, base);
	MEMBER(memblock_region, size);
	MEMBER(uart_port, state);
	MEMBER(uart_state, port.xmit_buf);
	CONSTANT(PAGE_OFFSET, PAGE_OFFSET);
	CONSTANT(PAGE_SIZE, PAGE_SIZE);
	CONSTANT(PAGE_STRUCT_BYTES, sizeof(struct page));
	CONSTANT(PGD_ENTRIES, TASK_SIZE >> 20);
	CONSTANT(VMALLOC_END, VMALLOC_END);
	CONSTANT(PHYS_OFFSET, PLAT_PHYS_OFFSET);
	CONSTANT(PTE_HWTABLE_OFF, PTE_HWTABLE_OFF);
	CONSTANT(L_PTE_PRESENT, L_PTE_PRESENT);
	CONSTANT(MEMBLOCK_REGION_BYTES, sizeof(struct memblock_region));
	CONSTANT(VM_AREA_BYTES, sizeof(struct vm_area_struct));
	CONSTANT(THREAD_SIZE, THREAD_SIZE);
	CONSTANT(PF_KTHREAD, PF_KTHREAD);
	CONSTANT(PG_reserved, PG_reserved);
	CONSTANT(PGTY_slab, PGTY_slab);
	CONSTANT(PGTY_buddy, PGTY_buddy);
	CONSTANT(PGTY_table, PGTY_table);
	CONSTANT(PAGE_MAPPING_ANON, PAGE_MAPPING_ANON);
}
