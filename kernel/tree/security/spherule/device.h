/* SPDX-License-Identifier: GPL-2.0-only */
/* Which device nodes which capability opens. */
#ifndef _SECURITY_SPHERULE_DEVICE_H
#define _SECURITY_SPHERULE_DEVICE_H

#include <linux/fs.h>

/**
 * spherule_device_check - whether the current task may use an open device
 * @file: a character or block device, being opened or being received
 *
 * What is not in the table is the manager's. Nobody writes to raw flash: the
 * nodes of MTD devices do not open for writing.
 *
 * Return: 0 or -EPERM.
 */
int spherule_device_check(const struct file *file);

#endif
