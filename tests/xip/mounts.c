// SPDX-License-Identifier: Apache-2.0
/* Many images mounted at once. */

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "xip.h"

#define FOLDER_FORMAT	"/mnt/apps/%u"
#define SETTLE_US	300000		/* grace periods of RCU, after which memory is free */

static int mount_image(const struct xip_images *images, unsigned int number)
{
	char path[32], options[32];

	snprintf(path, sizeof(path), FOLDER_FORMAT, number);
	snprintf(options, sizeof(options), "offset=%lu", number * images->stride);
	return mount("mtd:apps", path, "cramfs", MS_RDONLY, options);
}

static void for_each(const struct xip_images *images, int (*act)(const struct xip_images *images,
								  unsigned int number))
{
	for (unsigned int i = 0; i < images->count; i++)
		if (act(images, i))
			trouble("image %u: %m", i);
}

static int unmount_image(const struct xip_images *images, unsigned int number)
{
	char path[32];

	(void)images;
	snprintf(path, sizeof(path), FOLDER_FORMAT, number);
	return umount(path);
}

static int make_folder(const struct xip_images *images, unsigned int number)
{
	char path[32];

	(void)images;
	snprintf(path, sizeof(path), FOLDER_FORMAT, number);
	return mkdir(path, 0755);
}

/* Each has a file with its number. */
static int check_image(const struct xip_images *images, unsigned int number)
{
	char path[48];
	unsigned int found = images->count;
	FILE *file;

	snprintf(path, sizeof(path), FOLDER_FORMAT "/number", number);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%u", &found) != 1 || found != number)
		trouble("image %u says that it is %u", number, found);
	fclose(file);
	return 0;
}

void mounts_print(const struct xip_images *images)
{
	struct memory_usage before;

	for_each(images, make_folder);
	mount_image(images, 0);	/* what the first mount of all takes stays */
	unmount_image(images, 0);
	usleep(SETTLE_US);
	memory_measure(&before);
	for_each(images, mount_image);
	dprintf(1, "xip: mounts %u used_kib %ld\n", images->count, used_since(&before));
	for_each(images, check_image);
	for_each(images, unmount_image);
	usleep(SETTLE_US);
	dprintf(1, "xip: unmounted used_kib %ld\n", used_since(&before));
}
