// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one task may do to another: inside a component what Linux allows,
 * between components nothing, whatever users they run as. Tracing is more than
 * that: a tracer writes to text and acts as the traced task.
 */

#include <linux/fs.h>
#include <linux/ptrace.h>
#include <uapi/linux/spherule.h>

#include "identity.h"

/*
 * A debugger belongs to the component that it debugs, which is open for that,
 * and cannot come by a capability that it does not have.
 */
static int may_trace(const struct cred *tracer, const struct cred *traced)
{
	u32 own = spherule_identity_of(tracer)->capabilities;
	u32 wanted = spherule_identity_of(traced)->capabilities;

	if (spherule_is_nil(traced) || !(wanted & SPHERULE_CAP_DEBUG) ||
	    wanted & ~own || !spherule_same_component(tracer, traced))
		return -EPERM;
	return 0;
}

/* Reading counts too: /proc/<pid> of another component. */
static int spherule_ptrace_access_check(struct task_struct *child,
					unsigned int mode)
{
	int err;

	if (!(mode & PTRACE_MODE_ATTACH))
		return spherule_may_act_on(NULL, child);
	rcu_read_lock();
	err = may_trace(current_cred(), __task_cred(child));
	rcu_read_unlock();
	return err;
}

static int spherule_ptrace_traceme(struct task_struct *parent)
{
	int err;

	rcu_read_lock();
	err = may_trace(__task_cred(parent), current_cred());
	rcu_read_unlock();
	return err;
}

static int spherule_task_kill(struct task_struct *target,
			      struct kernel_siginfo *info, int sig,
			      const struct cred *cred)
{
	return spherule_may_act_on(cred, target);
}

/* SIGIO and its kind: in the name of who opened the file, whoever chose the target. */
static int spherule_file_send_sigiotask(struct task_struct *target,
					struct fown_struct *owner, int sig)
{
	return spherule_may_act_on(owner->file->f_cred, target);
}

static int spherule_task_prlimit(const struct cred *cred,
				 const struct cred *target, unsigned int flags)
{
	return spherule_is_nil(cred) || spherule_same_component(cred, target) ?
		       0 :
		       -EPERM;
}

static int act_on(struct task_struct *task)
{
	return spherule_may_act_on(NULL, task);
}

static int spherule_task_setnice(struct task_struct *task, int nice)
{
	return spherule_may_act_on(NULL, task);
}

/* Job control is for terminals; appman alone groups processes. */
static int spherule_task_setpgid(struct task_struct *task, pid_t group)
{
	return spherule_trusted_only();
}

static struct security_hook_list task_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(ptrace_access_check, spherule_ptrace_access_check),
	LSM_HOOK_INIT(ptrace_traceme, spherule_ptrace_traceme),
	LSM_HOOK_INIT(task_kill, spherule_task_kill),
	LSM_HOOK_INIT(file_send_sigiotask, spherule_file_send_sigiotask),
	LSM_HOOK_INIT(task_prlimit, spherule_task_prlimit),
	LSM_HOOK_INIT(task_setscheduler, act_on),
	LSM_HOOK_INIT(task_getscheduler, act_on),
	LSM_HOOK_INIT(task_getpgid, act_on),
	LSM_HOOK_INIT(task_getsid, act_on),
	LSM_HOOK_INIT(task_setnice, spherule_task_setnice),
	LSM_HOOK_INIT(task_setpgid, spherule_task_setpgid),
};

void __init spherule_add_task_hooks(void)
{
	security_add_hooks(task_hooks, ARRAY_SIZE(task_hooks),
			   &spherule_lsm_id);
}
