// SPDX-License-Identifier: Apache-2.0
/* An app whose manifest does not ask for storage, beside one that has some: diary. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <applibs/storage.h>

#include "attempt.h"

#define STORAGE		"/mnt/storage"
#define OTHER		STORAGE "/0b8f3a52-1f0e-4c0e-8a54-0d6a8f6f1c30"
#define OTHER_FILE	OTHER "/" STORAGE_MUTABLE_FILE_NAME
#define OWN		STORAGE "/0b8f3a52-1f0e-4c0e-8a54-0d6a8f6f1c32"

static int close_new(int fd)
{
	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int open_by_applibs(void) { return close_new(Storage_OpenMutableFile()); }
static int delete_by_applibs(void) { return Storage_DeleteMutableFile(); }
static int folder_by_applibs(void)
{
	char path[STORAGE_MUTABLE_FOLDER_BYTES];

	return Storage_GetMutableFolder(path, sizeof(path));
}
static int image_by_applibs(void)
{
	return close_new(Storage_OpenFileInImagePackage("app_manifest.json"));
}
static int path_by_applibs(void)
{
	const char *path = Storage_GetAbsolutePathInImagePackage("app_manifest.json");

	return path ? attempt_open(path, O_RDONLY) : -1;
}
static int out_of_image(void)
{
	return close_new(Storage_OpenFileInImagePackage("../../../etc/spherule-release"));
}
static int absolute_by_applibs(void)
{
	return close_new(Storage_OpenFileInImagePackage("/etc/spherule-release"));
}
static int write_image(void)
{
	const char *path = Storage_GetAbsolutePathInImagePackage("app_manifest.json");

	return path ? attempt_open(path, O_RDWR) : -1;
}

static int name_storage(void) { return attempt_open(STORAGE, O_PATH | O_DIRECTORY); }
static int list_storage(void) { return attempt_open(STORAGE, O_RDONLY | O_DIRECTORY); }
static int make_file(void) { return attempt_open(STORAGE "/file", O_CREAT | O_RDWR); }
static int make_unnamed(void) { return attempt_open(STORAGE, O_TMPFILE | O_RDWR); }
static int make_own_folder(void) { return mkdir(OWN, 0700); }
static int open_own_folder(void) { return attempt_open(OWN, O_PATH); }

static int name_folder(void) { return attempt_open(OTHER, O_PATH); }
static int list_folder(void) { return attempt_open(OTHER, O_RDONLY | O_DIRECTORY); }
static int enter_folder(void) { return chdir(OTHER); }
static int read_file(void) { return attempt_open(OTHER_FILE, O_RDONLY); }
static int write_file(void) { return attempt_open(OTHER_FILE, O_WRONLY); }
static int name_file(void) { return attempt_open(OTHER_FILE, O_PATH); }
static int truncate_file(void) { return truncate(OTHER_FILE, 0); }
static int remove_file(void) { return unlink(OTHER_FILE); }
static int remove_folder(void) { return rmdir(OTHER); }
static int rename_folder(void) { return rename(OTHER, OWN); }
static int look_at_file(void)
{
	struct stat status;

	return stat(OTHER_FILE, &status);
}
static int open_for_all(void) { return chmod(OTHER, 0777); }
static int take_folder(void) { return chown(OTHER, getuid(), getgid()); }
static int touch_folder(void) { return utimensat(AT_FDCWD, OTHER, NULL, 0); }
static int make_in_folder(void) { return attempt_open(OTHER "/file", O_CREAT | O_RDWR); }

/* From a descriptor of the folder that gives no right. */
static int by_descriptor(int (*act)(int folder))
{
	int folder = open(OTHER, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result = folder < 0 ? -1 : act(folder);

	attempt_close(folder);
	return result;
}

static int open_at(int folder)
{
	return close_new(openat(folder, STORAGE_MUTABLE_FILE_NAME, O_RDONLY | O_CLOEXEC));
}
static int reopen(int folder)
{
	return close_new(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}
static int go_to(int folder) { return fchdir(folder); }

static int read_by_descriptor(void) { return by_descriptor(open_at); }
static int list_by_descriptor(void) { return by_descriptor(reopen); }
static int enter_by_descriptor(void) { return by_descriptor(go_to); }

static int set_own_limit(void)
{
	struct dqblk limit = { .dqb_bhardlimit = 1 << 20, .dqb_valid = QIF_BLIMITS };
	int fd = open(STORAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result = (int)syscall(__NR_quotactl_fd, fd, QCMD(Q_SETQUOTA, USRQUOTA), getuid(),
				  &limit);

	attempt_close(fd);
	return result;
}
static int mount_storage(void) { return mount("mtd:storage", STORAGE, "littlefs", 0, ""); }
static int mount_here(void) { return mount("mtd:storage", ".", "littlefs", 0, ""); }
static int remount(void) { return mount("", STORAGE, "littlefs", MS_REMOUNT, "uid=10001"); }
static int unmount(void) { return umount2(STORAGE, 0); }
static int unmount_by_force(void) { return umount2(STORAGE, MNT_FORCE); }

static int open_flash(void) { return attempt_open("/dev/mtd2", O_RDWR); }
static int open_flash_to_read(void) { return attempt_open("/dev/mtd2ro", O_RDONLY); }
static int make_flash_node(void) { return mknod("/dev/mtd2", S_IFCHR | 0600, makedev(90, 4)); }

static const struct attempt attempts[] = {
	{ "AS-10", "read its image by applibs", image_by_applibs, 0 },
	{ "AS-10", "read its image by its path", path_by_applibs, 0 },
	{ "AS-10", "leave its image by applibs", out_of_image, EINVAL },
	{ "AS-10", "an absolute path by applibs", absolute_by_applibs, EINVAL },
	{ "H-72", "write to its image by its path", write_image, EROFS },

	{ "AS-40", "storage by applibs", open_by_applibs, EACCES },
	{ "AS-40", "delete by applibs", delete_by_applibs, EACCES },
	{ "AS-40", "its folder by applibs", folder_by_applibs, EACCES },
	{ "AS-40", "its folder is not there", open_own_folder, ENOENT },
	{ "AS-40", "make its folder", make_own_folder, EROFS },
	{ "AS-40", "the storage is there", name_storage, 0 },
	{ "AS-40", "make a file in the storage", make_file, EROFS },
	{ "AS-40", "make a file without a name in the storage", make_unnamed, EROFS },
	{ "AS-40", "set its own limit", set_own_limit, EPERM },

	{ "AS-15", "see an empty folder for the storage", list_storage, 0 },
	{ "AS-15", "name the folder of another app", name_folder, ENOENT },
	{ "AS-15", "list the folder of another app", list_folder, ENOENT },
	{ "AS-15", "enter it", enter_folder, ENOENT },
	{ "AS-15", "read the file in it", read_file, ENOENT },
	{ "AS-15", "write to the file in it", write_file, ENOENT },
	{ "AS-15", "name the file in it", name_file, ENOENT },
	{ "AS-15", "look at the file in it", look_at_file, ENOENT },
	{ "AS-15", "truncate the file in it", truncate_file, ENOENT },
	{ "AS-15", "remove the file in it", remove_file, ENOENT },
	{ "AS-15", "make a file in it", make_in_folder, ENOENT },
	{ "AS-15", "remove the folder", remove_folder, EROFS },
	{ "AS-15", "rename the folder", rename_folder, EROFS },
	{ "AS-15", "open the folder for everybody", open_for_all, ENOENT },
	{ "AS-15", "take the folder", take_folder, ENOENT },
	{ "AS-15", "touch the folder", touch_folder, ENOENT },
	{ "AS-15", "read the file by a descriptor", read_by_descriptor, ENOENT },
	{ "AS-15", "list the folder by a descriptor", list_by_descriptor, ENOENT },
	{ "AS-15", "enter the folder by a descriptor", enter_by_descriptor, ENOENT },

	{ "AS-07", "mount the storage again", mount_storage, EPERM },
	{ "AS-07", "mount the storage in its image", mount_here, EPERM },
	{ "AS-07", "remount the storage as its own", remount, EPERM },
	{ "AS-07", "unmount the storage", unmount, EPERM },
	{ "AS-07", "unmount the storage by force", unmount_by_force, EPERM },

	{ "AS-12", "the flash of the storage", open_flash, ENOENT },
	{ "AS-12", "the same to read", open_flash_to_read, ENOENT },
	{ "AS-12", "make its node", make_flash_node, EROFS },
};

int main(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_end("outsider");
}
