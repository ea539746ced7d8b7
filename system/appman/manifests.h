/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the manifests of images.
 *
 * Pid 1 has room for one manifest, the last that was read, and nobody keeps a pointer into it: it is
 * in the image, cannot change there, and is read again when it is needed.
 */
#ifndef APPMAN_MANIFESTS_H
#define APPMAN_MANIFESTS_H

#include "abi/manifest.h"
#include "app.h"

extern struct manifest manifest;

/*
 * Reads the manifest of an app's mounted image, and sees that its program is there.  Reports what is
 * wrong.  Returns 0, -ENOEXEC for an image that can never start, or another -errno.
 */
int manifests_read(const struct app *app);

/* Says that @app does not start: @what failed with @err, a negative errno, which it returns. */
int manifests_refuse(const struct app *app, const char *what, int err);

/*
 * Checks a manifest that is not mounted yet.  Returns 0 or a number of errors.h with @text, of @room
 * bytes, saying what is wrong.
 */
int manifests_check(const char *json, size_t length, const char *id, char *text, size_t room);

#endif
