// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose a line of a GPIO character device is.
 *
 * A line belongs to one component or to none. The manager gives it, and takes
 * it back when the component has ended; nothing else changes that. A component
 * can name its own lines only, whatever it wants of them: what is not its own is
 * not shown to it either. A requested line is a descriptor of its own; the LSM
 * keeps it inside the component that requested it.
 */

#include <linux/err.h>
#include <linux/gpio/driver.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spherule/lsm.h>
#include <linux/uaccess.h>

#include "gpiolib.h"
#include "gpiolib-owner.h"

struct gpio_ownership {
	struct list_head list;
	const struct gpio_desc *desc;
	uuid_t component;
};

static LIST_HEAD(ownerships);
static DEFINE_MUTEX(ownerships_lock);

static struct gpio_ownership *find(const struct gpio_desc *desc)
{
	struct gpio_ownership *own;

	lockdep_assert_held(&ownerships_lock);
	list_for_each_entry(own, &ownerships, list)
		if (own->desc == desc)
			return own;
	return NULL;
}

static bool is_current(const struct gpio_ownership *own)
{
	return uuid_equal(&own->component, spherule_component());
}

struct gpio_desc *gpio_owner_get_desc(struct gpio_device *gdev,
				      unsigned int offset)
{
	struct gpio_desc *desc = gpio_device_get_desc(gdev, offset);
	struct gpio_ownership *own;

	if (IS_ERR(desc) || spherule_is_manager())
		return desc;
	guard(mutex)(&ownerships_lock);
	own = find(desc);
	return own && is_current(own) ? desc : ERR_PTR(-EPERM);
}

int gpio_owner_check_chip(struct gpio_device *gdev)
{
	struct gpio_ownership *own;

	if (spherule_is_manager())
		return 0;
	guard(mutex)(&ownerships_lock);
	list_for_each_entry(own, &ownerships, list)
		if (own->desc->gdev == gdev && is_current(own))
			return 0;
	return -EPERM;
}

/* @component: nil takes the line from its owner. */
static int set_owner(const struct gpio_desc *desc, const uuid_t *component)
{
	struct gpio_ownership *own;

	guard(mutex)(&ownerships_lock);
	own = find(desc);
	if (uuid_is_null(component)) {
		if (own)
			list_del(&own->list);
		kfree(own);
		return 0;
	}
	if (own)
		return uuid_equal(&own->component, component) ? 0 : -EBUSY;

	own = kmalloc(sizeof(*own), GFP_KERNEL);
	if (!own)
		return -ENOMEM;
	own->desc = desc;
	own->component = *component;
	list_add(&own->list, &ownerships);
	return 0;
}

long gpio_owner_ioctl(struct gpio_device *gdev, unsigned int cmd,
		      void __user *argp)
{
	struct spherule_gpio_owner request;
	struct gpio_desc *desc;
	uuid_t component;

	if (cmd != SPHERULE_GPIO_SET_OWNER)
		return -EINVAL;
	if (!spherule_is_manager())
		return -EPERM;
	if (copy_from_user(&request, argp, sizeof(request)))
		return -EFAULT;
	desc = gpio_device_get_desc(gdev, request.line);
	if (IS_ERR(desc))
		return PTR_ERR(desc);
	import_uuid(&component, request.component);
	return set_owner(desc, &component);
}

void __init gpio_owner_init(dev_t first, unsigned int count)
{
	spherule_add_device(first, count, SPHERULE_CAP_GPIO);
}
