/* SPDX-License-Identifier: Apache-2.0 */
/* The device nodes in /dev: made here and nowhere else. */
#ifndef APPMAN_DEVICES_H
#define APPMAN_DEVICES_H

/* The nodes that every program may need, and the GPIO chips.  Needs /proc and /dev. */
void devices_prepare(void);

/* Makes the read-only node of MTD number @index.  Returns 0 or -errno. */
int devices_add_mtd(unsigned int index);

#endif
