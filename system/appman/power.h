/* SPDX-License-Identifier: Apache-2.0 */
/* The end: unmount and hand the machine back to the monitor. */
#ifndef APPMAN_POWER_H
#define APPMAN_POWER_H

enum power_action {
	POWER_STAY,
	POWER_OFF,
	POWER_RESET,
};

/* Call it when no app is left.  Does not return, unless the kernel refuses. */
void power_down(enum power_action action);

#endif
