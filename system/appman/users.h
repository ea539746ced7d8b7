/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which user is which app.
 *
 * What an app keeps in the storage belongs to its user, so that an app that has a folder there must
 * have the same user at each start of the device, and nobody else may have it while the folder is
 * there.  The folder itself says so: it has the app's component id as its name and belongs to the
 * app's user or at least to its group.  There is no second list that could disagree.  What the folders
 * say is not trusted: a user outside the range is no app's, nor is one who has two folders.
 *
 * An app without a folder has the user of its place in the table, or if that is taken, the first
 * that is free.
 *
 *	users_begin();
 *	users_claim(...);	for each folder
 *	users_settle();
 */
#ifndef APPMAN_USERS_H
#define APPMAN_USERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "app.h"

/* Whether it is one that an app can have. */
bool users_is_app(uid_t uid);

/* Nobody has any. */
void users_begin(void);

/*
 * A folder of this owner and group.  @app: whose it is, NULL if the app is not installed.  The app
 * gets the folder's user.
 */
void users_claim(struct app *app, uid_t uid, gid_t gid);

/* Gives the apps that have none a user.  Returns 0, or -EUSERS when an app found none: it is REFUSED. */
int users_settle(void);

/*
 * The same for an app that comes when the folders are known: @uid and @gid are those of its folder.
 * A user that another app has, or that two folders have, is not given.
 */
void users_claim_late(struct app *app, uid_t uid, gid_t gid);

/* An app goes that has no folder: its user is free again. */
void users_release(const struct app *app);

#endif
