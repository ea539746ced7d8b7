// SPDX-License-Identifier: Apache-2.0
/*
 * Limits of users: exact, no way past them, and nobody else stopped by them.
 *
 * A directory takes two blocks of its owner.  So an app with a limit of four has two for contents.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/quota.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd	443
#endif

#define OPTIONS		"usrquota"
#define APP_DIR		FOLDER "/app"
#define OTHER_DIR	FOLDER "/other"
#define OWN		APP_DIR "/own"
#define LIMIT_BLOCKS	4u
#define SMALL_BYTES	500u
#define MOST_NAMES	1000u

enum { APP = 1000, OTHER = 1001, STRANGER = 1002 };

static size_t block_bytes;

/* The second block has a pointer of four bytes. */
static size_t room(void)
{
	return 2 * block_bytes - 4;
}

static int control(int command, unsigned int id, struct dqblk *limit)
{
	int fd = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long result = syscall(SYS_quotactl_fd, fd, QCMD(command, USRQUOTA), id, limit);

	attempt_close(fd);
	return (int)result;
}

static int set_limit_of(unsigned int id, unsigned int blocks)
{
	struct dqblk limit = {
		.dqb_bhardlimit = (uint64_t)blocks * block_bytes / 1024,
		.dqb_valid = QIF_BLIMITS,
	};

	return control(Q_SETQUOTA, id, &limit);
}

static void expect_used(const char *when, unsigned int id, unsigned int blocks)
{
	struct dqblk found = { 0 };

	if (control(Q_GETQUOTA, id, &found))
		trouble("%s: Q_GETQUOTA: %m", when);
	else if (found.dqb_curspace != (uint64_t)blocks * block_bytes)
		trouble("%s: user %u has %llu bytes, not %zu", when, id,
			(unsigned long long)found.dqb_curspace, blocks * block_bytes);
}

static int write_file_at(const char *path, off_t position, size_t count)
{
	static unsigned char chunk[16384];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), result = 0;
	ssize_t part = 1;

	if (fd < 0)
		return -1;
	while (count && part > 0) {
		part = pwrite(fd, chunk, count < sizeof(chunk) ? count : sizeof(chunk), position);
		position += part;
		count -= (size_t)part;
	}
	result = part < 0 ? -1 : fsync(fd);
	attempt_close(fd);
	return result;
}

/* What the app may do to itself. */

static int fill_exactly(void) { return write_file_at(OWN, 0, room()); }
static int write_one_more(void) { return write_file_at(OWN, (off_t)room(), 1); }
static int write_far(void) { return write_file_at(APP_DIR "/far", (off_t)(2 * block_bytes), 1); }
static int write_another(void) { return write_file_at(APP_DIR "/another", 0, SMALL_BYTES + 100); }
static int make_longer(void) { return truncate(OWN, (off_t)room() + 1); }
static int make_directory(void) { return mkdir(APP_DIR "/dir", 0700); }
static int shorten(void) { return truncate(OWN, 1000); }
static int rename_it(void) { return rename(OWN, APP_DIR "/new") || rename(APP_DIR "/new", OWN); }
static int remove_it(void) { return unlink(OWN); }
static int give_away(void) { return chown(OWN, OTHER, OTHER); }
static int ask_own(void) { return control(Q_GETQUOTA, APP, &(struct dqblk){ 0 }); }
static int ask_other(void) { return control(Q_GETQUOTA, OTHER, &(struct dqblk){ 0 }); }
static int set_own_limit(void) { return set_limit_of(APP, 8); }
static int write_into_other(void) { return write_file_at(OTHER_DIR "/mine", 0, 1); }
static int rename_into_other(void) { return rename(OWN, OTHER_DIR "/mine"); }
static int link_it(void) { return link(OWN, APP_DIR "/link"); }
static int make_nameless(void) { return attempt_open(APP_DIR, O_RDWR | O_TMPFILE); }
static int take_another(void) { return write_file_at(FOLDER "/of-root", 0, room()); }

static int with_own(int (*task)(int fd))
{
	int fd = open(OWN, O_RDWR | O_CLOEXEC), result = task(fd);

	attempt_close(fd);
	return result;
}

static int allocate(int fd) { return fallocate(fd, 0, 0, (off_t)room() + 4096); }
static int fallocate_it(void) { return with_own(allocate); }

static int map(int fd)
{
	void *pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return pages == MAP_FAILED ? -1 : 0;
}

static int map_it(void) { return with_own(map); }

static int append(int fd)
{
	int flags = fcntl(fd, F_SETFL, O_APPEND);

	return flags || write(fd, "x", 1) != 1 || fsync(fd) ? -1 : 0;
}

