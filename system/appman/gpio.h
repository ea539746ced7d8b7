/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which app has which GPIO line.
 *
 * A line belongs to one app at a time, from before its start until it has ended.  The
 * kernel knows the owner by its component id and shows the line to nobody else
 * (SPHERULE_GPIO_SET_OWNER of linux/spherule.h).
 */
#ifndef APPMAN_GPIO_H
#define APPMAN_GPIO_H

#include "abi/manifest.h"
#include "app.h"

/*
 * Gives the app the lines that its manifest names, all or none.  Returns 0, or -errno after having
 * reported the reason: -EBUSY when another app has one of them.
 */
int gpio_give_lines(const struct app *app, const struct manifest *manifest);

/*
 * Takes all lines of the app from it, once it has ended.  A process of it that is not gone yet still
 * holds what it requested, and the next owner is told that the line is busy.
 */
void gpio_take_lines(const struct app *app);

#endif
