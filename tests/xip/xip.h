/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the program xip.  Each prints lines that begin with "xip:", with figures that
 * tests/device/xip.py reads, or with TROUBLE, which is a failure.
 */
#ifndef XIP_H
#define XIP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "memory.h"

#define PAGE_BYTES	4096u

/* Images of the partition "apps": how many, and bytes from one to the next. */
struct xip_images {
	unsigned int count;
	unsigned long stride;
};

/* What each mapping of running programs takes: "map PROGRAM PERMISSIONS SIZE RSS FILE", in KiB. */
void places_print(void);

/* What many copies of one program take beside as many different programs. */
void places_compare(void);

/* What writing to data takes, and what fork() does with it. */
void copies_print(void);

/* What reading each file of the root filesystem leaves in the page cache. */
void reads_print(void);

/* What mounting all images at once takes. */
void mounts_print(const struct xip_images *images);

/* Whether an image stays mounted for each kind of user. */
void users_print(const struct xip_images *images);

/* Whether flash that is written anew shows nothing old; needs a kernel without the LSM. */
void reuse_print(const struct xip_images *images);

/* Starts a program under an identity: its pid. */
pid_t launch(const char *path, char *const arguments[]);
void launch_end(pid_t pid);

/* KiB that were free or cache before and are not now. */
long used_since(const struct memory_usage *before);

void trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
