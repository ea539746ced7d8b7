/* SPDX-License-Identifier: Apache-2.0 */
/* Device nodes and GPIO lines, for the programs that are pid 1. */
#ifndef WARDEN_NODES_H
#define WARDEN_NODES_H

/* The number before @name in a list such as /proc/devices or /proc/misc, or 0. */
unsigned int nodes_number(const char *list, const char *name);

/*
 * Gives a line of /dev/gpiochip0 to a component of identity_format(); 0 takes it back.
 * 0, or -1 with errno.
 */
int nodes_give_line(unsigned int line, unsigned int component);

#endif
