/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boards/NAME/hardware.json: what a board's peripherals are called.
 *
 *	{"Board": "qemu-virt", "Peripherals": [
 *		{"Name": "LED1", "Type": "Gpio", "Device": "gpiochip0", "Line": 0,
 *		 "Owner": "System", "Comment": "..."}, ...]}
 *
 * Owner and Comment are optional; what belongs to "System" cannot be granted to an app.  A GPIO's
 * id is 32 * chip + line.
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
	int chip;		/* N of gpiochipN */
	int line;
	bool is_system;
};

struct board {
	char name[32];		/* same form as a peripheral's */
	unsigned int count;
	struct peripheral peripherals[BOARD_MAX_PERIPHERALS];
};

int board_peripheral_id(const struct peripheral *peripheral);

/* Parses the text of @path (for complaints only).  Errors: E_PACK_BOARD. */
int board_parse(const char *path, const char *text, size_t length, struct board *board,
		struct complaint *complaint);

/* Reads and parses @path.  Errors: E_PACK_BOARD, E_PACK_IO. */
int board_load(const char *path, struct board *board, struct complaint *complaint);

/* The peripheral of this name or id, or NULL. */
const struct peripheral *board_find_name(const struct board *board, const char *name,
					 size_t length);
const struct peripheral *board_find_id(const struct board *board, int id);

/* For manifest_parse(): @board is a const struct board *. */
int board_resolve_gpio(void *board, const char *name, size_t length);

#endif
