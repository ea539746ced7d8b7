// SPDX-License-Identifier: Apache-2.0
/* What a program needs when it is pid 1. */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/spherule.h>

#include "attempt.h"
#include "nodes.h"

void nodes_make_world(void)
{
	int console;

	umask(0);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("tmpfs", "/dev", "tmpfs", 0, NULL);
	mknod("/dev/console", S_IFCHR | 0600, makedev(5, 1));
	console = open("/dev/console", O_RDWR | O_NOCTTY);
	for (int fd = 0; fd < 3; fd++)
		dup2(console, fd);
	if (console > 2)
		close(console);
}

unsigned int nodes_number(const char *list, const char *name)
{
	char line[64], found[32];
	unsigned int number, result = 0;
	FILE *file = fopen(list, "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%u %31s", &number, found) == 2 && !strcmp(found, name))
			result = number;
	if (file)
		fclose(file);
	return result;
}

int nodes_give_line(unsigned int line, unsigned int component)
{
	struct spherule_gpio_owner owner = { .line = line };
	static const uint8_t start_of_all[] = { 0x0b, 0x8f, 0x3a, 0x52, 0x1f, 0x0e, 0x4c,
						0x0e, 0x8a, 0x54, 0x0d, 0x6a, 0x8f, 0x6f };
	int chip = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC), result;

	if (component) {
		memcpy(owner.component, start_of_all, sizeof(start_of_all));
		owner.component[14] = (uint8_t)(component >> 8);
		owner.component[15] = (uint8_t)component;
	}
	result = ioctl(chip, SPHERULE_GPIO_SET_OWNER, &owner);
	attempt_close(chip);
	return result;
}
