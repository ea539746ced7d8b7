/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of this app share. */
#ifndef LEAKS_H
#define LEAKS_H

#include <stddef.h>

#include "attempt.h"

#define PAGE_BYTES	4096u
#define PATH_BYTES	96

/* What this app was started as. */
extern const char *leaks_program;

/* An argument with which this program only writes where its memory is to its standard output. */
#define LEAKS_CHILD_ARGUMENT "places"

/* The first bytes of a file as text; their count, or -1 with errno. */
int leaks_read(const char *path, char *text, size_t size);

/* A file and how open() of it for reading ends; 0: it works. */
struct opening {
	const char *row, *path;
	int expected;
};

/* Makes an attempt of each; @folder is put before each path. */
void leaks_try_openings(const char *folder, const struct opening *openings, unsigned int count);

/* Each part makes its attempts. */
void leaks_try_log(void);
void leaks_try_files(void);
void leaks_try_walk(void);
void leaks_try_others(void);
void leaks_try_own(void);
void leaks_try_pages(void);
void leaks_try_places(void);

/* What a child does that was started with LEAKS_CHILD_ARGUMENT. */
int leaks_write_places(void);

#endif
