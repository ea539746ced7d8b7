// SPDX-License-Identifier: Apache-2.0
/* Which user is which app. */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "limits.h"
#include "users.h"

/* By user, from APP_UID_FIRST on: nobody else may get it. */
static uint8_t taken[(APP_UID_COUNT + CHAR_BIT - 1) / CHAR_BIT];

/* Likewise: those that two folders have. */
static uint8_t disputed[sizeof(taken)];

bool users_is_app(uid_t uid)
{
	return uid >= APP_UID_FIRST && uid - APP_UID_FIRST < APP_UID_COUNT;
}

static bool has(const uint8_t set[sizeof(taken)], uid_t uid)
{
	uid -= APP_UID_FIRST;
	return set[uid / CHAR_BIT] >> uid % CHAR_BIT & 1;
}

static void put(uint8_t set[sizeof(taken)], uid_t uid)
{
	uid -= APP_UID_FIRST;
	set[uid / CHAR_BIT] |= (uint8_t)(1u << uid % CHAR_BIT);
}

void users_begin(void)
{
	memset(taken, 0, sizeof(taken));
	memset(disputed, 0, sizeof(disputed));
	for (struct app *app = apps; app < apps + APP_MAX; app++)
		app->uid = APP_NO_UID;
}

static void take_from_all(uid_t uid)
{
	put(disputed, uid);
	for_each_app(app)
		if (app->uid == uid)
			app->uid = APP_NO_UID;
}

void users_claim(struct app *app, uid_t uid, gid_t gid)
{
	uid_t user = users_is_app(uid) ? uid : gid;

	if (users_is_app(user) && has(taken, user))
		take_from_all(user);
	else if (users_is_app(user) && app && app->uid == APP_NO_UID)
		app->uid = user;
	if (users_is_app(uid))
		put(taken, uid);
	if (users_is_app(gid))
		put(taken, gid);
}

void users_claim_late(struct app *app, uid_t uid, gid_t gid)
{
	uid_t user = users_is_app(uid) ? uid : gid;

	if (!users_is_app(user) || has(disputed, user) || app_by_uid(user))
		return;
	app->uid = user;
	put(taken, user);
}

void users_release(const struct app *app)
{
	uid_t user = app->uid;

	if (!users_is_app(user) || has(disputed, user))
		return;
	user -= APP_UID_FIRST;
	taken[user / CHAR_BIT] &= (uint8_t)~(1u << user % CHAR_BIT);
}

/* Behind those of the places, so that the other apps can have theirs. */
static uid_t find_free(const struct app *app)
{
	uid_t uid = APP_UID_FIRST + (uid_t)(app - apps);

	if (has(taken, uid))
		uid = APP_UID_FIRST + APP_MAX;
	while (users_is_app(uid) && has(taken, uid))
		uid++;
	return users_is_app(uid) ? uid : APP_NO_UID;
}

int users_settle(void)
{
	int err = 0;

	for_each_app(app) {
		if (app->uid != APP_NO_UID)
			continue;
		app->uid = find_free(app);
		if (app->uid == APP_NO_UID) {
			app->state = APP_REFUSED;
			err = -EUSERS;
		} else {
			put(taken, app->uid);
		}
	}
	return err;
}
