// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that the compiler itself calls (GCC manual, "Standards"), and no others.
 *
 * memcpy() and memset() go by words where they can: mbed TLS clears what it computed with after
 * each block of 64 bytes that it hashes.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A word that may alias anything. */
typedef uint32_t __attribute__((may_alias)) word;

static bool is_word_aligned(const void *p)
{
	return (uintptr_t)p % sizeof(word) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (is_word_aligned(t) && is_word_aligned(f)) {
		for (; bytes >= sizeof(word); bytes -= sizeof(word)) {
			*(word *)t = *(const word *)f;
			t += sizeof(word);
			f += sizeof(word);
		}
	}
	while (bytes--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int value, size_t bytes)
{
	const word pattern = (unsigned char)value * 0x01010101u;
	unsigned char *t = to;

	if (is_word_aligned(t)) {
		for (; bytes >= 4 * sizeof(word); bytes -= 4 * sizeof(word)) {
			word *w = (word *)t;

			w[0] = w[1] = w[2] = w[3] = pattern;
			t += 4 * sizeof(word);
		}
	}
	while (bytes--)
		*t++ = (unsigned char)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *x = a, *y = b;

	for (; bytes--; x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}
