// SPDX-License-Identifier: GPL-2.0-only
/*
 * A way for tests to have the kernel start a helper, as it does for hotplug,
 * modules or core dumps where those are built in: the path of a program is
 * written to /proc/spherule-helper, and the result is that of the helper. Tests
 * see that a helper does not run, since it is nobody.
 */

#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>
#include <linux/umh.h>

#define PATH_BYTES 64

static ssize_t helper_write(struct file *file, const char __user *user,
			    size_t count, loff_t *offset)
{
	static char *environment[] = { NULL };
	char path[PATH_BYTES] = "";
	char *arguments[] = { path, "exit", NULL };
	int result;

	if (count >= sizeof(path))
		return -EINVAL;
	if (copy_from_user(path, user, count))
		return -EFAULT;
	result = call_usermodehelper(path, arguments, environment,
				     UMH_WAIT_PROC);
	return result < 0 ? result : count;
}

static const struct proc_ops helper_ops = {
	.proc_write = helper_write,
};

static int __init helper_init(void)
{
	return proc_create("spherule-helper", 0200, NULL, &helper_ops) ?
		       0 :
		       -ENOMEM;
}
late_initcall(helper_init);
