// SPDX-License-Identifier: GPL-2.0-only
/*
 * Client of the Spherule Security Monitor: presence, version and calls.
 *
 * The monitor runs in the secure world of the same CPU and is entered by SMC.
 * While it works the normal world stands still.  What takes longer comes back
 * after each piece, so that the normal world can run in between, and is called
 * again here until it is done.
 */

#define pr_fmt(fmt) "spherule-monitor: " fmt

#include <linux/array_size.h>
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/spherule/monitor.h>

/*
 * More pieces than there can be: a piece is at least a sector to erase or 64 KiB
 * to hash, and there are 64 MiB of flash at most.
 */
#define PIECES_MAX	4096

static bool present __ro_after_init;

/* A call of several pieces is not interrupted by another one. */
static DEFINE_MUTEX(pieces_lock);

static const struct {
	s32 status;
	int error;
} monitor_errors[] = {
	{ SPH_SMC_OK,		0 },
	{ SPH_SMC_E_UNKNOWN,	-ENOSYS },
	{ SPH_SMC_E_INVALID,	-EINVAL },
	{ SPH_SMC_E_DENIED,	-EPERM },
	{ SPH_SMC_E_ADDRESS,	-EFAULT },
	{ SPH_SMC_E_IO,		-EIO },
	{ SPH_SMC_E_AGAIN,	-ETIMEDOUT },
	{ SPH_SMC_E_REFUSED,	-EKEYREJECTED },
	{ SPH_SMC_E_BUSY,	-EBUSY },
	{ SPH_SMC_E_NO_SPACE,	-ENOSPC },
	{ SPH_SMC_E_ABSENT,	-ENOENT },
};
static_assert(ARRAY_SIZE(monitor_errors) == 1 - SPH_SMC_E_LAST);

static int monitor_error(s32 status)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(monitor_errors); i++)
		if (monitor_errors[i].status == status)
			return monitor_errors[i].error;
	return -EPROTO;
}

static s32 call_once(struct spherule_monitor_call *call)
{
	struct arm_smccc_res res;

	arm_smccc_smc(call->function, call->arguments[0], call->arguments[1],
		      call->arguments[2], call->arguments[3], 0, 0, 0, &res);
	call->results[0] = res.a1;
	call->results[1] = res.a2;
	call->results[2] = res.a3;
	return res.a0;
}

static s32 call_pieces(struct spherule_monitor_call *call)
{
	unsigned int left = PIECES_MAX;
	s32 status;

	mutex_lock(&pieces_lock);
	do {
		cond_resched();
		status = call_once(call);
	} while (status == SPH_SMC_E_AGAIN && --left);
	mutex_unlock(&pieces_lock);
	return status;
}

/**
 * spherule_monitor_call - ask the Security Monitor for something
 * @call: function and arguments; receives the results
 *
 * The caller cleans and invalidates the caches of the memory that it names in
 * an argument: the monitor works with caches off.
 *
 * Context: may sleep, but for the calls that read and write flash.
 * Return: 0, -ENODEV without a monitor, -ENOSYS for a call that this monitor
 * does not have, -EINVAL, -EPERM, -EFAULT, -EIO, -EKEYREJECTED, -EBUSY, -ENOSPC,
 * -ENOENT as the monitor says, -ETIMEDOUT for what does not come to an end, or
 * -EPROTO for a status that the interface does not define.
 */
int spherule_monitor_call(struct spherule_monitor_call *call)
{
	if (!present)
		return -ENODEV;
	/* Flash and what is before it is done in one piece, also beside a long call. */
	if (call->function < SPH_SMC_IMAGE_BEGIN &&
	    call->function != SPH_SMC_BOOT_OK &&
	    call->function != SPH_SMC_BOOT_SETTLED)
		return monitor_error(call_once(call));
	return monitor_error(call_pieces(call));
}
EXPORT_SYMBOL_GPL(spherule_monitor_call);

/**
 * spherule_monitor_present - whether there is a monitor that we understand
 *
 * Return: true from arch_initcall() time on, if so.
 */
bool spherule_monitor_present(void)
{
	return present;
}
EXPORT_SYMBOL_GPL(spherule_monitor_present);

static int __init spherule_monitor_init(void)
{
	struct arm_smccc_res res;

	/*
	 * An SMC without a secure world behind it is an undefined instruction:
	 * only PSCI over SMC, which the device tree announced, shows that there
	 * is one.
	 */
	if (arm_smccc_1_1_get_conduit() != SMCCC_CONDUIT_SMC)
		return 0;

	arm_smccc_smc(SPH_SMC_VERSION, 0, 0, 0, 0, 0, 0, 0, &res);
	if ((s32)res.a0 < 0)
		return 0;
	if (res.a0 >> 16 != SPH_SMC_ABI_MAJOR) {
		pr_err("interface %lu.%lu, but this kernel speaks %u\n",
		       res.a0 >> 16, res.a0 & 0xffff, SPH_SMC_ABI_MAJOR);
		return 0;
	}

	present = true;
	pr_info("interface %lu.%lu\n", res.a0 >> 16, res.a0 & 0xffff);
	return 0;
}
arch_initcall(spherule_monitor_init);
