/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files that the app makes in its storage, which is empty between two attempts.
 *
 * A function returns 0, or -1 with errno.
 */
#ifndef KEEPER_H
#define KEEPER_H

#include <stddef.h>
#include <sys/types.h>

/* Of the app diary, which is beside this one. */
#define OTHER_ID	"0b8f3a52-1f0e-4c0e-8a54-0d6a8f6f1c30"
#define OTHER_FOLDER	"/mnt/storage/" OTHER_ID

/* Blocks of contents that the app has, whatever their size: its SizeKB fits into one. */
#define CONTENT_BLOCKS	2

/* Goes to the app's folder, so that names are those in it; ends the app if there is none. */
void files_begin(void);

/* What a block of the flash holds. */
size_t files_block_bytes(void);

/* The most that a file may have: the second block begins with a pointer of 4 bytes. */
size_t files_limit_bytes(void);

/* Opens a file that is made if it is not there. */
int files_open(const char *name);

/* Appends @bytes of a pattern that depends on the place in the file. */
int files_append(int fd, size_t bytes);

/* Whether the file is @bytes of that pattern; EBADMSG if not. */
int files_check(const char *name, size_t bytes);

/* files_open(), files_append(), close(2); the first that fails says the error. */
int files_write(const char *name, size_t bytes);

/* Removes all that is in the folder, one level of folders included. */
int files_clear(void);

void try_own(void);
void try_limit(void);

#endif
