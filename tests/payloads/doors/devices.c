// SPDX-License-Identifier: Apache-2.0
/* Device nodes: making them, opening those that are there, naming those that are not. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define NODES_MAX	32
#define NODE_NAME_BYTES	32
#define PATH_BYTES	64

/* Asks for reading and writing and opens for ioctl() only; O_ACCMODE has O_PATH in it with musl. */
#define O_IOCTL_ONLY	3

static char nodes[NODES_MAX][NODE_NAME_BYTES];
static unsigned int node_count;
static const char *node;

static void list_nodes(void)
{
	DIR *folder = opendir("/dev");
	const struct dirent *entry;

	while (folder && node_count < NODES_MAX && (entry = readdir(folder)))
		if (*entry->d_name != '.')
			strlcpy(nodes[node_count++], entry->d_name, NODE_NAME_BYTES);
	if (folder)
		closedir(folder);
}

static int open_at(const char *prefix, int flags)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s%s", prefix, node);
	return attempt_open(path, flags);
}

static int open_by_folder(int flags)
{
	int folder = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = openat(folder, node, flags | O_CLOEXEC);

	attempt_close(folder);
	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int open_by_openat2(int flags)
{
	struct open_how how = { .flags = (unsigned int)flags, .resolve = RESOLVE_BENEATH };
	int folder = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = (int)syscall(__NR_openat2, folder, node, &how, sizeof(how));

	attempt_close(folder);
	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

/* A place holder is free for everybody; what it is reopened by is checked again. */
static int open_by_holder(int flags)
{
	char path[PATH_BYTES];
	int holder, result;

	snprintf(path, sizeof(path), "/dev/%s", node);
	holder = open(path, O_PATH | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", holder);
	result = attempt_open(path, flags);
	attempt_close(holder);
	return result;
}

static int open_plainly(int flags) { return open_at("/dev/", flags); }
static int open_by_dots(int flags) { return open_at("/dev/../dev/./", flags); }
static int open_by_procfs(int flags) { return open_at("/proc/self/root/dev/", flags); }
static int open_by_thread(int flags) { return open_at("/proc/thread-self/root/dev/", flags); }

static int (*const paths[])(int flags) = {
	open_plainly, open_by_dots, open_by_procfs, open_by_thread,
	open_by_folder, open_by_openat2, open_by_holder,
};

static const int modes[] = {
	O_RDONLY, O_WRONLY, O_RDWR, O_IOCTL_ONLY, O_RDONLY | O_NONBLOCK, O_RDWR | O_NONBLOCK,
	O_RDWR | O_NOCTTY, O_WRONLY | O_APPEND, O_RDWR | O_CREAT, O_WRONLY | O_TRUNC,
};

/* Every mode by every path; the first that works, or fails in another way, is the result. */
static int open_in_all_ways(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(paths); i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(modes); k++) {
			/* openat2() says EINVAL to combinations that the others let pass. */
			if (paths[i](modes[k]) == 0)
				return calls_report(node, i * 100 + k);
			if (errno != EACCES && errno != EPERM)
				return -1;
		}
	}
	errno = EACCES;
	return -1;
}

static int read_from_node(void) { return open_plainly(O_RDONLY); }

/* What every app may have; all other nodes belong to somebody. */
static int is_for_all(const char *name)
{
	static const char *const for_all[] = { "null", "zero", "full", "random", "urandom" };

	for (unsigned int i = 0; i < ARRAY_SIZE(for_all); i++)
		if (!strcmp(name, for_all[i]))
			return 1;
	return 0;
}

static void try_nodes(void)
{
	char what[PATH_BYTES];

	for (unsigned int i = 0; i < node_count; i++) {
		int for_all = is_for_all(nodes[i]);
		const struct attempt attempt = {
			"H-60", what, for_all ? read_from_node : open_in_all_ways,
			for_all ? 0 : EACCES,
		};

		node = nodes[i];
		snprintf(what, sizeof(what), "open /dev/%.32s%s", node,
			 for_all ? "" : " in every way");
		attempt_all(&attempt, 1);
	}
}

/* Nodes of others are not refused but not there; tests/warden opens all of them. */
static int has_only_common_nodes(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < node_count; i++)
		count += !is_for_all(nodes[i]);
	return !count && node_count < NODES_MAX ? 0 : -1;
}

