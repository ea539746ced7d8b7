// SPDX-License-Identifier: GPL-2.0-only
/*
 * What root and the capabilities of Linux are worth: to a task with an
 * identity, nothing but what a bit of the identity opens.
 *
 * Where Linux asks for a capability that opens far more than an app needs, the
 * place in the kernel asks for the bit instead (spherule_capable()). Where the
 * capability is the right size, it comes with the bit, at execve().
 */

#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/reboot.h>
#include <linux/spherule/lsm.h>
#include <linux/syslog.h>

#include "identity.h"

/* The Linux capabilities that there are beside the manager, and what opens them. */
static const struct {
	int linux_capability;
	u32 bit;
} capabilities[] = {
	{ CAP_NET_ADMIN, SPHERULE_CAP_NETWORK_CONFIG },
};

static u32 bit_of(int linux_capability)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(capabilities); i++)
		if (capabilities[i].linux_capability == linux_capability)
			return capabilities[i].bit;
	return 0;
}

static int spherule_capability(const struct cred *cred,
			       struct user_namespace *ns, int capability,
			       unsigned int opts)
{
	u32 bit = bit_of(capability);

	if (spherule_is_nil(cred))
		return 0;
	return bit && spherule_cred_capable(cred, bit) ? 0 : -EPERM;
}

/*
 * Whatever the task had, and whatever execve() would give to root: a program
 * starts with what its bits are worth, and with no set to get more from.
 */
static int spherule_bprm_creds_from_file(struct linux_binprm *bprm,
					 const struct file *file)
{
	struct cred *new = bprm->cred;
	size_t i;

	/* A set-id program: nothing on a device needs one. */
	if (!uid_eq(new->euid, new->uid) || !gid_eq(new->egid, new->gid))
		return -EPERM;
	if (spherule_is_nil(new))
		return 0;
	cap_clear(new->cap_permitted);
	for (i = 0; i < ARRAY_SIZE(capabilities); i++)
		if (spherule_cred_capable(new, capabilities[i].bit))
			cap_raise(new->cap_permitted,
				  capabilities[i].linux_capability);
	new->cap_effective = new->cap_permitted;
	cap_clear(new->cap_inheritable);
	cap_clear(new->cap_ambient);
	cap_clear(new->cap_bset);
	return 0;
}

/* Effective, saved and filesystem ids always are the real ones: nothing is kept to come back to. */
static int spherule_task_fix_setuid(struct cred *new, const struct cred *old,
				    int flags)
{
	if (uid_eq(new->uid, new->euid) && uid_eq(new->uid, new->suid) &&
	    uid_eq(new->uid, new->fsuid))
		return 0;
	return -EPERM;
}

static int spherule_task_fix_setgid(struct cred *new, const struct cred *old,
				    int flags)
{
	if (gid_eq(new->gid, new->egid) && gid_eq(new->gid, new->sgid) &&
	    gid_eq(new->gid, new->fsgid))
		return 0;
	return -EPERM;
}

static int spherule_settime(const struct timespec64 *ts,
			    const struct timezone *tz)
{
	return spherule_capable(SPHERULE_CAP_TIME) ? 0 : -EPERM;
}

/* Reading, whole; not what clears the log or changes the console. */
static int spherule_syslog(int type)
{
	if (spherule_is_trusted())
		return 0;
	if (type != SYSLOG_ACTION_READ_ALL && type != SYSLOG_ACTION_SIZE_BUFFER)
		return -EPERM;
	return spherule_capable(SPHERULE_CAP_KERNEL_LOG) ? 0 : -EPERM;
}

bool spherule_may_reboot(unsigned int command)
{
	return spherule_capable(SPHERULE_CAP_POWER) &&
	       (command == LINUX_REBOOT_CMD_RESTART ||
		command == LINUX_REBOOT_CMD_POWER_OFF);
}

/* Some change what memory may be executed, others where it is. */
bool spherule_may_change_personality(unsigned int personality)
{
	return !spherule_active || personality == current->personality;
}

static struct security_hook_list privilege_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(capable, spherule_capability),
	LSM_HOOK_INIT(bprm_creds_from_file, spherule_bprm_creds_from_file),
	LSM_HOOK_INIT(task_fix_setuid, spherule_task_fix_setuid),
	LSM_HOOK_INIT(task_fix_setgid, spherule_task_fix_setgid),
	LSM_HOOK_INIT(settime, spherule_settime),
	LSM_HOOK_INIT(syslog, spherule_syslog),
};

void __init spherule_add_privilege_hooks(void)
{
	security_add_hooks(privilege_hooks, ARRAY_SIZE(privilege_hooks),
			   &spherule_lsm_id);
}
