/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the machine's RAM is in use. */
#ifndef APPMAN_MEMORY_H
#define APPMAN_MEMORY_H

/* The page size of the only kernel that this runs on. */
#define MEMORY_PAGE_KIB	4

struct memory_usage {
	unsigned long total_kib;	/* what the machine has, reserved memory included */
	unsigned long free_kib;		/* free lists and free per-CPU pages */
	unsigned long cache_kib;	/* page cache that can be dropped */
	unsigned long used_kib;		/* the rest */
	unsigned long kept_kib;		/* of what is free, what the kernel gives to no program */
};

/*
 * @text: the content of /proc/zoneinfo.  Free pages on the per-CPU lists are not in nr_free_pages,
 * nor in MemFree; on 2 MiB that hides up to 75 KiB.  And nobody gets them when the free lists are at
 * their lowest mark: with one processor and nothing to reclaim, the kernel kills and does not look there.
 * Pure.  Returns 0, or -EINVAL when a figure is
 * missing.
 */
int memory_parse_zoneinfo(const char *text, struct memory_usage *usage);

/* The same for the running system.  Returns 0 or -errno. */
int memory_measure(struct memory_usage *usage);

#endif
