// SPDX-License-Identifier: Apache-2.0
/* The table of apps. */

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "app.h"
#include "console.h"
#include "flash.h"
#include "monitor.h"
#include "mounts.h"

struct app apps[APP_MAX];

static const char *const state_names[] = {
	[APP_ABSENT] = "absent",
	[APP_WAITING] = "waiting",
	[APP_RUNNING] = "running",
	[APP_STOPPING] = "stopping",
	[APP_LEAVING] = "leaving",
	[APP_REFUSED] = "refused",
	[APP_STOPPED] = "stopped",
};
static_assert(ARRAY_SIZE(state_names) == APP_STATE_COUNT, "every state has a name");

const char *app_state_name(enum app_state state)
{
	return state_names[state];
}

struct app *app_by_pid(pid_t pid)
{
	for_each_app(app)
		if (app->pid == pid && pid > 0)
			return app;
	return NULL;
}

struct app *app_by_uid(uid_t uid)
{
	for_each_app(app)
		if (app->uid == uid)
			return app;
	return NULL;
}

struct app *app_by_id(const char *id)
{
	for_each_app(app)
		if (!strcmp(app->id, id))
			return app;
	return NULL;
}

void app_path(const struct app *app, char path[APP_PATH_BYTES])
{
	snprintf(path, APP_PATH_BYTES, APPS_FOLDER "/%s", app->id);
}

void app_former_path(const struct app *app, char path[APP_FORMER_BYTES])
{
	snprintf(path, APP_FORMER_BYTES, APPS_FOLDER "/%s" FORMER, app->id);
}

/* The kernel has the number too, but mount(2) has no place for it. */
static void report_mount(const struct app *app, const struct flash_image *image, const char *path,
			 int err)
{
	if (err == -EKEYREJECTED)
		console_error(E_APPMAN_UNSIGNED, "%s at offset 0x%x: E%u: the monitor refuses the image",
			      app->name, image->offset, monitor_refusal(image->offset));
	else
		console_error(E_APPMAN_MOUNT, "%s on %s: %s", app->name, path, strerror(-err));
}

/* The place for a new app, or NULL. */
static struct app *new_place(const struct image_metadata *metadata, const char *id)
{
	struct app *app = apps;

	if (app_by_id(id)) {
		console_error(E_APPMAN_DUPLICATE, "%s: component %s is also %s; not started",
			      metadata->name, id, app_by_id(id)->name);
		return NULL;
	}
	while (app < apps + APP_MAX && app->state != APP_ABSENT)
		app++;
	if (app == apps + APP_MAX) {
		console_error(E_APPMAN_FULL, "%s: there are %d apps already; not started",
			      metadata->name, APP_MAX);
		return NULL;
	}
	memset(app, 0, sizeof(*app));
	memcpy(app->id, id, sizeof(app->id));
	app->uid = APP_NO_UID;
	app->is_system = metadata->type == IMAGE_TYPE_SYSTEM_APP;
	return app;
}

static int mount_into(struct app *app, const char *partition, const struct flash_image *image)
{
	char path[APP_PATH_BYTES];
	int err;

	memcpy(app->name, image->metadata.name, sizeof(app->name));
	app_path(app, path);
	err = mounts_add_image(partition, image->offset, path);
	if (err) {
		report_mount(app, image, path, err);
		return err;
	}
	app->offset = image->offset;
	app->image_bytes = image->body_bytes + IMAGE_TRAILER_BYTES;
	app->state = APP_WAITING;
	app->deadline_ms = console_now_ms();
	return 0;
}

/* Into the place of @app, which has this component id, or a new one.  NULL when it does not come in. */
static struct app *load(const char *partition, const struct flash_image *image, struct app *app)
{
	char id[IMAGE_UUID_TEXT_BYTES];

	image_uuid_format(image->metadata.component_id, id);
	if (!app)
		app = new_place(&image->metadata, id);
	if (!app || strcmp(app->id, id) || mount_into(app, partition, image))
		return NULL;
	return app;
}

static void report_place(const char *partition, const struct image_metadata *metadata)
{
	console_error(E_APPMAN_PLACE, "%s: an image of type %s has no place in partition %s",
		      metadata->name, image_type_name(metadata->type), partition);
}

/* The root filesystem stands before the system apps. */
static void consider_system(const struct flash_image *image)
{
	if (image->metadata.type == IMAGE_TYPE_SYSTEM_APP)
		load("system", image, NULL);
	else if (image->metadata.type != IMAGE_TYPE_ROOTFS)
		report_place("system", &image->metadata);
}

static void report_image(const char *partition, uint32_t offset, int number)
{
	console_error(E_APPMAN_IMAGE, "%s at offset 0x%x: E%d: %s", partition, offset, number,
		      image_error_text(number));
}

static bool open_partition(struct flash_walk *walk, const char *partition)
{
	int err = flash_open(walk, partition);

	if (err < 0)
		console_error(E_APPMAN_FLASH, "partition %s: %s", partition, strerror(-err));
	return !err;
}

void app_load_system(void)
{
	struct flash_walk walk;
	struct flash_image image;
	int result;

	if (!open_partition(&walk, "system"))
		return;
	while ((result = flash_next(&walk, &image)) != 0) {
		if (result > 0)
			consider_system(&image);
		else
			report_image("system", image.offset, -result);
		if (result < 0 && walk.offset >= walk.partition_bytes)
			break;
	}
	flash_close(&walk);
}

static struct app *load_at(struct flash_walk *walk, uint32_t offset, struct app *app)
{
	struct flash_image image;
	int err = flash_at(walk, offset, &image);

	if (err)
		report_image("apps", offset, -err);
	else if (image.metadata.type != IMAGE_TYPE_APP)
		report_place("apps", &image.metadata);
	else
		return load("apps", &image, app);
	return NULL;
}

struct app *app_load_one(uint32_t offset, struct app *app)
{
	struct flash_walk walk;

	if (!open_partition(&walk, "apps"))
		return NULL;
	app = load_at(&walk, offset, app);
	flash_close(&walk);
	return app;
}

void app_load_installed(void)
{
	struct flash_walk walk;
	struct sph_image_info info;
	uint32_t number = 0;
	int err;

	if (!open_partition(&walk, "apps"))
		return;
	while ((err = monitor_image_info(number++, &info)) == 0)
		load_at(&walk, info.offset, NULL);
	if (err != -ENOENT)
		console_failure(E_APPMAN_MONITOR, "list of images", err);
	flash_close(&walk);
}
