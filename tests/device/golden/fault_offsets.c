// SPDX-License-Identifier: GPL-2.0-only
/* What faults.py must know of the kernel's fault injection, as offsets.c does for kernel_memory.py. */

#include <linux/fault-inject.h>

#define MEMBER(type, member)                                      \
	asm volatile("\n.ascii \"->" #type "." #member " %0 %1\"" \
		     :                                            \
		     : "i"(offsetof(struct type, member)),        \
		       "i"(sizeof_field(struct type, member)))

/* mm/failslab.c and mm/fail_page_alloc.c: variables of types that have no name. */
struct failslab {
	struct fault_attr attr;
	bool ignore_gfp_reclaim;
	bool cache_filter;
};

struct fail_page_alloc {
	struct fault_attr attr;
	bool ignore_gfp_highmem;
	bool ignore_gfp_reclaim;
	u32 min_order;
};

void fault_members(void);

void fault_members(void)
{
	MEMBER(fault_attr, probability);
	MEMBER(fault_attr, interval);
	MEMBER(fault_attr, times);
	MEMBER(fault_attr, space);
	MEMBER(fault_attr, verbose);
	MEMBER(failslab, ignore_gfp_reclaim);
	MEMBER(fail_page_alloc, ignore_gfp_highmem);
	MEMBER(fail_page_alloc, ignore_gfp_reclaim);
	MEMBER(fail_page_alloc, min_order);
	asm volatile("\n.ascii \"->PAGE_OFFSET %0 0\"" : : "i"(PAGE_OFFSET));
}
