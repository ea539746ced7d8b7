// SPDX-License-Identifier: Apache-2.0
/* An app without capabilities that tries what it must not be able to do. */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <applibs/gpio.h>

#include "attempt.h"

static int open_and_close(const char *path, int flags)
{
	int fd = open(path, flags);

	return fd < 0 ? -1 : close(fd);
}

static int read_manifest(void) { return open_and_close("app_manifest.json", O_RDONLY); }
static int open_null(void) { return open_and_close("/dev/null", O_RDWR); }
static int read_meminfo(void) { return open_and_close("/proc/meminfo", O_RDONLY); }

static int gpio_by_applibs(void) { return GPIO_OpenAsInput(0) < 0 ? -1 : 0; }
static int gpio_by_node(void) { return open_and_close("/dev/gpiochip0", O_RDWR); }
static int gpio_by_node_read_only(void) { return open_and_close("/dev/gpiochip0", O_RDONLY); }
static int flash_by_node(void) { return open_and_close("/dev/mtd0ro", O_RDONLY); }
static int console_by_node(void) { return open_and_close("/dev/console", O_WRONLY); }
static int make_node(void) { return mknod("/dev/mine", S_IFCHR | 0666, makedev(1, 1)); }
static int make_node_in_image(void) { return mknod("mine", S_IFCHR | 0666, makedev(90, 0)); }
static int write_manifest(void) { return open_and_close("app_manifest.json", O_WRONLY); }
static int write_program(void) { return open_and_close("bin/intruder", O_RDWR); }
static int write_appman(void) { return open_and_close("/bin/appman", O_RDWR); }
static int create_in_root(void) { return open_and_close("/file", O_CREAT | O_WRONLY); }
static int create_in_apps(void) { return mkdir("/mnt/apps/mine", 0755); }
static int list_apps(void) { return open_and_close("/mnt/apps", O_RDONLY | O_DIRECTORY); }
static int list_own(void) { return open_and_close(".", O_RDONLY | O_DIRECTORY); }
static int read_mounts(void) { return open_and_close("/proc/self/mounts", O_RDONLY); }
static int create_in_dev(void) { return open_and_close("/dev/file", O_CREAT | O_WRONLY); }
static int become_root(void) { return setuid(0); }
static int become_neighbour(void) { return setuid(getuid() ^ 1); }
static int join_gpio_group(void) { gid_t gid = 100; return setgroups(1, &gid); }
static int kill_appman(void) { return kill(1, SIGTERM); }
static int see_appman(void) { return open_and_close("/proc/1/status", O_RDONLY); }
static int read_appman_memory(void) { return open_and_close("/proc/1/mem", O_RDONLY); }
static int reboot_device(void) { return reboot(RB_AUTOBOOT); }
static int mount_tmpfs(void) { return mount("none", "/proc", "tmpfs", 0, NULL); }
static int unmount_proc(void) { return umount("/proc"); }
static int change_root(void) { return chroot("/dev"); }

static const struct attempt attempts[] = {
	{ "AS-10", "read its own manifest", read_manifest, 0 },
	{ "H-60", "open /dev/null", open_null, 0 },
	{ "H-74", "read /proc/meminfo", read_meminfo, 0 },
	{ "AS-42", "GPIO by applibs", gpio_by_applibs, ENODEV },
	{ "AS-42", "GPIO by its node", gpio_by_node, ENOENT },
	{ "AS-42", "GPIO by its node, read-only", gpio_by_node_read_only, ENOENT },
	{ "AS-12", "flash by its node", flash_by_node, ENOENT },
	{ "H-75", "console by its node", console_by_node, ENOENT },
	{ "H-78", "make a node", make_node, EROFS },
	{ "H-78", "make a node in its image", make_node_in_image, EROFS },
	{ "H-72", "write to its manifest", write_manifest, EROFS },
	{ "H-72", "write to its program", write_program, EROFS },
	{ "H-78", "write to appman", write_appman, EROFS },
	{ "H-73", "make a file in the root", create_in_root, EROFS },
	{ "H-73", "make a folder beside the apps", create_in_apps, EROFS },
	{ "H-73", "make a file in /dev", create_in_dev, EROFS },
	{ "AS-18", "become root", become_root, EPERM },
	{ "AS-18", "become its neighbour", become_neighbour, EPERM },
	{ "AS-18", "join the GPIO group", join_gpio_group, EPERM },
	{ "H-77", "signal pid 1", kill_appman, EPERM },
	{ "H-31", "list its own image", list_own, 0 },
	{ "H-31", "see a folder without apps", list_apps, 0 },
	{ "H-31", "read the mounts", read_mounts, EACCES },
	{ "H-31", "see pid 1", see_appman, ENOENT },
	{ "AS-03", "read the memory of pid 1", read_appman_memory, ENOENT },
	{ "AS-19", "reboot", reboot_device, EPERM },
	{ "AS-07", "mount", mount_tmpfs, EPERM },
	{ "AS-07", "unmount", unmount_proc, EPERM },
	{ "AS-07", "change its root", change_root, EPERM },
};

int main(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_end("intruder");
}
