/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app_manifest.json: what an app is called, what it runs and what it asks for.
 *
 * One validator, used by the host tool when it packs and by application-manager when it starts an
 * app.  It allocates nothing: text in, struct manifest or one exact complaint out.  It keeps its
 * tokens in one static array, so it is for one thread at a time; application-manager has only one.
 * Everything that is not known is refused.  Fields, types and ranges: manifest.md.
 */
#ifndef SPHERULE_ABI_MANIFEST_H
#define SPHERULE_ABI_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"

#define MANIFEST_FILE		"app_manifest.json"
#define MANIFEST_SCHEMA_VERSION	1
#define MANIFEST_MAX_BYTES	8192
#define MANIFEST_MAX_TOKENS	256	/* values, keys and containers together */
#define MANIFEST_MAX_DEPTH	4
#define MANIFEST_MAX_PATH_BYTES	128	/* EntryPoint, with its NUL */
#define MANIFEST_MAX_ARGS	16
#define MANIFEST_ARGS_BYTES	512	/* all of CmdArgs, each with its NUL */
#define MANIFEST_MAX_GPIOS	32	/* entries of Gpio */
#define MANIFEST_GPIO_MAX_ID	255
#define MANIFEST_GPIO_LINES_PER_CHIP	32	/* id = 32 * chip + line */
#define MANIFEST_STORAGE_MAX_KIB	1023	/* MutableStorage.SizeKB */

struct manifest {
	char name[IMAGE_NAME_BYTES];		/* Name, UTF-8: whole characters of its first 31 bytes */
	uint8_t component_id[IMAGE_UUID_BYTES];
	char entry_point[MANIFEST_MAX_PATH_BYTES]; /* absolute in the image, no "." or ".." */
	unsigned int arg_count;
	char args[MANIFEST_ARGS_BYTES];		/* arg_count strings, one behind the other */
	unsigned int gpio_count;
	uint8_t gpios[MANIFEST_MAX_GPIOS];	/* GPIO ids of the board, no id twice */
	unsigned int storage_kib;		/* MutableStorage.SizeKB; 0: not asked for */
};

struct manifest_error {
	int number;		/* an E_MANIFEST_* of errors.h */
	unsigned int line;	/* from 1 */
	unsigned int column;	/* from 1, in bytes */
	char field[64];		/* "Capabilities.Gpio[2]"; "" for the file as a whole */
	char rule[96];		/* what must be true, as a sentence without its full stop */
};

/*
 * Resolves the name of a peripheral ("$LED1" without its dollar sign) to a GPIO id.
 * Returns the id, -ENOENT, or -EPERM when the peripheral belongs to the system.
 */
typedef int (*manifest_resolve_gpio)(void *context, const char *name, size_t name_length);

/*
 * @text need not end in NUL.  @resolve is NULL on the device: a packed manifest has numbers only.
 * Returns 0 with @manifest filled in, or the negative of the E_MANIFEST_* that is in @error.
 */
int manifest_parse(const char *text, size_t length, manifest_resolve_gpio resolve, void *context,
		   struct manifest *manifest, struct manifest_error *error);

#endif
