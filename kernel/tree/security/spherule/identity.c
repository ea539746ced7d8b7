// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identities over the life of a task: set by the manager for the next
 * execve(), inherited by fork() and clone(), shown in /proc/<pid>/attr.
 */

#include <linux/binfmts.h>
#include <linux/export.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/spherule/lsm.h>
#include <uapi/linux/lsm.h>

#include "identity.h"
#include "text.h"

/* Set once, when pid 1 executes its program, and never cleared. */
static bool manager_exists __read_mostly;

bool spherule_is_manager(void)
{
	return !manager_exists || spherule_task_of(current)->manager;
}

bool spherule_capable(u32 capability)
{
	const struct spherule_identity *identity =
		spherule_identity_of(current_cred());

	return spherule_is_manager() ||
	       (identity->capabilities & capability) == capability;
}
EXPORT_SYMBOL_GPL(spherule_capable);

bool spherule_same_component(const struct cred *a, const struct cred *b)
{
	return uuid_equal(&spherule_identity_of(a)->component,
			  &spherule_identity_of(b)->component);
}

static int spherule_cred_prepare(struct cred *new, const struct cred *old,
				 gfp_t gfp)
{
	*spherule_identity_of(new) = *spherule_identity_of(old);
	return 0;
}

static void spherule_cred_transfer(struct cred *new, const struct cred *old)
{
	*spherule_identity_of(new) = *spherule_identity_of(old);
}

static int spherule_task_alloc(struct task_struct *task,
			       unsigned long clone_flags)
{
	spherule_task_of(task)->manager = spherule_task_of(current)->manager;
	return 0;
}

/*
 * A child of the manager that was not told who it is must not run as somebody:
 * nothing that the manager starts is without an identity.
 */
static int spherule_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	struct spherule_task *task = spherule_task_of(current);

	if (task->pending) {
		*spherule_identity_of(bprm->cred) = task->next;
		return 0;
	}
	return task->manager ? -EPERM : 0;
}

static void spherule_bprm_committed_creds(const struct linux_binprm *bprm)
{
	struct spherule_task *task = spherule_task_of(current);

	task->pending = false;
	task->manager = !manager_exists && is_global_init(current);
	if (task->manager)
		manager_exists = true;
}

static void format_task(struct task_struct *task,
			char text[SPHERULE_IDENTITY_BYTES + 1])
{
	struct spherule_identity identity;

	rcu_read_lock();
	identity = *spherule_identity_of(__task_cred(task));
	rcu_read_unlock();
	spherule_identity_format(&identity, text);
}

/* Every way to set an identity ends here. */
static int set_next(const char *text, size_t length)
{
	struct spherule_task *task = spherule_task_of(current);
	int err;

	if (!task->manager)
		return -EPERM;
	err = spherule_identity_parse(text, length, &task->next);
	if (!err)
		task->pending = true;
	return err;
}

static int spherule_getprocattr(struct task_struct *task, const char *name,
				char **value)
{
	if (strcmp(name, "current"))
		return -EINVAL;
	*value = kmalloc(SPHERULE_IDENTITY_BYTES + 1, GFP_KERNEL);
	if (!*value)
		return -ENOMEM;
	format_task(task, *value);
	return SPHERULE_IDENTITY_BYTES;
}

/* procfs calls this for the current task only. */
static int spherule_setprocattr(const char *name, void *value, size_t size)
{
	int err = strcmp(name, "exec") ? -EPERM : set_next(value, size);

	return err ? err : size;
}

static int spherule_getselfattr(unsigned int attr, struct lsm_ctx __user *ctx,
				u32 *size, u32 flags)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];
	int err;

	if (attr != LSM_ATTR_CURRENT)
		return -EOPNOTSUPP;
	format_task(current, text);
	err = lsm_fill_user_ctx(ctx, size, text, SPHERULE_IDENTITY_BYTES,
				LSM_ID_SPHERULE, 0);
	return err ? err : 1;
}

/* The way without procfs, whose inodes and dentries would stay: 3 KiB for each app. */
static int spherule_setselfattr(unsigned int attr, struct lsm_ctx *ctx,
				u32 size, u32 flags)
{
	return attr == LSM_ATTR_EXEC ? set_next(ctx->ctx, ctx->ctx_len) :
				       -EPERM;
}

static struct security_hook_list identity_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(cred_prepare, spherule_cred_prepare),
	LSM_HOOK_INIT(cred_transfer, spherule_cred_transfer),
	LSM_HOOK_INIT(task_alloc, spherule_task_alloc),
	LSM_HOOK_INIT(bprm_creds_for_exec, spherule_bprm_creds_for_exec),
	LSM_HOOK_INIT(bprm_committed_creds, spherule_bprm_committed_creds),
	LSM_HOOK_INIT(getprocattr, spherule_getprocattr),
	LSM_HOOK_INIT(setprocattr, spherule_setprocattr),
	LSM_HOOK_INIT(getselfattr, spherule_getselfattr),
	LSM_HOOK_INIT(setselfattr, spherule_setselfattr),
};

void __init spherule_add_identity_hooks(void)
{
	security_add_hooks(identity_hooks, ARRAY_SIZE(identity_hooks),
			   &spherule_lsm_id);
}
