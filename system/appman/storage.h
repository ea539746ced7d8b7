/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What apps may write to: the littlefs of the partition "storage", at STORAGE_FOLDER.
 *
 * An app whose manifest asks for it has a folder there, with its component id as its name, and a
 * limit; nobody else enters the folder.  Who does not ask has no limit, which means no room, and
 * does not enter a folder that an earlier version of the app left.  Folders stay when their app goes,
 * unless they are to go too.
 * Limits are not on the medium: they are set at each start of the app.
 *
 * Without a usable filesystem the apps that ask are not started; the others are.  Nothing here makes
 * one: what is in the partition may be somebody's data.
 */
#ifndef APPMAN_STORAGE_H
#define APPMAN_STORAGE_H

#include "app.h"

/* Mounts it and gives all apps their users, once the apps are known.  Reports what goes wrong. */
void storage_open(void);

/*
 * Gives the app what it asks for, before each start.  @kib: 0 for nothing.  Returns 0, or -errno
 * after having reported the reason: -ENODEV when there is no storage, -ENOSPC when other apps have been
 * promised too much of it.
 */
int storage_give(struct app *app, unsigned int kib);

/* An app that was installed while the device runs: the user that its folder has, if there is one. */
void storage_find_user(struct app *app);

/* An app that goes: nothing is promised to it any more, and if it is so wished its folder goes too. */
void storage_forget(struct app *app);

/* When the device goes down. */
void storage_close(void);

#endif
