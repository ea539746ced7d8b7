// SPDX-License-Identifier: Apache-2.0
/* The app's own view of the filesystem: what it holds, and every way that could lead out of it. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attempt.h"
#include "doors.h"

/* hello, which is beside this app in flash. */
#define OTHER_ID	"5df999f1-7096-426a-8a78-a7a43c36cf28"
#define TMP_KIB		64
#define TMP_FILES	16

static int is_expected(bool condition)
{
	errno = EBADMSG;
	return condition ? 0 : -1;
}

static int count_names(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int count = 0;

	if (!folder)
		return -1;
	while ((entry = readdir(folder)))
		count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(folder);
	return count;
}

static int own_image(void) { return attempt_open("/mnt/app/bin/doors", O_RDONLY); }
static int no_images(void) { return is_expected(count_names("/mnt/apps") == 0); }
static int no_storage(void) { return is_expected(count_names("/mnt/storage") == 0); }
static int no_cgroups(void) { return is_expected(count_names("/mnt/cgroups") == 0); }
static int two_nodes(void) { return is_expected(count_names("/dev") == 2); }
static int own_process(void) { return attempt_open("/proc/self/stat", O_RDONLY); }

static const struct {
	const char *row;
	const char *path;
} elsewhere[] = {
	{ "AS-07", "/mnt/apps/" OTHER_ID "/bin/hello" },
	{ "AS-07", "/mnt/app/../apps/" OTHER_ID "/bin/hello" },
	{ "AS-07", "../apps/" OTHER_ID "/app_manifest.json" },
	{ "AS-07", "../../../../mnt/apps/" OTHER_ID },
	{ "AS-07", "/proc/self/root/mnt/apps/" OTHER_ID },
	{ "AS-07", "/proc/thread-self/root/mnt/apps/" OTHER_ID },
	{ "AS-07", "/proc/self/cwd/../apps/" OTHER_ID },
	{ "AS-15", "/mnt/storage/" OTHER_ID },
	{ "AS-15", "/proc/self/root/mnt/storage/" OTHER_ID },
	{ "H-74", "/mnt/cgroups/cgroup.procs" },
	{ "H-74", "/mnt/cgroups/apps/memory.max" },
	{ "H-75", "/dev/views" },
	{ "H-75", "/dev/console" },
	{ "H-75", "/proc/self/root/dev/console" },
	{ "H-75", "/proc/self/root/dev/security-monitor" },
	{ "H-31", "/proc/1/root/mnt" },
	{ "H-31", "/proc/1/cwd/mnt" },
	{ "H-31", "/proc/1/fd" },
};

static const char *path;
static int open_path(void) { return attempt_open(path, O_PATH); }

static int climb(void)
{
	char where[PATH_MAX];

	for (int i = 0; i < 64; i++)
		if (chdir(".."))
			return -1;
	return is_expected(getcwd(where, sizeof(where)) && !strcmp(where, "/"));
}

static int climb_by_descriptor(void)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result = openat(fd, "../../mnt/apps/" OTHER_ID, O_PATH | O_CLOEXEC);

	attempt_close(result);
	attempt_close(fd);
	return result < 0 ? -1 : 0;
}

static int show_devices(void) { return umount2("/dev", 0); }
static int show_by_force(void) { return umount2("/dev", MNT_FORCE); }
static int show_lazily(void) { return umount2("/mnt/app", MNT_DETACH); }
static int bind_above(void) { return mount("/..", "/mnt/apps", NULL, MS_BIND, NULL); }
static int move_aside(void) { return mount("/dev", "/mnt/apps", NULL, MS_MOVE, NULL); }
static int make_writable(void) { return mount("", "/dev", "", MS_REMOUNT | MS_BIND, ""); }
static int mount_groups(void) { return mount("g", "/mnt/cgroups", "cgroup2", 0, NULL); }
static int mount_proc(void) { return mount("p", "/mnt/apps", "proc", 0, "hidepid=0"); }
static int share_mounts(void) { return mount("", "/", "", MS_SHARED | MS_REC, ""); }
static int larger_tmp(void) { return mount("", "/tmp", "", MS_REMOUNT, "size=1m"); }
static int new_view(void) { return (int)syscall(__NR_unshare, 0x00020000L); }
static int copy_tree(void) { return (int)syscall(__NR_open_tree, AT_FDCWD, "/", 1); }

static int use_tmp(void)
{
	int fd = open("/tmp/file", O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1)
		return -1;
	attempt_close(fd);
	return unlink("/tmp/file");
}

