/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the machine's memory is used, as application-manager counts. */
#ifndef WARDEN_USED_H
#define WARDEN_USED_H

struct used_pages {
	long present;	/* what the kernel was given, what it never hands out included */
	long used;	/* present minus free ones, those on the processor's own lists included, and page cache */
};

/* Reads /proc/zoneinfo; sums over all zones.  All 0 when it cannot be read. */
struct used_pages used_count(void);

#endif
