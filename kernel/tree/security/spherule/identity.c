// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identities over the life of a task: set by the manager for the next
 * execve(), inherited by fork() and clone(), for life.
 */

#include <linux/binfmts.h>
#include <linux/export.h>
#include <linux/spherule/lsm.h>

#include "identity.h"
#include "text.h"

/* Set once, when pid 1 executes its program, and never cleared. */
static bool manager_exists __read_mostly;

const struct spherule_identity spherule_nil_identity;

bool spherule_cred_capable(const struct cred *cred, u32 capability)
{
	const struct spherule_cred *own = spherule_cred_of(cred);

	return !own->assigned ||
	       (own->identity.capabilities & capability) == capability;
}

bool spherule_capable(u32 capability)
{
	return spherule_active &&
	       spherule_cred_capable(current_cred(), capability);
}
EXPORT_SYMBOL_GPL(spherule_capable);

bool spherule_is_manager(void)
{
	return spherule_active && spherule_is_trusted();
}
EXPORT_SYMBOL_GPL(spherule_is_manager);

const uuid_t *spherule_component(void)
{
	return spherule_active ?
		       &spherule_identity_of(current_cred())->component :
		       &uuid_null;
}
EXPORT_SYMBOL_GPL(spherule_component);

/* Most often a task and itself, or its child: then there is nothing to compare. */
bool spherule_same_component(const struct cred *a, const struct cred *b)
{
	return a == b || uuid_equal(&spherule_identity_of(a)->component,
				    &spherule_identity_of(b)->component);
}

int spherule_may_act_on(const struct cred *cred, struct task_struct *target)
{
	int err = -EPERM;

	if (!cred)
		cred = current_cred();
	rcu_read_lock();
	if (spherule_is_nil(cred) ||
	    spherule_same_component(cred, __task_cred(target)))
		err = 0;
	rcu_read_unlock();
	return err;
}

int spherule_set_next(const char *text, size_t length)
{
	struct spherule_identity next;
	struct spherule_cred *own;
	struct cred *cred;
	int err;

	if (!spherule_is_trusted())
		return -EPERM;
	err = spherule_identity_parse(text, length, &next);
	if (err)
		return err;
	cred = prepare_creds();
	if (!cred)
		return -ENOMEM;
	own = spherule_cred_of(cred);
	own->identity = next;
	own->pending = true;
	return commit_creds(cred);
}

static int spherule_cred_prepare(struct cred *new, const struct cred *old,
				 gfp_t gfp)
{
	*spherule_cred_of(new) = *spherule_cred_of(old);
	return 0;
}

static void spherule_cred_transfer(struct cred *new, const struct cred *old)
{
	*spherule_cred_of(new) = *spherule_cred_of(old);
}

/*
 * A child of the manager that was not told who it is must not run as somebody,
 * nor a helper that the kernel starts: no program is without an identity.
 */
static int spherule_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	struct spherule_cred *own = spherule_cred_of(bprm->cred);

	if (own->pending) {
		own->pending = false;
		own->assigned = true;
	}
	if (own->assigned)
		return 0;
	return is_global_init(current) && !manager_exists ? 0 : -EPERM;
}

static void spherule_bprm_committed_creds(const struct linux_binprm *bprm)
{
	if (spherule_is_trusted())
		manager_exists = true;
}

static struct security_hook_list identity_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(cred_prepare, spherule_cred_prepare),
	LSM_HOOK_INIT(cred_transfer, spherule_cred_transfer),
	LSM_HOOK_INIT(bprm_creds_for_exec, spherule_bprm_creds_for_exec),
	LSM_HOOK_INIT(bprm_committed_creds, spherule_bprm_committed_creds),
};

void __init spherule_add_identity_hooks(void)
{
	security_add_hooks(identity_hooks, ARRAY_SIZE(identity_hooks),
			   &spherule_lsm_id);
}