static int tmp_is_private(void)
{
	struct stat status;

	if (stat("/tmp", &status))
		return -1;
	return is_expected(status.st_uid == getuid() && (status.st_mode & 07777) == 0700);
}

/* Returns the errno of the last write, and removes the file. */
static int fill_tmp(void)
{
	static char page[4096];
	int fd = open("/tmp/full", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	int kib = 0, error;

	while (fd >= 0 && kib <= 2 * TMP_KIB && write(fd, page, sizeof(page)) > 0)
		kib += 4;
	error = errno;
	attempt_close(fd);
	unlink("/tmp/full");
	errno = kib == TMP_KIB ? error : EBADMSG;
	return kib > TMP_KIB ? 0 : -1;
}

static int too_many_files(void)
{
	char name[32];
	int made = 0, error;

	for (; made <= 2 * TMP_FILES; made++) {
		snprintf(name, sizeof(name), "/tmp/%d", made);
		if (mkdir(name, 0700))
			break;
	}
	error = errno;
	for (int i = made; i-- > 0;) {
		snprintf(name, sizeof(name), "/tmp/%d", i);
		rmdir(name);
	}
	errno = error;
	return made > TMP_FILES ? 0 : -1;
}

static int execute_from_tmp(void)
{
	static char *const nothing[] = { NULL };
	int fd = open("/tmp/program", O_CREAT | O_RDWR | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, "#!/mnt/app/bin/doors\n", 21) != 21)
		return -1;
	attempt_close(fd);
	return execve("/tmp/program", nothing, nothing);
}

static int map_from_tmp(void)
{
	int fd = open("/tmp/program", O_CREAT | O_RDWR | O_CLOEXEC, 0700);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	attempt_close(fd);
	return page == MAP_FAILED ? -1 : 0;
}

static int node_in_tmp(void) { return mknod("/tmp/node", S_IFCHR | 0600, makedev(1, 3)); }
static int clean_tmp(void) { return unlink("/tmp/program"); }

static const struct attempt attempts[] = {
	{ "AS-07", "its own image is in its view", own_image, 0 },
	{ "AS-07", "no other image is", no_images, 0 },
	{ "AS-15", "no storage, which it did not ask for", no_storage, 0 },
	{ "H-74", "no cgroups", no_cgroups, 0 },
	{ "H-75", "null and urandom, and no other node", two_nodes, 0 },
	{ "H-31", "its own process", own_process, 0 },
	{ "AS-07", "climb to the root, and no further", climb, 0 },
	{ "AS-07", "climb by a descriptor", climb_by_descriptor, ENOENT },
	{ "AS-07", "unmount what covers /dev", show_devices, EPERM },
	{ "AS-07", "the same by force", show_by_force, EPERM },
	{ "AS-07", "unmount its image lazily", show_lazily, EPERM },
	{ "AS-07", "bind what is above the root", bind_above, EPERM },
	{ "AS-07", "move /dev aside", move_aside, EPERM },
	{ "AS-07", "make /dev writable", make_writable, EPERM },
	{ "AS-07", "mount the cgroups", mount_groups, EPERM },
	{ "AS-07", "mount /proc with all processes", mount_proc, EPERM },
	{ "AS-07", "share its mounts", share_mounts, EPERM },
	{ "AS-07", "a larger /tmp", larger_tmp, EPERM },
	{ "AS-07", "another view", new_view, EPERM },
	{ "AS-07", "a copy of its view", copy_tree, EPERM },
	{ "H-73", "write to /tmp", use_tmp, 0 },
	{ "H-73", "/tmp is its own", tmp_is_private, 0 },
	{ "H-73", "more than fits in /tmp", fill_tmp, ENOSPC },
	{ "H-73", "more files than fit in /tmp", too_many_files, ENOSPC },
	{ "H-72", "execute from /tmp", execute_from_tmp, EACCES },
	{ "H-72", "map from /tmp executable", map_from_tmp, EACCES },
	{ "H-73", "remove from /tmp", clean_tmp, 0 },
	{ "AS-09", "make a node in /tmp", node_in_tmp, EPERM },
};

void try_view(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	for (unsigned int i = 0; i < ARRAY_SIZE(elsewhere); i++) {
		char what[96];
		const struct attempt attempt = { elsewhere[i].row, what, open_path, ENOENT };

		path = elsewhere[i].path;
		snprintf(what, sizeof(what), "name %.80s", path);
		attempt_all(&attempt, 1);
	}
}
