/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose a line of a GPIO character device is. */
#ifndef GPIOLIB_OWNER_H
#define GPIOLIB_OWNER_H

#include <linux/errno.h>
#include <linux/gpio/driver.h>

struct gpio_desc;
struct gpio_device;

#ifdef CONFIG_GPIO_CDEV_OWNER
/**
 * gpio_owner_get_desc - find a line for the current task
 * @gdev: GPIO device
 * @offset: line, from user space
 *
 * Return: the line, or ERR_PTR(): -EINVAL when there is none, -EPERM when it
 * is not the current task's.
 */
struct gpio_desc *gpio_owner_get_desc(struct gpio_device *gdev,
				      unsigned int offset);

/**
 * gpio_owner_check_chip - whether any line of a chip is the current task's
 * @gdev: GPIO device
 *
 * Return: 0 or -EPERM.
 */
int gpio_owner_check_chip(struct gpio_device *gdev);

/**
 * gpio_owner_ioctl - SPHERULE_GPIO_SET_OWNER
 * @gdev: GPIO device
 * @cmd: any ioctl number that the character device itself does not know
 * @argp: struct spherule_gpio_owner
 *
 * Return: 0; -EPERM for all but the manager; -EBUSY while the line is another
 * component's; -EINVAL for another @cmd or when there is no such line; -EFAULT
 * or -ENOMEM.
 */
long gpio_owner_ioctl(struct gpio_device *gdev, unsigned int cmd,
		      void __user *argp);

/* Says which capability opens the chips, whose numbers start at @first. */
void __init gpio_owner_init(dev_t first, unsigned int count);
#else
static inline struct gpio_desc *gpio_owner_get_desc(struct gpio_device *gdev,
						    unsigned int offset)
{
	return gpio_device_get_desc(gdev, offset);
}

static inline int gpio_owner_check_chip(struct gpio_device *gdev)
{
	return 0;
}

static inline long gpio_owner_ioctl(struct gpio_device *gdev, unsigned int cmd,
				    void __user *argp)
{
	return -EINVAL;
}

static inline void gpio_owner_init(dev_t first, unsigned int count)
{
}
#endif

#endif
