/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of flash that count: mtd:gauge0 and so on (CONFIG_SPHERULE_FLASH_GAUGE). */
#ifndef PEERS_PART_H
#define PEERS_PART_H

/* What was done to a part since the kernel started. */
struct part_counts {
	unsigned long long programmed_bytes;
	unsigned int programs;
	unsigned int erases;
	unsigned int refused;		/* programs that such flash cannot do */
	unsigned int worn;		/* erases of the block that was erased most */
};

#define PART_SEED	"/etc/seed"
#define PART_HEAD_BYTES	512

/*
 * Erases a part.  If there is a file PART_SEED, its first and its second PART_HEAD_BYTES become
 * the start of the first and of the second block.  Returns the bytes of an erase block, or -1 with
 * errno.
 */
int part_make_empty(unsigned int number);

/* 0, or -1 with errno. */
int part_count(unsigned int number, struct part_counts *counts);

#endif
