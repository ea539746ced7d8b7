/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The buttons of the board that mean something to the whole device.
 *
 * They are GPIO lines that the board's device tree calls "power-button" and "reset-button".  A board
 * without them has none.
 */
#ifndef APPMAN_BUTTONS_H
#define APPMAN_BUTTONS_H

enum button {
	BUTTON_NONE = -1,
	BUTTON_POWER,
	BUTTON_RESET,
	BUTTON_COUNT,
};

/* Returns a descriptor that is readable when a button was pressed, or -errno (-ENODEV: no button). */
int buttons_open(void);

/* The button that was pressed, or BUTTON_NONE. */
enum button buttons_read(int fd);

#endif
