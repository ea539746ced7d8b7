/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the program storage.  Each looks at one side of a mounted littlefs; what must not be
 * is a line with TROUBLE.  A part leaves nothing behind but what kept.c makes.
 */
#ifndef STORAGE_H
#define STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FOLDER		"/mnt/apps"

/* Reading, writing, appending, holes, both directions of truncation. */
void contents_try(void);

/* Making, renaming and removing, of open files as well. */
void names_try(void);

/* Reading a directory that changes meanwhile. */
void listing_try(void);

/* Mappings, and what they show after writes. */
void maps_try(void);

/* Figures, many files, a full filesystem. */
void space_try(void);

/* Four processes in one directory at once. */
void together_try(void);

/* Owners, permissions, extended attributes, times: who may what, and what a mount keeps. */
void owners_try(void);
void xattrs_try(void);
void times_try(void);

/* Limits of users: exact, no way past them, and nobody else stopped by them. */
void quota_try(void);

/* Nobody sees what was removed. */
void remains_try(void);

/* What must be there after the next mount; and whether it is. */
void kept_make(void);
void kept_check(void);

/* The other plans, each for a boot of its own: see main.c. */

/* Does what the host says, until it says "end". */
void orders_obey(void);

/* Mounts one image after the other that somebody made on purpose. */
void hostile_try(void);

/* Refuses memory at each place that asks for some. */
void faults_try(void);

/*
 * Visits everything in the filesystem, a folder before what is in it; @name is below FOLDER.  Ends
 * with the first -1 of @visit.  0, or -1 with errno.
 */
int walk(int (*visit)(const char *name, bool is_folder));

/* Of main.c: the filesystem, mounted again with these options. */
void mount_again(const char *options);

/* Of common.c. */

void trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Bytes that differ from place to place and from seed to seed. */
void fill(unsigned char *bytes, size_t count, unsigned int seed);

/* A new file in place of any old one; false, with errno, and part of it, if it cannot be. */
bool file_write(const char *path, const void *bytes, size_t count);

/* Trouble unless the file has these bytes and no more. */
void file_expect(const char *path, const void *bytes, size_t count);

/* Trouble unless there is no such name. */
void gone_expect(const char *path);

/* Runs @task in a process of that user and group: 0, or -1 with the errno that it saw. */
int as_user(unsigned int id, int (*task)(void));

/* What a user does and how it must end: 0, or with this errno. */
struct user_try {
	const char *what;
	unsigned int user;
	int (*task)(void);
	int expected;
};

/* Trouble for each that ends otherwise. */
void users_try(const struct user_try *tries, unsigned int count);

/* Trouble unless @result is -1 with this errno; 0 for no error. */
void refusal_expect(const char *what, int result, int expected);

#endif
