/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one large buffer, for reading files and for messages of the firewall.  What is in it is valid
 * until the next call; nobody keeps a pointer into it.
 */
#ifndef APPMAN_SCRATCH_H
#define APPMAN_SCRATCH_H

#include <stddef.h>
#include <sys/types.h>

/* The whole of @path as a string, or NULL with errno; EFBIG above SCRATCH_BYTES - 1. */
char *scratch_read_file(const char *path);

/* The same from an open file; @length receives the bytes without the terminating NUL. */
char *scratch_read_fd(int fd, size_t *length);

/* The buffer itself: FIREWALL_BATCH_BYTES, aligned to four.  Pages that nobody has used are no RAM. */
void *scratch_memory(void);

#endif
