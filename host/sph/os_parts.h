/* SPDX-License-Identifier: Apache-2.0 */
/* The files that make a slot, and where in it they lie: what the commands of "os" have in common. */
#ifndef SPH_OS_PARTS_H
#define SPH_OS_PARTS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi/boot_manifest.h"
#include "host/sph/complaint.h"

/* That of the board. */
extern const struct boot_layout os_layout;

/* Files of one kind, in the order of the command line. */
struct os_files {
	const char *paths[BOOT_MANIFEST_PARTS_MAX];
	uint32_t count;
};

struct os_parts {
	struct os_files dtb, kernel, system;
};

/* Lines of a table for getopt_long(), and what "sph --help" says of them. */
#define OS_PARTS_OPTIONS                                \
	{ "dtb", required_argument, NULL, 'd' },        \
	{ "kernel", required_argument, NULL, 'e' },     \
	{ "system", required_argument, NULL, 'y' }

#define OS_PARTS_HELP                                                                           \
	"  --dtb FILE             device tree, one for each size of RAM of the board,\n"        \
	"                         the largest first\n"                                          \
	"  --kernel FILE          the kernel\n"                                                 \
	"  --system FILE          image of the root filesystem, then those of system\n"         \
	"                         apps\n"

/* Takes one of these options.  Returns 0 or COMMAND_USAGE: another option, or too many files. */
int os_parts_take(struct os_parts *parts, int option, const char *path);

/* As many of each as a slot needs. */
bool os_parts_are_complete(const struct os_parts *parts);

/*
 * Reads the files and adds them to the list of @manifest, at the offsets that mkflash will put them at,
 * with their hashes; with @slot also to that copy of a slot of FLASH_SLOT_BYTES.  Errors: E_PACK_IO,
 * E_PACK_FILE_SIZE, E_PACK_KEY (the hash failed), E_MONITOR_MANIFEST_PARTS (no room in the slot).
 */
int os_parts_add(const struct os_parts *parts, struct boot_manifest *manifest, uint8_t *slot,
		 struct complaint *complaint);

#endif
