/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Identities and where they are kept.
 *
 * The identity of a task is in its credentials: written when they are made for
 * an execve(), copied with them otherwise, never changed in place. Reading the
 * credentials of another task needs RCU.
 *
 * Application-manager is the manager: the first program that pid 1 executes.
 * Its mark is in the task, not in the credentials; a child has it until its
 * first execve(), so that it can set its own identity on the way.
 */
#ifndef _SECURITY_SPHERULE_IDENTITY_H
#define _SECURITY_SPHERULE_IDENTITY_H

#include <linux/cred.h>
#include <linux/lsm_hooks.h>
#include <linux/sched.h>
#include <linux/uuid.h>

/**
 * struct spherule_identity - who a task is
 * @component: CID; nil for the manager and for the kernel
 * @tenant: TID; nil without a tenant
 * @capabilities: SPHERULE_CAP_*
 */
struct spherule_identity {
	uuid_t component;
	uuid_t tenant;
	u32 capabilities;
};

/**
 * struct spherule_task - what belongs to a task and not to its credentials
 * @manager: may set identities; only the task itself and the fork of it change it
 * @pending: @next is set
 * @next: the identity after the next execve()
 */
struct spherule_task {
	bool manager;
	bool pending;
	struct spherule_identity next;
};

extern struct lsm_blob_sizes spherule_blob_sizes;
extern const struct lsm_id spherule_lsm_id;

static inline struct spherule_identity *
spherule_identity_of(const struct cred *cred)
{
	return cred->security + spherule_blob_sizes.lbs_cred;
}

static inline struct spherule_task *spherule_task_of(struct task_struct *task)
{
	return task->security + spherule_blob_sizes.lbs_task;
}

/* Also true before there is a manager: the kernel itself sets the system up. */
bool spherule_is_manager(void);

bool spherule_same_component(const struct cred *a, const struct cred *b);

/* Each topic adds its own hooks. */
void spherule_add_identity_hooks(void);
void spherule_add_peer_hooks(void);
void spherule_add_memory_hooks(void);
void spherule_add_refuse_hooks(void);

#endif
