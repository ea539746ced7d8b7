/* SPDX-License-Identifier: Apache-2.0 */
/* The filesystems that application-manager mounts before and for the apps. */
#ifndef APPMAN_MOUNTS_H
#define APPMAN_MOUNTS_H

#include <stdint.h>

/* /proc, /dev and the folder of the apps.  Errors are reported; what follows then fails by itself. */
void mounts_prepare(void);

/*
 * Mounts the image at @offset of the MTD @partition on @path, which is made.
 * Returns 0 or -errno.
 */
int mounts_add_image(const char *partition, uint32_t offset, const char *path);

/* Unmounts @path and removes it, if it is there.  Returns 0 or -errno (-EBUSY while a process uses it). */
int mounts_remove_image(const char *path);

/* Makes the folder @to and moves the image there, whoever uses it.  Returns 0 or -errno. */
int mounts_move_image(const char *path, const char *to);

#endif
