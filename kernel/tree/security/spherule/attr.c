// SPDX-License-Identifier: GPL-2.0-only
/* Reading and setting identities: /proc/<pid>/attr and the system calls for it. */

#include <linux/security.h>
#include <linux/slab.h>
#include <uapi/linux/lsm.h>
#include <uapi/linux/spherule.h>

#include "identity.h"
#include "text.h"

static void format_task(struct task_struct *task,
			char text[SPHERULE_IDENTITY_BYTES + 1])
{
	struct spherule_identity identity;

	rcu_read_lock();
	identity = *spherule_identity_of(__task_cred(task));
	rcu_read_unlock();
	spherule_identity_format(&identity, text);
}

/* What was: no text, as nobody but the manager reads it. */
static int read_end(struct task_struct *task, char **value)
{
	struct spherule_end end;
	int err;

	if (!spherule_is_trusted())
		return -EACCES;
	err = spherule_take_end(task_tgid_nr(task), &end);
	if (err)
		return err;
	*value = kmemdup(&end, sizeof(end), GFP_KERNEL);
	return *value ? sizeof(end) : -ENOMEM;
}

static int spherule_getprocattr(struct task_struct *task, const char *name,
				char **value)
{
	if (!strcmp(name, "prev"))
		return read_end(task, value);
	if (strcmp(name, "current"))
		return -EINVAL;
	if (spherule_may_act_on(NULL, task))
		return -EACCES;
	*value = kmalloc(SPHERULE_IDENTITY_BYTES + 1, GFP_KERNEL);
	if (!*value)
		return -ENOMEM;
	format_task(task, *value);
	return SPHERULE_IDENTITY_BYTES;
}

/* procfs calls this for the current task only. */
static int spherule_setprocattr(const char *name, void *value, size_t size)
{
	int err = strcmp(name, "exec") ? -EPERM :
					 spherule_set_next(value, size);

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
	switch (attr) {
	case LSM_ATTR_EXEC:
		return spherule_set_next(ctx->ctx, ctx->ctx_len);
	case LSM_ATTR_SOCKCREATE:
		return spherule_set_ports(ctx->ctx, ctx->ctx_len);
	default:
		return -EPERM;
	}
}

static struct security_hook_list attr_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(getprocattr, spherule_getprocattr),
	LSM_HOOK_INIT(setprocattr, spherule_setprocattr),
	LSM_HOOK_INIT(getselfattr, spherule_getselfattr),
	LSM_HOOK_INIT(setselfattr, spherule_setselfattr),
};

void __init spherule_add_attr_hooks(void)
{
	security_add_hooks(attr_hooks, ARRAY_SIZE(attr_hooks),
			   &spherule_lsm_id);
}
