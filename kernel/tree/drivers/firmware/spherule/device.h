/* SPDX-License-Identifier: GPL-2.0-only */
/* Which calls of the Security Monitor programs can make. */
#ifndef _SPHERULE_DEVICE_H
#define _SPHERULE_DEVICE_H

#include <linux/types.h>
#include <uapi/linux/spherule.h>

/* In the place of a capability: no identity has this bit, and the manager needs none. */
#define SPHERULE_MANAGER_ONLY	(1U << 31)

/* Which way a record goes. */
#define SPHERULE_RECORD_IN	(1 << 0)
#define SPHERULE_RECORD_OUT	(1 << 1)
#define SPHERULE_RECORD_SIZED	(1 << 2)	/* as long as the last argument says */

/**
 * struct spherule_monitor_rule - a call that programs can make
 * @function: SPH_SMC_*
 * @capability: SPHERULE_CAP_* bit, or SPHERULE_MANAGER_ONLY; never 0
 * @record_bytes: of the record, 0 without one; the most with SPHERULE_RECORD_SIZED
 * @place: which of the arguments is the address of the record
 * @flags: SPHERULE_RECORD_*
 */
struct spherule_monitor_rule {
	u32 function;
	u32 capability;
	u16 record_bytes;
	u8 place;
	u8 flags;
};

/**
 * spherule_monitor_rule - what a call by a program needs
 * @function: SPH_SMC_*
 *
 * Return: NULL for a call that no program can make.
 */
const struct spherule_monitor_rule *spherule_monitor_rule(u32 function);

/**
 * spherule_monitor_ask - a question of the current task
 * @request: the question; receives the results
 *
 * Return: 0 or a negative errno; @request has the answer after 0 and
 * -EKEYREJECTED.
 */
int spherule_monitor_ask(struct spherule_monitor_request *request);

#endif
