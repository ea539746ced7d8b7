// SPDX-License-Identifier: Apache-2.0
/* Whether a staged image can be installed beside the apps that are here. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/cramfs.h"
#include "abi/errors.h"
#include "abi/sparse.h"
#include "app.h"
#include "claims.h"
#include "conflicts.h"
#include "flash.h"
#include "limits.h"
#include "manifests.h"
#include "scratch.h"

/* The image that is read by read_body(). */
struct body {
	int fd;
	uint32_t offset;
};

static int read_body(void *context, uint32_t offset, void *buffer, uint32_t bytes)
{
	const struct body *body = context;
	const ssize_t got = pread(body->fd, buffer, bytes, (off_t)body->offset + offset);

	if (got < 0)
		return -errno;
	return (uint32_t)got == bytes ? 0 : -EIO;
}

/* It is not mounted: only what is installed can be. */
static const char *read_manifest(const struct flash_walk *walk, const struct flash_image *image, uint32_t *bytes)
{
	struct body body = { walk->fd, image->offset };
	const struct cramfs_source source = { image->body_bytes, read_body, &body };
	char *text = scratch_memory();
	uint32_t offset;

	if (cramfs_find_file(&source, MANIFEST_FILE, &offset, bytes) || *bytes >= SCRATCH_BYTES ||
	    read_body(&body, offset, text, *bytes))
		return NULL;
	text[*bytes] = '\0';
	return text;
}

/* An app that is being removed has nothing any more; one that cannot start never had. */
static bool counts(const struct app *app)
{
	return app->state != APP_REFUSED &&
	       !((app->state == APP_STOPPING || app->state == APP_LEAVING) && app->after == AFTER_REMOVE);
}

static int compare(const struct image_metadata *metadata, const char *id, char *text, size_t room)
{
	static SPARSE struct claims claims, others;

	claims_collect(&manifest, &claims);
	for_each_app(app) {
		const struct claim *claim;

		if (!strcmp(app->id, id) || !counts(app) || manifests_read(app))
			continue;
		claims_collect(&manifest, &others);
		claim = claims_meet(&claims, &others);
		if (!claim)
			continue;
		snprintf(text, room, "%s and %s both want %s %u", metadata->name, app->name, claim->kind,
			 claim->id);
		return E_CONTROL_CONFLICT;
	}
	return 0;
}

static int check(const struct flash_walk *walk, const struct flash_image *image, char *text, size_t room)
{
	char id[IMAGE_UUID_TEXT_BYTES];
	const struct app *app;
	const char *json;
	uint32_t bytes;
	int number;

	image_uuid_format(image->metadata.component_id, id);
	app = app_by_id(id);
	if (app && app->is_system) {
		snprintf(text, room, "%s has the component id of %s, an app of the system",
			 image->metadata.name, app->name);
		return E_APPMAN_DUPLICATE;
	}
	json = read_manifest(walk, image, &bytes);
	if (!json) {
		snprintf(text, room, "%s: " MANIFEST_FILE " cannot be read", image->metadata.name);
		return E_APPMAN_MANIFEST;
	}
	number = manifests_check(json, bytes, id, text, room);
	return number ? number : compare(&image->metadata, id, text, room);
}

int conflicts_check(uint32_t offset, char *text, size_t room)
{
	struct flash_walk walk;
	struct flash_image image;
	int number = E_CONTROL_FAILED;
	int err = flash_open(&walk, "apps");

	if (!err) {
		err = flash_at(&walk, offset, &image);
		if (!err)
			number = check(&walk, &image, text, room);
		flash_close(&walk);
	}
	if (err)
		snprintf(text, room, "the image cannot be read from flash");
	return number;
}
