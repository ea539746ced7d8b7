// SPDX-License-Identifier: Apache-2.0
/* The filesystems that application-manager mounts. */

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "abi/errors.h"
#include "limits.h"
#include "mounts.h"

/*
 * hidepid: an app sees only its own processes.  The sizes keep a program that may write here
 * from filling the RAM; /dev and the folder of the apps hold nothing but nodes and mount points.
 * An app comes through the folder of the apps to its image, but cannot list what is installed.
 */
static const struct {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *options;
} mounts[] = {
	{ "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2" },
	{ "tmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755,size=4k,nr_inodes=64" },
	{ "tmpfs", APPS_FOLDER, MS_NOSUID | MS_NODEV | MS_NOEXEC,
	  "mode=0711,size=4k,nr_inodes=40" },
};

void mounts_prepare(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (mount(mounts[i].type, mounts[i].target, mounts[i].type, mounts[i].flags,
			  mounts[i].options) < 0)
			console_error(E_APPMAN_MOUNT, "%s on %s: %s", mounts[i].type,
				      mounts[i].target, strerror(errno));
}

static int mount_on_new(const char *path, mode_t mode, const char *source, const char *type,
			unsigned long flags, const char *options)
{
	int err;

	if (mkdir(path, mode) < 0)
		return -errno;
	if (mount(source, path, type, flags, options) == 0)
		return 0;
	err = -errno;
	rmdir(path);
	return err;
}

int mounts_add_image(const char *partition, uint32_t offset, const char *path)
{
	char source[32], options[32];

	snprintf(source, sizeof(source), "mtd:%s", partition);
	snprintf(options, sizeof(options), "offset=%u", offset);
	return mount_on_new(path, 0755, source, "cramfs", MS_RDONLY | MS_NOSUID | MS_NODEV, options);
}

int mounts_remove_image(const char *path)
{
	return (umount2(path, 0) < 0 || rmdir(path) < 0) && errno != ENOENT ? -errno : 0;
}

int mounts_move_image(const char *path, const char *to)
{
	int err = mount_on_new(to, 0700, path, NULL, MS_MOVE, NULL);

	if (!err)
		rmdir(path);
	return err;
}
