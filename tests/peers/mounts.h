/* SPDX-License-Identifier: Apache-2.0 */
/* What mounts take: instructions and RAM. */
#ifndef PEERS_MOUNTS_H
#define PEERS_MOUNTS_H

#include <stdbool.h>

#define MOUNTS_MAX	32

/* Mounts part @number at @folder.  0, or -1 with errno. */
typedef int mounts_function(unsigned int number, const char *folder);

/*
 * Fills @count parts to half, then mounts all of them at once, and prints what there was before
 * and after each step: "peer: STEP NAME_kib NUMBER", "writer: mount KEY NUMBER".  With @has_log a
 * log on each part was made by appending.  0, or -1 with errno.
 */
int mounts_try(unsigned int count, bool has_log, mounts_function *mount_part);

#endif
