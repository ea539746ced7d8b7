/* SPDX-License-Identifier: GPL-2.0-only */
/* What other kernel code may ask of the Spherule LSM. */
#ifndef _LINUX_SPHERULE_LSM_H
#define _LINUX_SPHERULE_LSM_H

#include <linux/init.h>
#include <linux/types.h>
#include <linux/uuid.h>
#include <uapi/linux/spherule.h>

#ifdef CONFIG_SECURITY_SPHERULE
/**
 * spherule_capable - whether the current task's component may do something
 * @capability: SPHERULE_CAP_* bits, all of which are needed
 *
 * Root and Linux capabilities do not matter. Without the LSM, by configuration or
 * by boot argument, nothing is opened.
 *
 * Return: true if so; always for the manager and the kernel itself.
 */
bool spherule_capable(u32 capability);

/**
 * spherule_is_manager - whether the current task is application-manager
 *
 * Return: true for it, for a child of it before its execve(), and for the
 * kernel itself.
 */
bool spherule_is_manager(void);

/**
 * spherule_component - the component of the current task
 *
 * Return: valid as long as the current credentials; nil for the manager.
 */
const uuid_t *spherule_component(void);

/**
 * spherule_add_device - say which capability opens a driver's device nodes
 * @first: the first device number
 * @count: how many there are
 * @capability: SPHERULE_CAP_* bit
 *
 * For drivers whose number is chosen at start. Without it only the manager can
 * open the nodes.
 */
void __init spherule_add_device(dev_t first, unsigned int count,
				u32 capability);

/* An app that may switch the device off may not do more with reboot(2). */
bool spherule_may_reboot(unsigned int command);

bool spherule_may_change_personality(unsigned int personality);

/* The current process ends by a signal for a fault of its own. May sleep. */
void spherule_note_end(void);
#else
static inline bool spherule_capable(u32 capability)
{
	return false;
}

static inline bool spherule_is_manager(void)
{
	return false;
}

static inline const uuid_t *spherule_component(void)
{
	return &uuid_null;
}

static inline void spherule_add_device(dev_t first, unsigned int count,
				       u32 capability)
{
}

static inline bool spherule_may_reboot(unsigned int command)
{
	return false;
}

static inline bool spherule_may_change_personality(unsigned int personality)
{
	return true;
}

static inline void spherule_note_end(void)
{
}
#endif

#endif
