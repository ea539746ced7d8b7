// SPDX-License-Identifier: Apache-2.0
/* What the app may do in its folder, and what nobody may; the folder of another. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <applibs/storage.h>

#include "attempt.h"
#include "keeper.h"

#define OTHER_FILE	OTHER_FOLDER "/" STORAGE_MUTABLE_FILE_NAME
#define BESIDE		"../" OTHER_ID "/" STORAGE_MUTABLE_FILE_NAME
#define OTHER_USER	10000		/* of diary, which stands before this app in flash */

static int is_expected(bool condition)
{
	errno = EBADMSG;
	return condition ? 0 : -1;
}

static int write_and_read_by_applibs(void)
{
	static const char text[] = "kept";
	char found[16] = "";
	int fd = Storage_OpenMutableFile();

	if (fd < 0 || write(fd, text, sizeof(text)) != sizeof(text) || close(fd))
		return -1;
	fd = Storage_OpenMutableFile();
	if (fd < 0 || read(fd, found, sizeof(found)) != sizeof(text))
		return -1;
	close(fd);
	return is_expected(!strcmp(found, text));
}

static int delete_by_applibs(void) { return Storage_DeleteMutableFile(); }

static int folder_is_private(void)
{
	struct stat status;

	if (stat(".", &status))
		return -1;
	return is_expected(status.st_uid == getuid() && status.st_gid == getgid() &&
			   status.st_mode == (S_IFDIR | 0700));
}

