// SPDX-License-Identifier: GPL-2.0-only
/* Which device nodes which capability opens, by number and not by path or owner. */

#include <linux/cache.h>
#include <linux/export.h>
#include <linux/kdev_t.h>
#include <linux/limits.h>
#include <linux/major.h>
#include <linux/printk.h>
#include <linux/spherule/lsm.h>

#include "device.h"
#include "identity.h"

/* Minor numbers: Documentation/admin-guide/devices.txt, major 1. */
#define MEM_NULL	3
#define MEM_ZERO	5
#define MEM_FULL	7
#define MEM_URANDOM	9

struct device_range {
	dev_t first;
	dev_t last;
	u32 capability;		/* 0: every app */
	bool read_only;		/* opens for reading only, even for the manager */
};

static const struct device_range known_devices[] = {
	{ MKDEV(MEM_MAJOR, MEM_NULL), MKDEV(MEM_MAJOR, MEM_NULL) },
	{ MKDEV(MEM_MAJOR, MEM_ZERO), MKDEV(MEM_MAJOR, MEM_ZERO) },
	/* full, random and urandom are neighbours */
	{ MKDEV(MEM_MAJOR, MEM_FULL), MKDEV(MEM_MAJOR, MEM_URANDOM) },
	{ MKDEV(MTD_CHAR_MAJOR, 0), MKDEV(MTD_CHAR_MAJOR, MINORMASK),
	  SPHERULE_CAP_FLASH_READ, true },
};

/* Those whose number is not known before the driver starts: GPIO, the monitor. */
static struct device_range added_devices[4] __ro_after_init;
static unsigned int added_count __ro_after_init;

void __init spherule_add_device(dev_t first, unsigned int count, u32 capability)
{
	if (WARN_ON(added_count == ARRAY_SIZE(added_devices)))
		return;
	added_devices[added_count++] = (struct device_range){
		.first = first,
		.last = first + count - 1,
		.capability = capability,
	};
}

static const struct device_range *find(const struct device_range *ranges,
				       size_t count, dev_t number)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (number >= ranges[i].first && number <= ranges[i].last)
			return &ranges[i];
	return NULL;
}

int spherule_device_check(const struct file *file)
{
	const struct inode *inode = file_inode(file);
	const struct device_range *range = NULL;

	if (S_ISCHR(inode->i_mode)) {
		range = find(known_devices, ARRAY_SIZE(known_devices),
			     inode->i_rdev);
		if (!range)
			range = find(added_devices, added_count, inode->i_rdev);
	}
	if (!range)
		return spherule_trusted_only();
	if (range->read_only && file->f_mode & FMODE_WRITE)
		return -EPERM;
	return spherule_capable(range->capability) ? 0 : -EPERM;
}
