/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of files as text. */
#ifndef HOST_LITTLEFS_ESCAPE_H
#define HOST_LITTLEFS_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* Characters that stand for one byte at most. */
#define ESCAPE_CHARS 4

/*
 * Writes @size bytes and a NUL: those up to 0x20, from 0x7f on and the backslash as \xHH.  @text
 * has room for ESCAPE_CHARS times @size and one more.
 */
void escape(const uint8_t *bytes, size_t size, char *text);

#endif