static int append_it(void) { return with_own(append); }

static int copy(int from)
{
	int to = open(APP_DIR "/copy", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), result = 0;
	ssize_t part = 1;

	while (part > 0)
		part = sendfile(to, from, NULL, 65536);
	result = part < 0 || fsync(to) ? -1 : 0;
	attempt_close(to);
	return result;
}

static int copy_it(void) { return with_own(copy); }

static int name_many(void)
{
	char path[64];
	int result = 0;

	for (unsigned int i = 0; !result && i < MOST_NAMES; i++) {
		snprintf(path, sizeof(path), APP_DIR "/small-%u", i);
		result = write_file_at(path, 0, SMALL_BYTES);
	}
	return result;
}

static int describe_many(void)
{
	static char value[1000];
	char path[64], name[16];
	int result = 0;

	for (unsigned int i = 0; !result && i < MOST_NAMES; i++) {
		snprintf(path, sizeof(path), APP_DIR "/small-%u", i / 4);
		snprintf(name, sizeof(name), "user.%u", i % 4);
		result = setxattr(path, name, value, sizeof(value), 0);
	}
	return result;
}

static int remove_many(void)
{
	char path[64];

	unlink(APP_DIR "/another");
	unlink(APP_DIR "/copy");
	unlink(APP_DIR "/far");
	for (unsigned int i = 0; i < MOST_NAMES; i++) {
		snprintf(path, sizeof(path), APP_DIR "/small-%u", i);
		if (unlink(path))
			break;
	}
	return 0;
}

/* A removed file keeps its blocks while it is open. */
static int write_beside_removed(void)
{
	int fd = open(OWN, O_RDWR | O_CLOEXEC), result;

	if (fd < 0 || unlink(OWN))
		return -1;
	result = write_another();
	attempt_close(fd);
	return result;
}

static int fill_other(void) { return write_file_at(OTHER_DIR "/own", 0, room()); }
static int remove_other(void) { return unlink(OTHER_DIR "/own"); }
static int write_as_stranger(void) { return write_file_at(FOLDER "/open/strange", 0, 1000); }
static int mkdir_as_stranger(void) { return mkdir(FOLDER "/open/dir", 0700); }

static const struct user_try tries[] = {
	{ "app: ask for the own limit", APP, ask_own, 0 },
	{ "app: ask for another's limit", APP, ask_other, EPERM },
	{ "app: set the own limit", APP, set_own_limit, EPERM },
	{ "app: all that it may have", APP, fill_exactly, 0 },
	{ "app: one byte more", APP, write_one_more, EDQUOT },
	{ "app: a longer file", APP, make_longer, EDQUOT },
	{ "app: append", APP, append_it, EDQUOT },
	{ "app: a byte behind a hole", APP, write_far, EDQUOT },
	{ "app: another file", APP, write_another, EDQUOT },
	{ "app: a copy", APP, copy_it, EDQUOT },
	{ "app: a directory", APP, make_directory, EDQUOT },
	{ "app: fallocate", APP, fallocate_it, EOPNOTSUPP },
	{ "app: map for writing", APP, map_it, EINVAL },
	{ "app: a second name", APP, link_it, EPERM },
	{ "app: a file without a name", APP, make_nameless, EOPNOTSUPP },
	{ "app: give its file away", APP, give_away, EPERM },
	{ "app: write into another's directory", APP, write_into_other, EACCES },
	{ "app: rename into another's directory", APP, rename_into_other, EACCES },
	{ "app: write to root's file", APP, take_another, EACCES },
	{ "app: many small files", APP, name_many, EDQUOT },
	{ "app: many attributes", APP, describe_many, EDQUOT },
	{ "other: all that it may have, meanwhile", OTHER, fill_other, 0 },
	{ "app: remove the small files", APP, remove_many, 0 },
	{ "app: another name", APP, rename_it, 0 },
	{ "app: a shorter file", APP, shorten, 0 },
	{ "app: another file, with room", APP, write_another, 0 },
	{ "app: remove that", APP, remove_many, 0 },
	{ "app: all over what it has, which is still there until then", APP, fill_exactly, EDQUOT },
	{ "app: remove its file", APP, remove_it, 0 },
	{ "app: all again", APP, fill_exactly, 0 },
	{ "app: another file, the first removed but open", APP, write_beside_removed, EDQUOT },
	{ "app: another file, the first removed", APP, write_another, 0 },
	{ "app: remove that too", APP, remove_many, 0 },
	{ "without a limit: a file", STRANGER, write_as_stranger, EDQUOT },
	{ "without a limit: a directory", STRANGER, mkdir_as_stranger, EDQUOT },
	{ "other: remove", OTHER, remove_other, 0 },
};

