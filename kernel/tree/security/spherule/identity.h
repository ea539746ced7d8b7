/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Identities and where they are kept.
 *
 * The identity of a task is in its credentials: written when they are made for
 * an execve(), copied with them otherwise, never changed in place. Reading the
 * credentials of another task needs RCU.
 *
 * The nil component is the kernel itself, the manager (the first program that
 * pid 1 executes: application-manager), and a child of the manager until its
 * first execve(), so that it can set its own identity on the way. Nothing else
 * can have it: without an identity there is no execve().
 */
#ifndef _SECURITY_SPHERULE_IDENTITY_H
#define _SECURITY_SPHERULE_IDENTITY_H

#include <linux/cred.h>
#include <linux/lsm_hooks.h>
#include <linux/sched.h>
#include <linux/uuid.h>
#include <uapi/linux/spherule.h>

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
 * struct spherule_cred - what the credentials of a task hold
 * @identity: the identity of the task if @assigned, the next one if @pending
 * @assigned: @identity is that of the task, for life; else the task is nil
 * @pending: the task is nil, and takes @identity with its next execve()
 * @ports: what it may bind, whatever its identity
 */
struct spherule_cred {
	struct spherule_identity identity;
	bool assigned;
	bool pending;
	struct spherule_ports ports;
};

extern struct lsm_blob_sizes spherule_blob_sizes;
extern const struct lsm_id spherule_lsm_id;
extern const struct spherule_identity spherule_nil_identity;

/* Credentials have a place for identities: the boot arguments did not choose other LSMs. */
extern bool spherule_active;

static inline struct spherule_cred *spherule_cred_of(const struct cred *cred)
{
	return cred->security + spherule_blob_sizes.lbs_cred;
}

static inline bool spherule_is_nil(const struct cred *cred)
{
	return !spherule_cred_of(cred)->assigned;
}

static inline const struct spherule_identity *
spherule_identity_of(const struct cred *cred)
{
	const struct spherule_cred *own = spherule_cred_of(cred);

	return own->assigned ? &own->identity : &spherule_nil_identity;
}

/* The manager, and whatever the kernel does by itself. */
static inline bool spherule_is_trusted(void)
{
	return spherule_is_nil(current_cred());
}

static inline int spherule_trusted_only(void)
{
	return spherule_is_trusted() ? 0 : -EPERM;
}

/* Whether credentials open a SPHERULE_CAP_* bit; those of the manager open all. */
bool spherule_cred_capable(const struct cred *cred, u32 capability);

bool spherule_same_component(const struct cred *a, const struct cred *b);

/**
 * spherule_may_act_on - whether the current task may act on another one
 * @cred: in whose name; NULL for the current task's own
 * @target: the other task
 *
 * The same user is not enough: it has to be the same component, or the actor
 * is the manager.
 *
 * Return: 0 or -EPERM.
 */
int spherule_may_act_on(const struct cred *cred, struct task_struct *target);

/* The identity that the current task takes with its next execve(). */
int spherule_set_next(const char *text, size_t length);

/* The ports of the current task, a struct spherule_ports, for life. */
int spherule_set_ports(const void *bytes, size_t length);

/**
 * spherule_take_end - where a program was when a fault ended it
 * @pid: of the process, which nobody has collected yet
 * @end: the answer; it is forgotten
 *
 * Return: 0 or -ENODATA.
 */
int spherule_take_end(pid_t pid, struct spherule_end *end);

/* Each topic adds its own hooks. */
void spherule_add_identity_hooks(void);
void spherule_add_attr_hooks(void);
void spherule_add_peer_hooks(void);
void spherule_add_memory_hooks(void);
void spherule_add_privilege_hooks(void);
void spherule_add_task_hooks(void);
void spherule_add_file_hooks(void);
void spherule_add_socket_hooks(void);
void spherule_add_port_hooks(void);
void spherule_add_mount_hooks(void);

#endif
