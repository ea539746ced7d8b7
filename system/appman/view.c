// SPDX-License-Identifier: Apache-2.0
/* What an app sees of the filesystem. */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "view.h"

/* Linux, arch/arm/tools/syscall.tbl and linux/mount.h, which does not go with sys/mount.h. */
#define SYS_OPEN_TREE		428
#define SYS_MOVE_MOUNT		429
#define OPEN_TREE_CLONE		1
#define OPEN_TREE_CLOEXEC	O_CLOEXEC
#define MOVE_MOUNT_F_EMPTY_PATH	4

void view_choose(struct view *view, const struct app *app, const struct manifest *manifest)
{
	app_path(app, view->image);
	view->storage[0] = view->tmp_options[0] = '\0';
	if (manifest->storage_kib)
		snprintf(view->storage, sizeof(view->storage), STORAGE_FOLDER "/%s", app->id);
	if (manifest->tmp_kib)
		snprintf(view->tmp_options, sizeof(view->tmp_options),
			 "mode=0700,size=%uk,nr_inodes=%d,uid=%u,gid=%u", manifest->tmp_kib,
			 VIEW_TMP_FILES, app->uid, app->uid);
}

/* A mount of what is at @path that is nowhere yet; it goes with its descriptor. */
static int take(const char *path)
{
	return (int)syscall(SYS_OPEN_TREE, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

static int put(int tree, const char *path)
{
	return (int)syscall(SYS_MOVE_MOUNT, tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
}

/* One that is not there, as the storage or an image that could not be mounted, need not go. */
static int unmount(const char *path)
{
	return umount2(path, 0) < 0 && errno != EINVAL && errno != ENOENT ? -1 : 0;
}

static int leave_images(void)
{
	char former[APP_FORMER_BYTES];

	if (chdir(APPS_FOLDER) < 0)
		return -1;
	for_each_app(app) {
		app_former_path(app, former);
		if (unmount(app->id) < 0 || unmount(former) < 0)
			return -1;
	}
	return chdir("/") < 0 ? -1 : unmount(APPS_FOLDER);
}

static int leave_all(void)
{
	static const char *const others[] = { STORAGE_FOLDER, CGROUPS_FOLDER, "/dev" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (unmount(others[i]) < 0)
			return -1;
	return leave_images();
}

/* Nodes can be written to all the same. */
static int put_devices(int tree)
{
	if (put(tree, "/dev") < 0)
		return -1;
	return mount("", "/dev", "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC, "");
}

int view_enter(const struct view *view)
{
	int image, devices, storage;

	if (unshare(CLONE_NEWNS) < 0)
		return -1;
	image = take(view->image);
	devices = take(view->devices);
	storage = *view->storage ? take(view->storage) : -1;
	if (image < 0 || devices < 0 || (*view->storage && storage < 0))
		return -1;
	if (leave_all() < 0 || put(image, VIEW_IMAGE_FOLDER) < 0 || put_devices(devices) < 0)
		return -1;
	if (storage >= 0 && put(storage, STORAGE_FOLDER) < 0)
		return -1;
	return *view->tmp_options ? mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
					  view->tmp_options) : 0;
}
