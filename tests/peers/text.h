/* SPDX-License-Identifier: Apache-2.0 */
/* What is written: words, as in settings and logs, which a compressor makes half as long. */
#ifndef PEERS_TEXT_H
#define PEERS_TEXT_H

#include <stddef.h>

/* The same bytes for the same @seed; lines of words and numbers. */
void text_fill(char *bytes, size_t count, unsigned int seed);

/* A new file with @count bytes of text in place of any old one, synced.  0, or -1 with errno. */
int text_make_file(const char *path, size_t count, unsigned int seed);

/* Writes @count bytes of text at @at, or at the end if @at is -1, and syncs.  0, or -1 with errno. */
int text_write(int fd, long at, size_t count, unsigned int seed);

#endif
