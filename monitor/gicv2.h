/* SPDX-License-Identifier: GPL-2.0-only */
/* Arm Generic Interrupt Controller v2 (IHI 0048B): all of it for the normal world. */
#ifndef MONITOR_GICV2_H
#define MONITOR_GICV2_H

/* Makes every interrupt group 1, with the whole range of non-secure priorities unmasked. */
void gicv2_give_to_normal_world(void);

#endif
