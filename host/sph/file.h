/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files of the host: read at once, written all or not at all. */
#ifndef SPH_FILE_H
#define SPH_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "host/sph/complaint.h"

struct bytes {
	uint8_t *data;		/* owned; free(data) */
	size_t length;
};

/*
 * Reads a regular file from @fd until its end.  Errors: E_PACK_IO; E_PACK_FILE_SIZE when it has
 * @max_bytes or more.  @path is for the complaint only.
 */
int file_read_fd(int fd, const char *path, size_t max_bytes, struct bytes *bytes,
		 struct complaint *complaint);

/* The same by name, following symbolic links. */
int file_read(const char *path, size_t max_bytes, struct bytes *bytes,
	      struct complaint *complaint);

/*
 * Replaces @path by @data: writes a temporary file beside it, makes it durable, renames it.  After
 * an error, SIGINT, SIGTERM or SIGHUP, @path is as it was and no temporary file remains.
 */
int file_write(const char *path, const void *data, size_t length, struct complaint *complaint);

#endif
