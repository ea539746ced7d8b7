/* SPDX-License-Identifier: Apache-2.0 */
/* Children to act on. */
#ifndef TARGET_H
#define TARGET_H

#include <sys/types.h>

/*
 * Makes a child that waits, acts on it, lets it end and returns what @action returned; but -1 with
 * EUCLEAN when the child found its text or its memory changed.
 */
int target_act(int (*action)(pid_t child));

#endif
