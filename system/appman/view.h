/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an app sees of the filesystem: a mount namespace for each of its starts, and in it
 *
 *	/		the root filesystem: the C library, read-only
 *	/mnt/app	the app's image, read-only
 *	/mnt/storage	its folder in the storage, if it has MutableStorage; else nothing
 *	/tmp		its own, in RAM that is counted as the app's, if it has TmpKB; else nothing
 *	/dev		the nodes that it was given (devices.h), read-only
 *	/proc		its own processes (hidepid, and the LSM)
 *
 * Other apps, the storage, the other nodes and the cgroups are not hidden by permissions: they are
 * not there.  The namespace ends with the app's last process.
 */
#ifndef APPMAN_VIEW_H
#define APPMAN_VIEW_H

#include "abi/manifest.h"
#include "app.h"
#include "devices.h"
#include "limits.h"

/* Made before the process is, which then only makes system calls. */
struct view {
	char image[APP_PATH_BYTES];
	char storage[sizeof(STORAGE_FOLDER "/") + IMAGE_UUID_TEXT_BYTES];	/* "" without */
	char devices[DEVICES_VIEW_BYTES];
	char tmp_options[96];			/* "" without */
};

/* By the app's manifest; the caller chooses @devices, by devices_view(). */
void view_choose(struct view *view, const struct app *app, const struct manifest *manifest);

/*
 * Gives the calling process that view, for ever.  Root and the manager only; its open files stay what
 * they were.  Returns 0, or -1 with errno.
 */
int view_enter(const struct view *view);

#endif
