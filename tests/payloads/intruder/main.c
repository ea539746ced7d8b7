// SPDX-License-Identifier: Apache-2.0
/*
 * An app without capabilities that tries what it must not be able to do.  Beside the refusals are
 * positive controls: a harness in which everything fails would prove nothing.
 */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <applibs/gpio.h>
#include <applibs/log.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

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

static const struct attempt {
	const char *what;
	int (*try)(void);
	int expected;	/* errno; 0: must work */
} attempts[] = {
	{ "read its own manifest", read_manifest, 0 },
	{ "open /dev/null", open_null, 0 },
	{ "read /proc/meminfo", read_meminfo, 0 },

	{ "GPIO by applibs", gpio_by_applibs, EACCES },
	{ "GPIO by its node", gpio_by_node, EACCES },
	{ "GPIO by its node, read-only", gpio_by_node_read_only, EACCES },
	{ "flash by its node", flash_by_node, EACCES },
	{ "console by its node", console_by_node, EACCES },
	{ "make a node", make_node, EACCES },
	{ "make a node in its image", make_node_in_image, EROFS },
	{ "write to its manifest", write_manifest, EROFS },
	{ "write to its program", write_program, EROFS },
	{ "write to appman", write_appman, EROFS },
	{ "make a file in the root", create_in_root, EROFS },
	{ "make a folder beside the apps", create_in_apps, EACCES },
	{ "make a file in /dev", create_in_dev, EACCES },
	{ "become root", become_root, EPERM },
	{ "become its neighbour", become_neighbour, EPERM },
	{ "join the GPIO group", join_gpio_group, EPERM },
	{ "signal pid 1", kill_appman, EPERM },
	{ "see pid 1", see_appman, ENOENT },
	{ "read the memory of pid 1", read_appman_memory, ENOENT },
	{ "reboot", reboot_device, EPERM },
	{ "mount", mount_tmpfs, EPERM },
	{ "unmount", unmount_proc, EPERM },
	{ "change its root", change_root, EPERM },
};

/* A node is made with EROFS or EPERM, whichever the kernel checks first: both are a refusal. */
static int as_expected(const struct attempt *attempt, int result, int error)
{
	if (!attempt->expected)
		return result == 0;
	return result < 0 && (error == attempt->expected ||
			      (attempt->expected == EROFS && (error == EPERM || error == EACCES)));
}

int main(void)
{
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		int result, error;

		errno = 0;
		result = attempts[i].try();
		error = errno;
		if (as_expected(&attempts[i], result, error))
			continue;
		failed++;
		Log_Debug("intruder: %s: %s, expected %s\n", attempts[i].what,
			  result < 0 ? strerror(error) : "worked", strerror(attempts[i].expected));
	}
	Log_Debug("intruder: %d passed, %d failed\n", (int)ARRAY_SIZE(attempts) - failed, failed);
	for (;;)
		pause();
}
