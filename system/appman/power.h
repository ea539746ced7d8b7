/* SPDX-License-Identifier: Apache-2.0 */
/* The end: unmount and hand the machine back to the monitor. */
#ifndef APPMAN_POWER_H
#define APPMAN_POWER_H

enum power_action {
	POWER_STAY,
	POWER_OFF,
	POWER_RESET,
};

/* Tells all apps to end; @why begins the line about it.  The first wish counts, further ones are ignored. */
void power_want(enum power_action action, const char *why);

/* What was wished for; POWER_STAY when nothing was. */
enum power_action power_wanted(void);

/* Call it when no app is left.  Does not return, unless the kernel refuses. */
void power_down(enum power_action action);

#endif
