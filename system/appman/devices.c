// SPDX-License-Identifier: Apache-2.0
/* The device nodes in /dev. */

#include <errno.h>
#include <fcntl.h>
#include <linux/spherule.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "abi/array.h"
#include "console.h"
#include "devices.h"
#include "abi/errors.h"
#include "limits.h"
#include "scratch.h"

/* Majors and minors: Linux, Documentation/admin-guide/devices.txt. */
#define MAJOR_MEM	1
#define MAJOR_TTYAUX	5
#define MAJOR_MISC	10
#define MAJOR_MTD	90

/* What apps see as their /dev; only we see this folder. */
#define VIEWS		"/dev/views"

static const struct {
	const char *path;
	unsigned int major, minor;
	mode_t mode;
} nodes[] = {
	{ "/dev/null", MAJOR_MEM, 3, 0666 },
	{ "/dev/urandom", MAJOR_MEM, 9, 0444 },
	{ "/dev/console", MAJOR_TTYAUX, 1, 0600 },
};

/* mknod() obeys the umask, chmod() does not. */
static int make_node(const char *path, unsigned int major, unsigned int minor, mode_t mode, gid_t gid)
{
	if (mknod(path, S_IFCHR, makedev(major, minor)) < 0 || chown(path, 0, gid) < 0 ||
	    chmod(path, mode) < 0)
		return -errno;
	return 0;
}

/* The number before @name in a list such as /proc/devices or /proc/misc, or 0. */
static unsigned int number_of(const char *list, const char *name)
{
	char *text = scratch_read_file(list);
	size_t length = strlen(name);

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL) {
		char *rest;
		unsigned long number = strtoul(text, &rest, 10);

		if (*rest == ' ' && !strncmp(rest + 1, name, length) && rest[1 + length] == '\n')
			return (unsigned int)number;
	}
	return 0;
}

/* A node without a chip behind it does not open, and is taken away again. */
static void add_gpio_chips(void)
{
	unsigned int major = number_of("/proc/devices", "gpiochip");

	for (unsigned int chip = 0; major && chip < GPIO_CHIPS_MAX; chip++) {
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/gpiochip%u", chip);
		if (console_failure(E_APPMAN_DEVICE, path, make_node(path, major, chip, 0660, GID_GPIO)))
			return;
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			unlink(path);
			return;
		}
		close(fd);
	}
}

static void add_monitor(void)
{
	static const char path[] = "/dev/security-monitor";
	unsigned int minor = number_of("/proc/misc", "security-monitor");

	console_failure(E_APPMAN_DEVICE, path,
			minor ? make_node(path, MAJOR_MISC, minor, 0660, GID_MONITOR) : -ENODEV);
}

/* Nodes of every app, and those that a bit of its identity opens. */
static const struct {
	const char *name;
	uint32_t capability;
} shared_nodes[] = {
	{ "null", 0 },
	{ "urandom", 0 },
	{ "security-monitor", SPHERULE_CAP_MONITOR },
	{ "resolver", SPHERULE_CAP_NETWORK_CONFIG },
	{ "mtd0ro", SPHERULE_CAP_FLASH_READ },
	{ "mtd1ro", SPHERULE_CAP_FLASH_READ },
	{ "mtd2ro", SPHERULE_CAP_FLASH_READ },
	{ "mtd3ro", SPHERULE_CAP_FLASH_READ },
};

/* What is not there was reported when it could not be made, or the board does not have it. */
static int link_node(const char *view, const char *name)
{
	char from[32], to[DEVICES_VIEW_BYTES + 24];

	snprintf(from, sizeof(from), "/dev/%s", name);
	snprintf(to, sizeof(to), "%s/%s", view, name);
	return link(from, to) < 0 && errno != EEXIST && errno != ENOENT ? -errno : 0;
}

static int fill_view(const char *view, uint32_t chips, uint32_t capabilities)
{
	int err = 0;

	for (unsigned int chip = 0; chip < GPIO_CHIPS_MAX && !err; chip++) {
		char name[16];

		snprintf(name, sizeof(name), "gpiochip%u", chip);
		if (chips & 1u << chip)
			err = link_node(view, name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(shared_nodes) && !err; i++)
		if ((capabilities & shared_nodes[i].capability) == shared_nodes[i].capability)
			err = link_node(view, shared_nodes[i].name);
	return err;
}

int devices_view(uint32_t chips, uint32_t capabilities, char view[DEVICES_VIEW_BYTES])
{
	capabilities &= SPHERULE_CAP_MONITOR | SPHERULE_CAP_FLASH_READ | SPHERULE_CAP_NETWORK_CONFIG;
	snprintf(view, DEVICES_VIEW_BYTES, VIEWS "/%x-%x", chips, capabilities);
	if (mkdir(view, 0755) == 0)
		return fill_view(view, chips, capabilities);
	return errno == EEXIST ? 0 : -errno;
}

void devices_prepare(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		console_failure(E_APPMAN_DEVICE, nodes[i].path,
				make_node(nodes[i].path, nodes[i].major, nodes[i].minor, nodes[i].mode, 0));
	add_gpio_chips();
	add_monitor();
	console_failure(E_APPMAN_DEVICE, VIEWS, mkdir(VIEWS, 0755) < 0 ? -errno : 0);
}

int devices_add_mtd(unsigned int index)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/mtd%uro", index);
	return make_node(path, MAJOR_MTD, 2 * index + 1, 0440, GID_FLASH);
}
