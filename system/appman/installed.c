// SPDX-License-Identifier: Apache-2.0
/* What follows from a change of the monitor's list. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/errors.h"
#include "cgroups.h"
#include "conflicts.h"
#include "console.h"
#include "control.h"
#include "flash.h"
#include "installed.h"
#include "limits.h"
#include "monitor.h"
#include "mounts.h"
#include "storage.h"
#include "supervise.h"
#include "users.h"

#define COPY_BYTES	1024		/* on the stack */

/* The installation that is under way; handle 0: none. */
static struct {
	uint32_t handle;
	uint32_t bytes, written;
} coming;

int installed_begin(uint32_t bytes)
{
	uint32_t handle;
	int err = coming.handle ? -EBUSY : monitor_image_begin(bytes, &handle);

	if (!err)
		coming = (__typeof__(coming)){ .handle = handle, .bytes = bytes };
	return err;
}

int installed_data(uint32_t offset, const void *data, size_t bytes)
{
	int err;

	if (!coming.handle || offset != coming.written || bytes % sizeof(uint32_t) ||
	    bytes > coming.bytes - coming.written)
		return -EINVAL;
	err = monitor_image_write(coming.handle, offset, data, (uint32_t)bytes);
	if (!err)
		coming.written += (uint32_t)bytes;
	return err;
}

void installed_abort(void)
{
	if (coming.handle)
		monitor_image_abort(coming.handle);
	coming.handle = 0;
}

/* ---- What changed -------------------------------------------------------- */

static void add(uint32_t offset)
{
	struct app *app = app_load_one(offset, NULL);

	if (!app)
		return;
	storage_find_user(app);
	users_settle();
	control_tell(app, "installed");
	console_info("%s is installed", app->name);
}

/* Apps that are new, and apps whose image is another one. */
static void follow_list(long long now_ms)
{
	struct sph_image_info info;
	char id[IMAGE_UUID_TEXT_BYTES];

	for (uint32_t number = 0; !monitor_image_info(number, &info); number++) {
		struct app *app;

		image_uuid_format(info.component_id, id);
		app = app_by_id(id);
		if (!app)
			add(info.offset);
		else if (!app->is_system && app->offset != info.offset)
			supervise_stop(app, AFTER_REPLACE, now_ms);
	}
}

/* The image is what it says and is signed; what it asks for, we have to judge. */
static int judge(struct installed_refusal *refusal)
{
	uint32_t offset;
	int err = monitor_image_finish(coming.handle, &offset, &refusal->number);

	if (err)
		return err;
	refusal->number = (uint32_t)conflicts_check(offset, refusal->text, sizeof(refusal->text));
	return refusal->number ? -EKEYREJECTED : 0;
}

int installed_commit(struct installed_refusal *refusal, long long now_ms)
{
	int err = -EINVAL;

	snprintf(refusal->text, sizeof(refusal->text), "the Security Monitor refuses the image");
	if (!coming.handle || coming.written != coming.bytes)
		return err;
	err = judge(refusal);
	if (!err)
		err = monitor_image_install(&refusal->number);
	if (err)
		monitor_image_abort(coming.handle);
	coming.handle = 0;
	if (!err)
		follow_list(now_ms);
	return err;
}

int installed_remove(struct app *app, bool with_storage, long long now_ms)
{
	uint8_t component_id[IMAGE_UUID_BYTES];
	int err = app->is_system ? -EPERM : image_uuid_parse(app->id, strlen(app->id), component_id);

	if (!err)
		err = monitor_image_remove(component_id);
	if (err)
		return err;
	app->remove_storage = with_storage;
	supervise_stop(app, AFTER_REMOVE, now_ms);
	return 0;
}

/* ---- Leaving ------------------------------------------------------------- */

/* The image that is installed now, where no image is mounted. */
static int load_again(struct app *app)
{
	struct sph_image_info info;
	char id[IMAGE_UUID_TEXT_BYTES];
	int err;

	app->restarts = app->crashes = app->delay_ms = 0;
	for (uint32_t number = 0; !(err = monitor_image_info(number, &info)); number++) {
		image_uuid_format(info.component_id, id);
		if (!strcmp(id, app->id))
			return app_load_one(info.offset, app) ? 0 : -ENOEXEC;
	}
	return err;
}