static int read_own_image(void)
{
	int fd = Storage_OpenFileInImagePackage("app_manifest.json");

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int make_and_remove_folder(void)
{
	return mkdir("folder", 0700) || files_write("folder/file", 10) ||
	       rename("folder/file", "file") || rmdir("folder") || unlink("file") ? -1 : 0;
}

/* On a file that is made for it and removed after it. */
static int with_file(int (*act)(const char *name))
{
	int result = files_write("file", 10), error;

	if (result)
		return -1;
	result = act("file");
	error = errno;
	unlink("file");
	errno = error;
	return result;
}

static int plain_mode(const char *name) { return chmod(name, 0640); }
static int set_id_mode(const char *name) { return chmod(name, 04700); }
static int give_to_other(const char *name) { return chown(name, OTHER_USER, (gid_t)-1); }
static int give_to_root(const char *name) { return chown(name, 0, 0); }
static int give_to_group(const char *name) { return chown(name, (uid_t)-1, OTHER_USER); }
static int link_file(const char *name) { return link(name, "linked"); }
static int execute(const char *name)
{
	static char *const nothing[] = { NULL };

	return chmod(name, 0700) ? -1 : execve(name, nothing, nothing);
}

static int map(const char *name, int protection)
{
	int fd = open(name, O_RDWR | O_CLOEXEC);
	void *page = mmap(NULL, 4096, protection, MAP_PRIVATE, fd, 0);

	attempt_close(fd);
	return page == MAP_FAILED ? -1 : 0;
}

static int map_readable(const char *name) { return map(name, PROT_READ); }
static int map_executable(const char *name) { return map(name, PROT_READ | PROT_EXEC); }

static int mode_of_file(void) { return with_file(plain_mode); }
static int set_id_of_file(void) { return with_file(set_id_mode); }
static int file_to_other(void) { return with_file(give_to_other); }
static int file_to_root(void) { return with_file(give_to_root); }
static int file_to_group(void) { return with_file(give_to_group); }
static int folder_to_other(void) { return give_to_other("."); }
static int link_in_folder(void) { return with_file(link_file); }
static int execute_file(void) { return with_file(execute); }
static int map_file(void) { return with_file(map_readable); }
static int map_file_executable(void) { return with_file(map_executable); }
static int make_node(void) { return mknod("node", S_IFCHR | 0600, makedev(90, 4)); }

static int set_quota(uid_t uid)
{
	struct dqblk limit = { .dqb_bhardlimit = 1 << 20, .dqb_valid = QIF_BLIMITS };
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = (int)syscall(__NR_quotactl_fd, fd, QCMD(Q_SETQUOTA, USRQUOTA), uid, &limit);

	attempt_close(fd);
	return result;
}

static int raise_own_limit(void) { return set_quota(getuid()); }
static int limit_other(void) { return set_quota(OTHER_USER); }
static int mount_storage(void)
{
	return mount("mtd:storage", "/mnt/storage", "littlefs", 0, "usrquota");
}
static int remount_without_quota(void)
{
	return mount("mtd:storage", "/mnt/storage", "littlefs", MS_REMOUNT, "");
}
static int remount_executable(void)
{
	return mount("", "/mnt/storage", "", MS_REMOUNT | MS_BIND, "");
}
static int unmount_storage(void) { return umount2("/mnt/storage", 0); }

static int name_other_folder(void) { return attempt_open(OTHER_FOLDER, O_PATH); }
static int list_other_folder(void) { return attempt_open(OTHER_FOLDER, O_RDONLY | O_DIRECTORY); }
static int enter_other_folder(void) { return chdir(OTHER_FOLDER); }
static int read_other_file(void) { return attempt_open(OTHER_FILE, O_RDONLY); }
static int read_beside(void) { return attempt_open(BESIDE, O_RDONLY); }
static int open_own_mode(void) { return chmod(OTHER_FOLDER, 0777); }
static int take_other_folder(void) { return chown(OTHER_FOLDER, getuid(), getgid()); }
static int list_storage(void) { return attempt_open("..", O_RDONLY | O_DIRECTORY); }
static int make_beside(void) { return attempt_open("../file", O_CREAT | O_RDWR); }
static int make_folder_beside(void) { return mkdir("../folder", 0700); }
static int rename_own(const char *name)
{
	char path[STORAGE_MUTABLE_FOLDER_BYTES];

	return Storage_GetMutableFolder(path, sizeof(path)) ? -1 : rename(path, name);
}
static int move_out(void) { return rename_own("/mnt/storage/moved"); }
static int replace_other(void) { return rename_own(OTHER_FOLDER); }

static const struct attempt attempts[] = {
	{ "AS-15", "its folder is its own", folder_is_private, 0 },
	{ "AS-15", "write and read by applibs", write_and_read_by_applibs, 0 },
	{ "AS-15", "delete by applibs", delete_by_applibs, 0 },
	{ "AS-15", "delete by applibs what is not there", delete_by_applibs, ENOENT },
	{ "AS-10", "read its image by applibs", read_own_image, 0 },
	{ "AS-15", "make, move and remove in its folder", make_and_remove_folder, 0 },
	{ "H-54", "set a plain mode in its folder", mode_of_file, 0 },
	{ "H-54", "set-user-id in its folder", set_id_of_file, EPERM },
	{ "AS-40", "give a file to another app", file_to_other, EPERM },
	{ "AS-40", "give a file to root", file_to_root, EPERM },
	{ "AS-40", "give a file to the group of another app", file_to_group, EPERM },
	{ "AS-40", "give its folder to another app", folder_to_other, EPERM },
	{ "H-73", "link a file in its folder", link_in_folder, EPERM },
	{ "AS-09", "make a node in its folder", make_node, EPERM },
	{ "H-72", "map a file of its folder", map_file, 0 },
	{ "H-72", "execute a file of its folder", execute_file, EACCES },
	{ "H-72", "map a file of its folder executable", map_file_executable, EACCES },
	{ "AS-40", "raise its own limit", raise_own_limit, EPERM },
	{ "AS-40", "set the limit of another app", limit_other, EPERM },
	{ "AS-07", "mount the storage again", mount_storage, EPERM },
	{ "AS-07", "remount the storage without limits", remount_without_quota, EPERM },
	{ "AS-07", "remount the storage executable", remount_executable, EPERM },
	{ "AS-07", "unmount the storage", unmount_storage, EPERM },
	{ "AS-15", "name the folder of another app", name_other_folder, ENOENT },
	{ "AS-15", "list the folder of another app", list_other_folder, ENOENT },
	{ "AS-15", "enter it", enter_other_folder, ENOENT },
	{ "AS-15", "read the file in it", read_other_file, ENOENT },
	{ "AS-15", "read it from the folder beside", read_beside, ENOENT },
	{ "AS-15", "open it for everybody", open_own_mode, ENOENT },
	{ "AS-15", "take it", take_other_folder, ENOENT },
	{ "AS-15", "list what is beside its folder", list_storage, 0 },
	{ "AS-15", "make a file beside its folder", make_beside, EROFS },
	{ "AS-15", "make a folder beside its folder", make_folder_beside, EROFS },
	{ "AS-15", "move its folder", move_out, EXDEV },
	{ "AS-15", "put its folder in the place of another", replace_other, EXDEV },
};

void try_own(void)
{
	files_clear();
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
