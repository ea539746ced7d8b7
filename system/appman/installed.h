/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Installing and removing apps while the device runs.
 *
 * The monitor has the list of what is installed, and changes it in one step, so that a cut of power
 * leaves the old app or the new one.  Here is what follows from a change.  The new image of an app is
 * staged and judged while the old one runs; then the app ends, its old image is moved aside, and the
 * new one starts.  While it has not run for RESTART_STABLE_MS it is on trial: when it does not start or
 * ends, the former image is installed again and starts.  A former image of an older security version
 * is refused by the monitor: then the new one stays.
 *
 * One installation at a time.
 */
#ifndef APPMAN_INSTALLED_H
#define APPMAN_INSTALLED_H

#include <stddef.h>
#include <stdint.h>

#include "abi/control.h"
#include "app.h"

/* Why an image is not installed: a number of errors.h and a text for people. */
struct installed_refusal {
	uint32_t number;
	char text[CONTROL_REASON_BYTES];
};

/*
 * The image package comes from its start to its end.  They return 0 or -errno: -EBUSY while another
 * installation is under way, -EINVAL for an offset that is not the next or a length that is no multiple
 * of 4, -ENOSPC, -EKEYREJECTED with @refusal: the monitor's, or what stands in the way on this device.  A
 * commit that fails has installed nothing.
 */
int installed_begin(uint32_t bytes);
int installed_data(uint32_t offset, const void *data, size_t bytes);
int installed_commit(struct installed_refusal *refusal, long long now_ms);

/* Forgets what came so far. */
void installed_abort(void);

/* Removes an installed app from the list, then stops it.  -EPERM for a system app. */
int installed_remove(struct app *app, bool with_storage, long long now_ms);

/* ---- For supervise.c ---- */

/* An app in APP_LEAVING, when it is due. */
void installed_leave(struct app *app, long long now_ms);

/* An app on trial has run long enough. */
void installed_settle(struct app *app, long long now_ms);

/* An app on trial has failed. */
void installed_go_back(struct app *app, long long now_ms);

/* Unmounts the former image.  Returns 0 or -errno; it is not on trial any more after 0. */
int installed_drop_former(struct app *app);

#endif
