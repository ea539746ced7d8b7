/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting the process of an app.
 *
 * The child gives up everything of pid 1 in one order that is written once, in start.c: identity,
 * session, files, limits, capabilities, groups, user, signals.  A step that fails ends the start; nothing
 * ever runs with less confinement than asked for.
 */
#ifndef APPMAN_START_H
#define APPMAN_START_H

#include "app.h"

/*
 * Reads the app's manifest and starts it; its standard output and error go to the log.
 * Returns 0 with app->pid set, or -errno after having reported the reason; -ENOEXEC when the image
 * is such that it can never start.
 */
int start_app(struct app *app);

#endif
