// SPDX-License-Identifier: Apache-2.0
/* The mount family, old and new, and other roots.  The paths are those of the device. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define APPS	"/mnt/apps"

static struct mount_attr executable = { .attr_clr = MOUNT_ATTR_NOEXEC };
static struct mount_attr writable = { .attr_clr = MOUNT_ATTR_RDONLY };
static struct mount_attr devices = { .attr_clr = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID };

#define MOUNT(what, target, type, flags, options)			\
	{ "AS-07", what, EPERM, __NR_mount,				\
	  { ADDRESS("none"), ADDRESS(target), ADDRESS(type), flags, options } }
#define UMOUNT(what, target, flags)					\
	{ "H-77", what, EPERM, __NR_umount2, { ADDRESS(target), flags } }
#define SETATTR(what, target, attributes)				\
	{ "AS-07", what, EPERM, __NR_mount_setattr,			\
	  { AT_FDCWD, ADDRESS(target), AT_RECURSIVE, ADDRESS(attributes),	\
	    sizeof(struct mount_attr) } }

static const struct call calls[] = {
	MOUNT("mount tmpfs on /dev", "/dev", "tmpfs", 0, 0),
	MOUNT("mount tmpfs on its folder", ".", "tmpfs", 0, 0),
	MOUNT("mount another procfs", "/proc", "proc", 0, ADDRESS("hidepid=0")),
	MOUNT("mount mqueue", "/dev", "mqueue", 0, 0),
	MOUNT("mount cgroups", "/dev", "cgroup2", 0, 0),
	MOUNT("mount debugfs", "/dev", "debugfs", 0, 0),
	MOUNT("mount securityfs", "/dev", "securityfs", 0, 0),
	MOUNT("mount an unknown type", "/dev", "unknown", 0, 0),
	MOUNT("remount /dev executable", "/dev", "tmpfs", MS_REMOUNT, 0),
	MOUNT("remount its image writable", ".", "cramfs", MS_REMOUNT, 0),
	MOUNT("remount the root writable", "/", "cramfs", MS_REMOUNT, 0),
	MOUNT("remount procfs without hidepid", "/proc", "proc", MS_REMOUNT, ADDRESS("hidepid=0")),
	MOUNT("change the flags of /dev", "/dev", "", MS_REMOUNT | MS_BIND, 0),
	MOUNT("share /dev", "/dev", "", MS_SHARED, 0),
	MOUNT("make all mounts private", "/", "", MS_PRIVATE | MS_REC, 0),
	{ "AS-07", "bind /proc on /dev", EPERM, __NR_mount,
	  { ADDRESS("/proc"), ADDRESS("/dev"), 0, MS_BIND, 0 } },
	{ "AS-07", "bind its folder on " APPS, EPERM, __NR_mount,
	  { ADDRESS("."), ADDRESS(APPS), 0, MS_BIND | MS_REC, 0 } },
	{ "AS-07", "move /dev", EPERM, __NR_mount,
	  { ADDRESS("/dev"), ADDRESS("/proc"), 0, MS_MOVE, 0 } },
	{ "AS-07", "mount its flash again", EPERM, __NR_mount,
	  { ADDRESS("mtd:apps"), ADDRESS("/dev"), ADDRESS("cramfs"), 0, 0 } },
	{ "H-64", "mount on a symbolic link", EPERM, __NR_mount,
	  { ADDRESS("none"), ADDRESS("/proc/self"), ADDRESS("tmpfs"), 0, 0 } },
	{ "H-64", "mount through a symbolic link", EPERM, __NR_mount,
	  { ADDRESS("none"), ADDRESS("/proc/self/cwd/bin"), ADDRESS("tmpfs"), 0, 0 } },
	UMOUNT("unmount procfs", "/proc", 0),
	UMOUNT("unmount procfs later", "/proc", MNT_DETACH),
	UMOUNT("unmount /dev by force", "/dev", MNT_FORCE),
	UMOUNT("unmount its image", ".", 0),
	UMOUNT("unmount its image later", ".", MNT_DETACH),
	UMOUNT("unmount the folder of the apps", APPS, UMOUNT_NOFOLLOW | MNT_DETACH),
	UMOUNT("let /dev expire", "/dev", MNT_EXPIRE),
	UMOUNT("unmount the root", "/", MNT_DETACH),
	{ "AS-07", "open_tree: a copy of /dev", EPERM, __NR_open_tree,
	  { AT_FDCWD, ADDRESS("/dev"), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC } },
	{ "AS-07", "open_tree: a copy of all", EPERM, __NR_open_tree,
	  { AT_FDCWD, ADDRESS("/"), OPEN_TREE_CLONE | AT_RECURSIVE } },
	{ "AS-07", "move_mount", EPERM, __NR_move_mount,
	  { AT_FDCWD, ADDRESS("/dev"), AT_FDCWD, ADDRESS("/proc"), 0 } },
	{ "AS-07", "move_mount into a group", EPERM, __NR_move_mount,
	  { AT_FDCWD, ADDRESS("/dev"), AT_FDCWD, ADDRESS("/proc"), MOVE_MOUNT_SET_GROUP } },
	{ "AS-07", "fsopen tmpfs", EPERM, __NR_fsopen, { ADDRESS("tmpfs"), 0 } },
	{ "AS-07", "fsopen cramfs", EPERM, __NR_fsopen, { ADDRESS("cramfs"), FSOPEN_CLOEXEC } },
	{ "AS-07", "fsconfig without a context", EPERM, __NR_fsconfig,
	  { STDIN_FILENO, FSCONFIG_CMD_CREATE, 0, 0, 0 } },
	{ "AS-07", "fsmount without a context", EPERM, __NR_fsmount, { STDIN_FILENO, 0, 0 } },
	{ "AS-07", "fspick its image", EPERM, __NR_fspick, { AT_FDCWD, ADDRESS("."), 0 } },
	{ "AS-07", "fspick /dev", EPERM, __NR_fspick, { AT_FDCWD, ADDRESS("/dev"), 0 } },
	SETATTR("mount_setattr: /dev executable", "/dev", &executable),
	SETATTR("mount_setattr: its image writable", ".", &writable),
	SETATTR("mount_setattr: devices and set-id in its image", ".", &devices),
	{ "H-77", "pivot_root", EPERM, __NR_pivot_root, { ADDRESS("."), ADDRESS("bin") } },
	{ "H-77", "pivot_root in place", EPERM, __NR_pivot_root, { ADDRESS("/"), ADDRESS("/") } },
	{ "H-77", "chroot to its folder", EPERM, __NR_chroot, { ADDRESS(".") } },
	{ "H-77", "chroot to the root", EPERM, __NR_chroot, { ADDRESS("/") } },
	{ "H-77", "chroot through procfs", EPERM, __NR_chroot, { ADDRESS("/proc/self/root") } },
	{ "H-77", "chdir to its bin folder", 0, __NR_chdir, { ADDRESS("bin") } },
	{ "H-77", "open_tree of what is there", EPERM, __NR_open_tree,
	  { AT_FDCWD, ADDRESS("/dev"), OPEN_TREE_CLOEXEC } },
};

/* What an app sees of the mounts: which filesystem is where, and with what flags. */
static const char *const places[] = { "/", "/dev", "/proc", APPS, "." };

struct view {
	dev_t device;
	ino_t root;
	unsigned long flags;
};

static struct view before[ARRAY_SIZE(places)];

static int look(struct view views[])
{
	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++) {
		struct statvfs filesystem;
		struct stat status;

		if (stat(places[i], &status) || statvfs(places[i], &filesystem))
			return -1;
		views[i] = (struct view){ status.st_dev, status.st_ino, filesystem.f_flag };
	}
	return 0;
}

static int mounts_are_the_same(void)
{
	struct view after[ARRAY_SIZE(places)] = { 0 };

	return look(after) || memcmp(before, after, sizeof(after)) ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-07", "the mounts are what they were", mounts_are_the_same, 0 },
};

void try_mounts(void)
{
	look(before);
	try_calls(calls, ARRAY_SIZE(calls));
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
