// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/security-monitor: questions of programs to the Security Monitor.
 *
 * What may be asked is the table below: a call that is not in it does not leave
 * the kernel, and each asks for a capability of the caller's component at the
 * time of the call, whoever opened the device. A call that names an address in
 * RAM can never be in it: addresses of programs are not the monitor's.
 */

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/miscdevice.h>
#include <linux/spherule/lsm.h>
#include <linux/spherule/monitor.h>
#include <linux/uaccess.h>

#include "device.h"

static const struct {
	u32 function;
	u32 capability;
} calls[] = {
	{ SPH_SMC_BOOT_INFO,		SPHERULE_CAP_MONITOR },
	{ SPH_SMC_FLASH_GEOMETRY,	SPHERULE_CAP_FLASH_READ },
	{ SPH_SMC_FLASH_PARTITION,	SPHERULE_CAP_FLASH_READ },
};

u32 spherule_monitor_needs(u32 function)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].function == function)
			return calls[i].capability;
	return 0;
}

static long spherule_device_ioctl(struct file *file, unsigned int cmd,
				  unsigned long arg)
{
	void __user *user = (void __user *)arg;
	struct spherule_monitor_request request;
	struct spherule_monitor_call call = {};
	u32 capability;
	int err;

	if (cmd != SPHERULE_MONITOR_CALL)
		return -ENOTTY;
	if (copy_from_user(&request, user, sizeof(request)))
		return -EFAULT;
	capability = spherule_monitor_needs(request.function);
	if (!capability || !spherule_capable(capability))
		return -EPERM;

	call.function = request.function;
	memcpy(call.arguments, request.arguments, sizeof(call.arguments));
	err = spherule_monitor_call(&call);
	if (err)
		return err;
	memcpy(request.results, call.results, sizeof(request.results));
	return copy_to_user(user, &request, sizeof(request)) ? -EFAULT : 0;
}

static const struct file_operations spherule_device_fops = {
	.unlocked_ioctl = spherule_device_ioctl,
};

static struct miscdevice spherule_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "security-monitor",
	.fops = &spherule_device_fops,
};

static int __init spherule_device_init(void)
{
	int err;

	if (!spherule_monitor_present())
		return 0;
	err = misc_register(&spherule_device);
	if (!err)
		spherule_add_device(MKDEV(MISC_MAJOR, spherule_device.minor), 1,
				    SPHERULE_CAP_MONITOR);
	return err;
}
device_initcall(spherule_device_init);