static void try_limits(void)
{
	struct statvfs figures;
	struct dqblk inodes = { .dqb_ihardlimit = 10, .dqb_valid = QIF_ILIMITS };
	struct dqblk soft = { .dqb_bsoftlimit = 1024, .dqb_bhardlimit = 2048,
			      .dqb_valid = QIF_BLIMITS };

	if (statvfs(FOLDER, &figures))
		trouble("statvfs: %m");
	refusal_expect("a limit of inodes", control(Q_SETQUOTA, APP, &inodes), EINVAL);
	refusal_expect("a soft limit", control(Q_SETQUOTA, APP, &soft), EINVAL);
	refusal_expect("a limit of root", set_limit_of(0, 4), EINVAL);
	refusal_expect("more than there is", set_limit_of(APP, (unsigned int)figures.f_blocks),
		       ENOSPC);
	if (set_limit_of(APP, LIMIT_BLOCKS) || set_limit_of(OTHER, LIMIT_BLOCKS))
		trouble("limits: %m");
}

static int try_setting_again(void)
{
	return set_limit_of(APP, LIMIT_BLOCKS) || set_limit_of(OTHER, LIMIT_BLOCKS) ? -1 : 0;
}

/* What was promised is there when root has taken all that it can have. */
static void try_full(void)
{
	int result = 0;

	for (unsigned int i = 0; !result && i < 100; i++)
		result = write_file_at(FOLDER "/full", (off_t)(i * block_bytes), block_bytes);
	refusal_expect("root fills the rest", result, ENOSPC);
	refusal_expect("app: all, the filesystem full", as_user(APP, fill_exactly), 0);
	refusal_expect("other: all, the filesystem full", as_user(OTHER, fill_other), 0);
	expect_used("full", APP, LIMIT_BLOCKS);
	mount_again(OPTIONS);
	expect_used("full, mounted again", APP, LIMIT_BLOCKS);
	expect_used("full, mounted again", OTHER, LIMIT_BLOCKS);
	refusal_expect("app: without a limit after a mount", as_user(APP, write_one_more), EDQUOT);
	if (try_setting_again())
		trouble("limits again: %m");
	refusal_expect("app: one byte more after a mount", as_user(APP, write_one_more), EDQUOT);
	if (unlink(FOLDER "/full"))
		trouble("unlink: %m");
}

/* Root gives files: to who may have them only. */
static void try_chown(void)
{
	if (as_user(APP, shorten) || as_user(OTHER, remove_other))
		trouble("shorten: %m");
	expect_used("shorter", APP, 3);
	if (write_file_at(FOLDER "/of-root", 0, room()))
		trouble("root's file: %m");
	refusal_expect("more than the app may have", chown(FOLDER "/of-root", APP, APP), EDQUOT);
	expect_used("a refused gift", APP, 3);
	if (chown(FOLDER "/of-root", OTHER, OTHER))
		trouble("chown: %m");
	expect_used("a gift", OTHER, LIMIT_BLOCKS);
	if (unlink(FOLDER "/of-root"))
		trouble("unlink: %m");
	expect_used("a gift, removed", OTHER, 2);
}

static int make_dirs(void)
{
	if (mkdir(APP_DIR, 0700) || chown(APP_DIR, APP, APP) || mkdir(OTHER_DIR, 0700) ||
	    chown(OTHER_DIR, OTHER, OTHER) || mkdir(FOLDER "/open", 0777) ||
	    chmod(FOLDER "/open", 0777))
		return -1;
	return 0;
}

void quota_try(void)
{
	struct statvfs figures = { 0 };

	refusal_expect("limits without the option", set_limit_of(APP, 1), EINVAL);
	mount_again(OPTIONS);
	statvfs(FOLDER, &figures);
	block_bytes = figures.f_bsize;
	try_limits();
	if (make_dirs() || write_file_at(FOLDER "/of-root", 0, 1))
		trouble("making directories: %m");
	expect_used("a directory", APP, 2);
	users_try(tries, ARRAY_SIZE(tries));
	expect_used("nothing but a directory", APP, 2);
	expect_used("nothing but a directory", OTHER, 2);
	try_full();
	try_chown();
	if (unlink(OWN) || rmdir(APP_DIR) || rmdir(OTHER_DIR) || unlink(FOLDER "/open/strange") ||
	    rmdir(FOLDER "/open"))
		trouble("removing: %m");
	expect_used("nothing", APP, 0);
	mount_again(NULL);
}
