/* SPDX-License-Identifier: Apache-2.0 */
/* What a program needs when it is pid 1: filesystems, console, device nodes, GPIO lines. */
#ifndef WARDEN_NODES_H
#define WARDEN_NODES_H

/* Mounts /proc and /dev, and makes the console standard input, output and error. */
void nodes_make_world(void);

/* The number before @name in a list such as /proc/devices or /proc/misc, or 0. */
unsigned int nodes_number(const char *list, const char *name);

/*
 * Gives a line of /dev/gpiochip0 to a component of identity_format(); 0 takes it back.
 * 0, or -1 with errno.
 */
int nodes_give_line(unsigned int line, unsigned int component);

#endif
