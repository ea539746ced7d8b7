/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the C library's <string.h> that the monitor has: string.c. */
#ifndef MONITOR_ARM_STRING_H
#define MONITOR_ARM_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *s);

/* Declared for functions of mbed TLS that the linker leaves out; they are not there. */
void *memmove(void *to, const void *from, size_t bytes);
int strcmp(const char *a, const char *b);

#endif
