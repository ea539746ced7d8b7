/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boards/NAME/hardware.json: what a board's peripherals are called.
 *
 *	{"Board": "qemu-virt", "Peripherals": [
 *		{"Name": "LED1", "Type": "Gpio", "Device": "gpiochip0", "Line": 0,
 *		 "Owner": "System", "Comment": "..."}, ...]}
 *
 * Type is the capability of the manifest by which an app asks for it: Gpio, Uart, I2cMaster,
 * SpiMaster, Pwm or Adc.  Device is the kernel's name of it, Line is for a Gpio alone.  Owner and
 * Comment are optional; what belongs to "System" cannot be granted to an app.  A GPIO's id is
 * 32 * chip + line, that of another peripheral the number of its device.
 */
#ifndef SPH_BOARD_H
#define SPH_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/manifest.h"
#include "host/sph/complaint.h"

#define BOARD_MAX_BYTES		65536
#define BOARD_MAX_PERIPHERALS	256
#define BOARD_LINES_PER_CHIP	MANIFEST_GPIO_LINES_PER_CHIP

struct peripheral {
	char name[64];		/* a letter, then letters, digits, "_" and "-" */
	char comment[128];	/* without control characters and comment ends */
	enum manifest_peripheral kind;
	int id;			/* what stands in packed manifests; unique in its kind */
	bool is_system;
};

struct board {
	char name[32];		/* same form as a peripheral's */
	unsigned int count;
	struct peripheral peripherals[BOARD_MAX_PERIPHERALS];
};

/* Parses the text of @path (for complaints only).  Errors: E_PACK_BOARD. */
int board_parse(const char *path, const char *text, size_t length, struct board *board,
		struct complaint *complaint);

/* Reads and parses @path.  Errors: E_PACK_BOARD, E_PACK_IO. */
int board_load(const char *path, struct board *board, struct complaint *complaint);

/* "Gpio": the name of a kind in hardware.json and among the capabilities of a manifest. */
const char *board_kind_name(enum manifest_peripheral kind);

/* The peripheral of this name, or of this kind and id; NULL. */
const struct peripheral *board_find_name(const struct board *board, const char *name,
					 size_t length);
const struct peripheral *board_find_id(const struct board *board, enum manifest_peripheral kind,
				       unsigned int id);

/* For struct manifest_board: the id of "$NAME", 0 for an id that is there; -ENOENT, -EPERM. */
int board_resolve(const struct board *board, enum manifest_peripheral kind, const char *name,
		  size_t length);
int board_check(const struct board *board, enum manifest_peripheral kind, unsigned int id);

/*
 * "LED1, LED2": the names of what apps can have of a kind, cut at @size, or "none".  Returns @text.
 */
const char *board_list(const struct board *board, enum manifest_peripheral kind, char *text,
		       size_t size);

#endif
