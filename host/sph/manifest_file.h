/* SPDX-License-Identifier: Apache-2.0 */
/* app_manifest.json on the host: where names of peripherals are still allowed. */
#ifndef SPH_MANIFEST_FILE_H
#define SPH_MANIFEST_FILE_H

#include "abi/manifest.h"
#include "host/sph/board.h"
#include "host/sph/file.h"

/* Read more than is valid, so that the validator itself says what the limit is. */
#define MANIFEST_FILE_MAX_BYTES	(1u << 20)

/*
 * Validates @text and, with a @board, that each peripheral is on it and may be given to an app.
 * @is_system: it will be signed with a key of the OS.  @path is for complaints, which have the form
 * "path:line:column: field: rule"; that of a peripheral ends with what the board has.
 */
int manifest_file_check(const char *path, const char *text, size_t length,
			const struct board *board, bool is_system, struct manifest *manifest,
			struct complaint *complaint);

/*
 * Makes the text that is packed: each "$NAME" replaced by its number, all else byte by byte as it
 * was.  @text must have passed manifest_file_check() with the same @board and @is_system.
 */
int manifest_file_resolve(const char *text, size_t length, const struct board *board,
			  bool is_system, struct bytes *resolved, struct complaint *complaint);

#endif
