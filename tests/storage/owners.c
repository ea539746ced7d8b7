// SPDX-License-Identifier: Apache-2.0
/* Owners and permissions: who may what, and that the next mount has them too. */

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define PLACE	FOLDER "/owners"
#define FILE_	PLACE "/file"
#define DIR_	PLACE "/dir"

enum { APP = 1000, OTHER = 1001, GROUP = 77 };

static void expect(const char *path, unsigned int uid, unsigned int gid, unsigned int mode)
{
	struct stat status = { 0 };

	if (stat(path, &status) || status.st_uid != uid || status.st_gid != gid ||
	    (status.st_mode & 07777) != mode)
		trouble("%s: owner %u, group %u, mode %o, not %u, %u, %o", path, status.st_uid,
			status.st_gid, status.st_mode & 07777, uid, gid, mode);
}

static int make_both(void)
{
	int fd;

	umask(027);
	fd = open(FILE_, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, "own", 3) != 3 || close(fd))
		return -1;
	return mkdir(DIR_, 0777);
}

static int read_file(void) { return attempt_open(FILE_, O_RDONLY); }
static int write_file(void) { return attempt_open(FILE_, O_WRONLY); }
static int make_in_dir(void) { return attempt_open(DIR_ "/new", O_WRONLY | O_CREAT); }
static int remove_file(void) { return unlink(FILE_); }
static int rename_file(void) { return rename(FILE_, DIR_ "/file"); }
static int give_file(void) { return chown(FILE_, OTHER, OTHER); }
static int open_to_all(void) { return chmod(FILE_, 0666); }
static int close_to_all(void) { return chmod(FILE_, 0600); }

static const struct user_try tries[] = {
	{ "another reads a file", OTHER, read_file, EACCES },
	{ "another writes to a file", OTHER, write_file, EACCES },
	{ "another makes a file in a directory", OTHER, make_in_dir, EACCES },
	{ "another removes a file from a sticky directory", OTHER, remove_file, EPERM },
	{ "another renames a file", OTHER, rename_file, EACCES },
	{ "another takes a file", OTHER, give_file, EPERM },
	{ "another opens a file to all", OTHER, open_to_all, EPERM },
	{ "the owner gives a file away", APP, give_file, EPERM },
	{ "the owner reads a file", APP, read_file, 0 },
	{ "the owner writes to a file", APP, write_file, 0 },
	{ "the owner makes a file in a directory", APP, make_in_dir, 0 },
	{ "the owner opens a file to all", APP, open_to_all, 0 },
	{ "another writes to a file of all", OTHER, write_file, 0 },
	{ "the owner closes a file to all", APP, close_to_all, 0 },
	{ "another writes to a file that was closed", OTHER, write_file, EACCES },
};

/* Of a file that is open and has no name any more, in memory. */
static void try_without_a_name(void)
{
	struct stat status = { 0 };
	int fd = open(PLACE "/nameless", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	unlink(PLACE "/nameless");
	if (fchown(fd, APP, GROUP) || fchmod(fd, 0640) || fstat(fd, &status) ||
	    status.st_uid != APP || (status.st_mode & 07777) != 0640)
		trouble("owner of a file without a name: %m");
	attempt_close(fd);
}

/* The empty filesystem does not say whose its root directory is: the mount options do. */
static void try_options(void)
{
	mount_again("uid=1001,gid=1002,mode=0640");
	expect(FOLDER, 1001, 1002, 0750);
	mount_again(NULL);
	expect(FOLDER, 0, 0, 0755);
}

void owners_try(void)
{
	try_options();
	if (mkdir(PLACE, 0755) || chmod(PLACE, 01777))
		trouble("mkdir: %m");
	if (as_user(APP, make_both))
		trouble("make: %m");
	mount_again(NULL);
	expect(PLACE, 0, 0, 01777);
	expect(FILE_, APP, APP, 0640);
	expect(DIR_, APP, APP, 0750);
	users_try(tries, ARRAY_SIZE(tries));
	try_without_a_name();
	refusal_expect("set-uid", chmod(FILE_, 04755), EPERM);
	refusal_expect("set-gid", chmod(DIR_, 02755), EPERM);
	if (chown(FILE_, OTHER, GROUP) || chown(DIR_, OTHER, GROUP) || chmod(DIR_, 0700) ||
	    chown(FOLDER, APP, GROUP) || chmod(FOLDER, 0711))
		trouble("chown: %m");
	mount_again("uid=5,gid=5,mode=0604");
	expect(FILE_, OTHER, GROUP, 0600);
	expect(DIR_, OTHER, GROUP, 0700);
	expect(FOLDER, APP, GROUP, 0711);
	if (chown(FOLDER, 0, 0) || chmod(FOLDER, 0755))
		trouble("the root directory: %m");
	mount_again(NULL);
	file_expect(FILE_, "own", 3);
	if (unlink(DIR_ "/new") || rmdir(DIR_) || unlink(FILE_) || rmdir(PLACE))
		trouble("removing: %m");
}