/* What other systems have in /dev. */
static const struct opening absent[] = {
	{ "H-04", "/dev/mem", O_RDONLY, ENOENT },
	{ "H-04", "/dev/kmem", O_RDONLY, ENOENT },
	{ "H-04", "/dev/port", O_RDONLY, ENOENT },
	{ "H-74", "/dev/kmsg", O_RDONLY, ENOENT },
	{ "H-74", "/dev/kmsg", O_WRONLY, ENOENT },
	{ "AS-12", "/dev/mtd0", O_RDWR, ENOENT },
	{ "AS-12", "/dev/mtdblock0", O_RDONLY, ENOENT },
	{ "AS-19", "/dev/watchdog", O_WRONLY, ENOENT },
	{ "AS-19", "/dev/watchdog0", O_WRONLY, ENOENT },
	{ "H-75", "/dev/net/tun", O_RDWR, ENOENT },
	{ "H-75", "/dev/fuse", O_RDWR, ENOENT },
	{ "H-75", "/dev/hidraw0", O_RDWR, ENOENT },
	{ "H-75", "/dev/uinput", O_RDWR, ENOENT },
	{ "H-75", "/dev/tee0", O_RDWR, ENOENT },
	{ "H-75", "/dev/loop-control", O_RDWR, ENOENT },
	{ "H-75", "/dev/snapshot", O_RDWR, ENOENT },
	{ "H-75", "/dev/vhost-net", O_RDWR, ENOENT },
	{ "H-75", "/dev/rtc0", O_RDONLY, ENOENT },
	{ "H-55", "/dev/tty", O_RDWR, ENOENT },
	{ "H-55", "/dev/tty0", O_RDWR, ENOENT },
	{ "H-55", "/dev/ttyAMA0", O_RDWR, ENOENT },
	{ "H-55", "/dev/ptmx", O_RDWR, ENOENT },
};

static const struct {
	const char *folder;
	int refusal;
} folders[] = {
	{ "/dev", EROFS }, { ".", EROFS }, { "bin", EROFS }, { "/", EROFS }, { "/mnt", EROFS },
	{ "/mnt/apps", EROFS }, { "/mnt/app", EROFS }, { "/mnt/storage", EROFS },
};

static mode_t kind;

static int make_node(const char *folder, dev_t number)
{
	char path[PATH_BYTES];
	int fd, result, error;

	snprintf(path, sizeof(path), "%s/made", folder);
	if (mknod(path, kind | 0666, number) == 0)
		return 0;
	error = errno;
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	result = mknodat(fd, "made", kind | 0666, number);
	if (result < 0 && errno != error)
		errno = EIO;
	attempt_close(fd);
	return result;
}

/* In every folder that there is; the same refusal by both calls. */
static int make_everywhere(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(folders); i++) {
		if (make_node(folders[i].folder, makedev(1, 1)) == 0)
			return calls_report(folders[i].folder, i);
		if (errno != folders[i].refusal)
			return -1;
	}
	errno = EACCES;
	return -1;
}

static int make_character_node(void) { kind = S_IFCHR; return make_everywhere(); }
static int make_block_node(void) { kind = S_IFBLK; return make_everywhere(); }
static int make_fifo(void) { kind = S_IFIFO; return make_everywhere(); }
static int make_socket(void) { kind = S_IFSOCK; return make_everywhere(); }
static int make_file(void) { kind = S_IFREG; return make_everywhere(); }
static int make_set_id_file(void) { kind = S_IFREG | S_ISUID | S_ISGID; return make_everywhere(); }
static int make_folder_node(void) { kind = S_IFDIR; return make_node("/dev", 0); }
static int make_link_node(void) { kind = S_IFLNK; return make_node("/dev", 0); }

static int make_in_procfs(void)
{
	kind = S_IFCHR;
	return make_node("/proc/self", makedev(1, 1));
}

/* Any number that a node could have. */
static int make_every_number(void)
{
	kind = S_IFCHR;
	for (unsigned int major = 0; major < 256; major++)
		for (unsigned int minor = 0; minor < 4; minor++)
			if (make_node("/dev", makedev(major, minor)) == 0 || errno != EROFS)
				return -1;
	errno = EROFS;
	return -1;
}

static int make_pipe_instead(void)
{
	int ends[2];

	return pipe(ends);
}

static int rename_node(void) { return rename("/dev/null", "/dev/nothing"); }
static int remove_node(void) { return unlink("/dev/null"); }
static int take_node(void) { return chown("/dev/null", getuid(), getgid()); }
static int open_node_to_all(void) { return chmod("/dev/console", 0666); }
static int execute_node(void)
{
	char *const none[] = { NULL };

	return execve("/dev/null", none, none);
}

static const struct attempt attempts[] = {
	{ "H-60", "there are no nodes of others", has_only_common_nodes, 0 },
	{ "AS-09", "a pipe, which needs no node", make_pipe_instead, 0 },
	{ "AS-09", "make a character node anywhere", make_character_node, EACCES },
	{ "AS-09", "make a block node anywhere", make_block_node, EACCES },
	{ "AS-09", "make a fifo anywhere", make_fifo, EACCES },
	{ "AS-09", "make a socket anywhere", make_socket, EACCES },
	{ "H-73", "make a file by mknod anywhere", make_file, EACCES },
	{ "H-73", "make a set-id file by mknod anywhere", make_set_id_file, EACCES },
	{ "AS-09", "make a folder by mknod", make_folder_node, EPERM },
	{ "AS-09", "make a link by mknod", make_link_node, EINVAL },
	{ "AS-09", "make a node in procfs", make_in_procfs, ENOENT },
	{ "AS-09", "make a node of any number", make_every_number, EROFS },
	{ "H-78", "rename a node", rename_node, EROFS },
	{ "H-78", "remove a node", remove_node, EROFS },
	{ "H-78", "take a node", take_node, EROFS },
	{ "H-78", "open a node to all", open_node_to_all, ENOENT },
	{ "H-78", "execute a node", execute_node, EACCES },
};

void try_devices(void)
{
	list_nodes();
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_nodes();
	try_openings(absent, ARRAY_SIZE(absent));
}
