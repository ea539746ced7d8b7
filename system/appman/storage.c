// SPDX-License-Identifier: Apache-2.0
/* What apps may write to. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/errors.h"
#include "console.h"
#include "descriptor.h"
#include "limits.h"
#include "storage.h"
#include "storage_size.h"
#include "storage_tree.h"
#include "users.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know it yet. */
#define SYS_QUOTACTL_FD		443

/* Of quotactl(2). */
#define QUOTA_UNIT_BYTES	1024

/* Folders can be entered by name and not listed, as those of the images. */
#define ROOT_MODE		0711
#define FOLDER_MODE		0700

#define FOLDER_PATH_BYTES	(sizeof(STORAGE_FOLDER "/") + IMAGE_UUID_TEXT_BYTES)

/* 0 until it is mounted. */
static uint32_t block_bytes, block_count;

/* In blocks, by place in the table of apps. */
static uint32_t promises[APP_MAX];

static uint32_t blocks_to_kib(uint32_t blocks)
{
	return (uint32_t)(((uint64_t)blocks * block_bytes + 1023) / 1024);
}

static int mount_it(void)
{
	struct statfs status;

	if (mount("mtd:" STORAGE_PARTITION, STORAGE_FOLDER, "littlefs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC, "uid=0,gid=0,mode=0644,usrquota") < 0 ||
	    statfs(STORAGE_FOLDER, &status) < 0)
		return -errno;
	block_bytes = (uint32_t)status.f_bsize;
	block_count = (uint32_t)status.f_blocks;
	return 0;
}

/* A change of flash, so only when it is one. */
static int set_mode(const char *path, mode_t mode)
{
	struct stat status;

	if (stat(path, &status) < 0 || ((status.st_mode & 07777) != mode && chmod(path, mode) < 0))
		return -errno;
	return 0;
}

/* What is not a folder is nobody's. */
static void look_at(int root, const char *name)
{
	struct app *app = app_by_id(name);
	struct stat status;

	if (fstatat(root, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode))
		return;
	if (app)
		app->has_folder = true;
	users_claim(app, status.st_uid, status.st_gid);
}

/* opendir() would allocate. */
static int look_at_folders(void)
{
	union {
		struct dirent first;	/* for its alignment */
		char bytes[512];
	} buffer;
	int root = open(STORAGE_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int got = root < 0 ? -1 : 1;

	while (got > 0) {
		got = getdents(root, &buffer.first, sizeof(buffer));
		for (int at = 0; at < got;) {
			const struct dirent *entry = (const void *)(buffer.bytes + at);

			look_at(root, entry->d_name);
			at += entry->d_reclen;
		}
	}
	return close_after(root, got);
}

/* Not half: who has which folder must be known, or an app would get the user of another's. */
static void give_up(const char *what, int err)
{
	console_error(E_APPMAN_STORAGE, "%s: %s; apps that ask for MutableStorage do not start", what,
		      strerror(-err));
	umount2(STORAGE_FOLDER, 0);
	block_bytes = 0;
}

void storage_open(void)
{
	int err = mount_it();

	users_begin();
	if (err) {
		give_up("no littlefs in partition \"" STORAGE_PARTITION "\"", err);
	} else {
		err = set_mode(STORAGE_FOLDER, ROOT_MODE);
		if (!err)
			err = look_at_folders();
		if (err)
			give_up(STORAGE_FOLDER, err);
	}
	console_failure(E_APPMAN_FULL, "too many folders in " STORAGE_FOLDER, users_settle());
}

static void folder_path(const struct app *app, char path[FOLDER_PATH_BYTES])
{
	snprintf(path, FOLDER_PATH_BYTES, STORAGE_FOLDER "/%s", app->id);
}

static int set_limit(const struct app *app, uint32_t blocks)
{
	struct dqblk limit = {
		.dqb_bhardlimit = ((uint64_t)blocks * block_bytes + QUOTA_UNIT_BYTES - 1) /
				  QUOTA_UNIT_BYTES,
		.dqb_valid = QIF_BLIMITS,
	};
	int root = open(STORAGE_FOLDER, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return -errno;
	return close_after(root, syscall(SYS_QUOTACTL_FD, root, QCMD(Q_SETQUOTA, USRQUOTA), app->uid,
					 &limit));
}

static bool is_anothers(const struct app *app, uid_t uid)
{
	return users_is_app(uid) && uid != app->uid;
}

/*
 * The power may go between any two of these: a folder that is root's is nobody's yet (users.h), and the
 * next start of the app makes the rest right.
 */
static int make_folder(struct app *app, const char *path)
{
	struct stat status;
	int err;

	if ((mkdir(path, FOLDER_MODE) < 0 && errno != EEXIST) || stat(path, &status) < 0)
		return -errno;
	/* Somebody has written to the medium: no such folder was made here. */
	if (!S_ISDIR(status.st_mode) || is_anothers(app, status.st_uid) ||
	    is_anothers(app, status.st_gid))
		return -EPERM;
	if ((status.st_uid != app->uid || status.st_gid != app->uid) &&
	    chown(path, app->uid, app->uid) < 0)
		return -errno;
	err = set_mode(path, FOLDER_MODE);
	app->has_folder |= !err;
	return err;
}

/* The group stays: it says whose the folder is. */
static int close_folder(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0 || (status.st_uid != 0 && chown(path, 0, (gid_t)-1) < 0))
		return -errno;
	return 0;
}

static void print_promises(const struct app *but)
{
	for_each_app(app)
		if (app != but && promises[app - apps])
			console_info("%s was promised %u KiB of flash", app->name,
				     blocks_to_kib(promises[app - apps]));
}

static int report(const struct app *app, const char *what, const char *path, int err)
{
	if (err)
		console_error(E_APPMAN_APP_STORAGE, "%s: %s %s: %s", app->name, what, path, strerror(-err));
	return err;
}

static int give(struct app *app, const char *path, uint32_t blocks)
{
	int err = set_limit(app, blocks);

	if (!err) {
		promises[app - apps] = blocks;
		err = make_folder(app, path);
	}
	return err;
}

int storage_give(struct app *app, unsigned int kib)
{
	char path[FOLDER_PATH_BYTES];
	uint32_t blocks;
	int err;

	folder_path(app, path);
	if (!kib)
		return app->has_folder ? report(app, "close", path, close_folder(path)) : 0;
	if (!block_bytes) {
		console_error(E_APPMAN_APP_STORAGE, "%s: MutableStorage of %u KiB: there is no storage",
			      app->name, kib);
		return -ENODEV;
	}
	blocks = storage_size_blocks(kib, block_bytes);
	err = give(app, path, blocks);
	if (err)
		console_error(E_APPMAN_APP_STORAGE,
			      "%s: MutableStorage of %u KiB, %u KiB of flash of %u KiB: %s", app->name, kib,
			      blocks_to_kib(blocks), blocks_to_kib(block_count), strerror(-err));
	if (err == -ENOSPC)
		print_promises(app);
	return err;
}

void storage_find_user(struct app *app)
{
	char path[FOLDER_PATH_BYTES];
	struct stat status;

	folder_path(app, path);
	if (!block_bytes || lstat(path, &status) < 0 || !S_ISDIR(status.st_mode))
		return;
	app->has_folder = true;
	users_claim_late(app, status.st_uid, status.st_gid);
}

void storage_forget(struct app *app)
{
	char path[FOLDER_PATH_BYTES];

	promises[app - apps] = 0;
	folder_path(app, path);
	if (app->remove_storage && app->has_folder)
		app->has_folder = report(app, "remove", path, storage_tree_remove(path)) != 0;
	if (!app->has_folder)
		users_release(app);
}

void storage_close(void)
{
	if (block_bytes && umount2(STORAGE_FOLDER, 0) < 0)
		console_failure(E_APPMAN_MOUNT, "unmount " STORAGE_FOLDER, -errno);
}
