// SPDX-License-Identifier: Apache-2.0
/* Reading the manifests of images. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/errors.h"
#include "console.h"
#include "manifests.h"
#include "scratch.h"

/* A complaint of the manifest with its field, its rule and its place. */
#define COMPLAINT_BYTES	256

struct manifest manifest;
static_assert(SCRATCH_BYTES > MANIFEST_MAX_BYTES, "what sph packs can be read here");

/* Returns 0 or the number of what is wrong, with a text of it. */
static int parse(const char *json, size_t length, bool is_system, const char *id, char *text, size_t room)
{
	const struct manifest_rules rules = { .is_system = is_system };
	struct manifest_error complaint;
	char own_id[IMAGE_UUID_TEXT_BYTES];

	if (manifest_parse(json, length, &rules, &manifest, &complaint)) {
		snprintf(text, room, MANIFEST_FILE ":%u:%u: E%d: %s%s%s", complaint.line, complaint.column,
			 complaint.number, complaint.field, *complaint.field ? ": " : "", complaint.rule);
		return E_APPMAN_MANIFEST;
	}
	image_uuid_format(manifest.component_id, own_id);
	if (strcmp(own_id, id)) {
		snprintf(text, room, "image of %s, manifest of %s", id, own_id);
		return E_APPMAN_IDENTITY;
	}
	return 0;
}

int manifests_check(const char *json, size_t length, const char *id, char *text, size_t room)
{
	return parse(json, length, false, id, text, room);
}

/* An image cannot make us follow a link out of it, whoever signed it. */
static int open_in_image(int folder, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	long fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int manifests_refuse(const struct app *app, const char *what, int err)
{
	console_error(E_APPMAN_START, "%s: %s: %s", app->name, what, strerror(-err));
	return err;
}

static int read_manifest(const struct app *app, int folder)
{
	char complaint[COMPLAINT_BYTES];
	int fd = open_in_image(folder, MANIFEST_FILE);
	size_t length;
	const char *json;
	int number;

	if (fd < 0)
		return manifests_refuse(app, MANIFEST_FILE, fd);
	json = scratch_read_fd(fd, &length);
	close(fd);
	if (!json)
		return manifests_refuse(app, MANIFEST_FILE, -errno);
	number = parse(json, length, app->is_system, app->id, complaint, sizeof(complaint));
	if (number)
		console_error(number, "%s: %s", app->name, complaint);
	return number ? -ENOEXEC : 0;
}

/* The image is read-only, so that what was checked here is what is executed. */
static int check_entry_point(const struct app *app, int folder)
{
	int fd = open_in_image(folder, manifest.entry_point + 1);

	if (fd < 0)
		return manifests_refuse(app, manifest.entry_point, fd);
	close(fd);
	return 0;
}

int manifests_read(const struct app *app)
{
	char path[APP_PATH_BYTES];
	int folder, err;

	app_path(app, path);
	folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return manifests_refuse(app, path, -errno);
	err = read_manifest(app, folder);
	if (!err)
		err = check_entry_point(app, folder);
	close(folder);
	return err;
}