static void gone(struct app *app)
{
	control_tell(app, "removed");
	console_info("%s is removed", app->name);
	storage_forget(app);
	cgroups_forget(app);
	memset(app, 0, sizeof(*app));
}

static int move_aside(struct app *app, const char *path)
{
	char former[APP_FORMER_BYTES];
	int err;

	app_former_path(app, former);
	err = mounts_move_image(path, former);
	if (err)
		return err;
	app->former_offset = app->offset;
	app->former_bytes = app->image_bytes;
	app->on_trial = true;
	return 0;
}

void installed_leave(struct app *app, long long now_ms)
{
	char path[APP_PATH_BYTES];
	int err;

	app_path(app, path);
	/* Also when it is replaced once more while on trial: what came before that is given up. */
	err = app->on_trial ? installed_drop_former(app) : 0;
	if (!err)
		err = app->after == AFTER_REPLACE ? move_aside(app, path) : mounts_remove_image(path);
	/* Processes that were killed with the app may not be gone yet. */
	if (err == -EBUSY) {
		app->deadline_ms = now_ms + UNMOUNT_RETRY_MS;
		return;
	}
	if (err)
		console_error(E_APPMAN_MOUNT, "unmount %s: %s", path, strerror(-err));
	else if (app->after == AFTER_REMOVE)
		gone(app);
	else
		err = load_again(app);
	if (err && app->on_trial)
		installed_go_back(app, now_ms);
	else if (err)
		app->state = APP_REFUSED;
}

/* ---- Trial --------------------------------------------------------------- */

int installed_drop_former(struct app *app)
{
	char former[APP_FORMER_BYTES];
	int err;

	app_former_path(app, former);
	err = mounts_remove_image(former);
	if (!err)
		app->on_trial = false;
	return err;
}

void installed_settle(struct app *app, long long now_ms)
{
	if (installed_drop_former(app))
		app->deadline_ms = now_ms + UNMOUNT_RETRY_MS;
	else
		control_tell(app, "runs well");
}

static int copy(const struct app *app, const struct flash_walk *walk, uint32_t handle)
{
	uint32_t block[COPY_BYTES / sizeof(uint32_t)];
	int err = 0;

	for (uint32_t done = 0; !err && done < app->former_bytes; done += sizeof(block)) {
		uint32_t bytes = app->former_bytes - done;

		if (bytes > sizeof(block))
			bytes = sizeof(block);
		if (pread(walk->fd, block, bytes, (off_t)(app->former_offset + done)) !=
		    (ssize_t)bytes)
			return -EIO;
		err = monitor_image_write(handle, done, block, bytes);
	}
	return err;
}

/* Its flash is as it was: the monitor keeps it while it is mounted. */
static int install_former(const struct app *app, uint32_t *reason)
{
	struct flash_walk walk;
	uint32_t handle, offset;
	int err = flash_open(&walk, "apps");

	if (err)
		return err;
	installed_abort();	/* INSTALL takes all that is staged */
	err = monitor_image_begin(app->former_bytes, &handle);
	if (!err) {
		err = copy(app, &walk, handle);
		if (!err)
			err = monitor_image_finish(handle, &offset, reason);
		if (!err)
			err = monitor_image_install(reason);
		if (err)
			monitor_image_abort(handle);
	}
	flash_close(&walk);
	return err;
}

void installed_go_back(struct app *app, long long now_ms)
{
	uint32_t reason = 0;
	int err = install_former(app, &reason);

	installed_drop_former(app);
	if (err) {
		console_error(E_APPMAN_FORMER, "%s: the former image cannot come back: %s, E%u",
			      app->name, strerror(-err), reason);
		supervise_start(app, now_ms + RESTART_FIRST_MS);
		return;
	}
	console_error(E_APPMAN_WENT_BACK, "%s: the new image does not run; the former one comes back",
		      app->name);
	control_tell(app, "went back to the former image");
	supervise_stop(app, AFTER_GO_BACK, now_ms);
}
