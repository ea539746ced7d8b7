// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/security-monitor: questions of programs to the Security Monitor.
 *
 * What may be asked is the table below: a call that is not in it does not leave
 * the kernel, and each asks for a capability of the caller's component at the
 * time of the call, whoever opened the device. Addresses of programs are not the
 * monitor's: where a call takes one, the program names a record of its own, of
 * exactly the size that the call has, and the monitor gets a copy.
 */

#include <asm/cacheflush.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/miscdevice.h>
#include <linux/slab.h>
#include <linux/spherule/device_order.h>
#include <linux/spherule/lsm.h>
#include <linux/spherule/monitor.h>
#include <linux/spherule/monitor_records.h>
#include <linux/spherule/trust_store.h>
#include <linux/uaccess.h>

#include "device.h"

static_assert(!(SPHERULE_MANAGER_ONLY & SPHERULE_CAP_KNOWN));

#define IN	SPHERULE_RECORD_IN
#define OUT	SPHERULE_RECORD_OUT
#define SIZED	SPHERULE_RECORD_SIZED

/* function, capability, bytes of the record, which argument has its address, how */
static const struct spherule_monitor_rule rules[] = {
	{ SPH_SMC_BOOT_INFO,		SPHERULE_CAP_MONITOR },
	{ SPH_SMC_BOOT_OK,		SPHERULE_MANAGER_ONLY },
	{ SPH_SMC_TELEMETRY,		SPHERULE_CAP_TELEMETRY,
	  sizeof(struct sph_telemetry), 0, OUT },
	{ SPH_SMC_WATCHDOG,		SPHERULE_MANAGER_ONLY },
	{ SPH_SMC_BOOT_SETTLED,		SPHERULE_MANAGER_ONLY },
	{ SPH_SMC_FLASH_GEOMETRY,	SPHERULE_CAP_FLASH_READ },
	{ SPH_SMC_FLASH_PARTITION,	SPHERULE_CAP_FLASH_READ },
	{ SPH_SMC_IMAGE_BEGIN,		SPHERULE_CAP_IMAGE_UPDATE },
	{ SPH_SMC_IMAGE_WRITE,		SPHERULE_CAP_IMAGE_UPDATE,
	  SPH_SMC_PROGRAM_MAX, 2, IN | SIZED },
	{ SPH_SMC_IMAGE_FINISH,		SPHERULE_CAP_IMAGE_UPDATE },
	{ SPH_SMC_IMAGE_ABORT,		SPHERULE_CAP_IMAGE_UPDATE },
	{ SPH_SMC_IMAGE_INSTALL,	SPHERULE_CAP_IMAGE_UPDATE },
	{ SPH_SMC_IMAGE_REMOVE,		SPHERULE_CAP_IMAGE_UPDATE },
	{ SPH_SMC_IMAGE_INFO,		SPHERULE_CAP_IMAGE_QUERY,
	  sizeof(struct sph_image_info), 1, OUT },
	{ SPH_SMC_IMAGE_SPACE,		SPHERULE_CAP_IMAGE_QUERY },
	{ SPH_SMC_IMAGE_VERIFY,		SPHERULE_MANAGER_ONLY },
	{ SPH_SMC_TRUST_INFO,		SPHERULE_CAP_MONITOR },
	{ SPH_SMC_TRUST_UPDATE,		SPHERULE_CAP_DEVICE_STATE,
	  TRUST_STORE_BYTES, 0, IN },
	{ SPH_SMC_DEVICE_INFO,		SPHERULE_CAP_MONITOR,
	  sizeof(struct sph_device_info), 0, OUT },
	{ SPH_SMC_DEVICE_MANUFACTURE,	SPHERULE_CAP_DEVICE_STATE },
	{ SPH_SMC_DEVICE_ORDER,		SPHERULE_CAP_DEVICE_STATE,
	  DEVICE_ORDER_BYTES, 0, IN },
	{ SPH_SMC_KEY_DERIVE,		SPHERULE_CAP_DERIVE_KEY,
	  sizeof(struct sph_key_request), 0, IN | OUT },
	{ SPH_SMC_ATTEST,		SPHERULE_CAP_ATTEST,
	  sizeof(struct sph_attestation), 0, IN | OUT },
};

const struct spherule_monitor_rule *spherule_monitor_rule(u32 function)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].function == function)
			return &rules[i];
	return NULL;
}

/* What is not used must be 0, so that it can be given a meaning later. */
static bool is_record_right(const struct spherule_monitor_rule *rule,
			    const struct spherule_monitor_request *request)
{
	u32 bytes = request->record_bytes;

	if (request->reserved || request->record != (unsigned long)request->record)
		return false;
	if (!rule->record_bytes)
		return !bytes && !request->record;
	if (request->arguments[rule->place] || !request->record)
		return false;
	if (rule->flags & SIZED)
		return bytes && bytes <= rule->record_bytes &&
		       bytes == request->arguments[3];
	return bytes == rule->record_bytes;
}

/*
 * The keys of a component are for itself, and that of its storage is the
 * manager's business: the name is not the caller's to say.
 */
static int fill_in_caller(u32 function, void *record)
{
	struct sph_key_request *key = record;

	static_assert(sizeof(key->component_id) == sizeof(uuid_t));
	if (function != SPH_SMC_KEY_DERIVE || spherule_is_manager())
		return 0;
	if (key->purpose != SPH_KEY_APP)
		return -EPERM;
	memcpy(key->component_id, spherule_component(), sizeof(uuid_t));
	return 0;
}

static int call_monitor(const struct spherule_monitor_rule *rule,
			struct spherule_monitor_request *request, void *record)
{
	struct spherule_monitor_call call = { .function = rule->function };
	int err;

	memcpy(call.arguments, request->arguments, sizeof(call.arguments));
	if (record) {
		call.arguments[rule->place] = virt_to_phys(record);
		/* The monitor reads and writes RAM with its caches off. */
		__cpuc_flush_dcache_area(record, request->record_bytes);
	}
	err = spherule_monitor_call(&call);
	if (record)
		__cpuc_flush_dcache_area(record, request->record_bytes);
	memcpy(request->results, call.results, sizeof(request->results));
	return err;
}

static int call_with_record(const struct spherule_monitor_rule *rule,
			    struct spherule_monitor_request *request)
{
	void __user *user = (void __user *)(unsigned long)request->record;
	void *record = kzalloc(request->record_bytes, GFP_KERNEL);
	int err = 0;

	if (!record)
		return -ENOMEM;
	if (rule->flags & IN &&
	    copy_from_user(record, user, request->record_bytes))
		err = -EFAULT;
	if (!err)
		err = fill_in_caller(rule->function, record);
	if (!err)
		err = call_monitor(rule, request, record);
	if (!err && rule->flags & OUT &&
	    copy_to_user(user, record, request->record_bytes))
		err = -EFAULT;
	kfree_sensitive(record);
	return err;
}

int spherule_monitor_ask(struct spherule_monitor_request *request)
{
	const struct spherule_monitor_rule *rule =
		spherule_monitor_rule(request->function);

	if (!rule || !spherule_capable(rule->capability))
		return -EPERM;
	if (!is_record_right(rule, request))
		return -EINVAL;
	if (rule->record_bytes)
		return call_with_record(rule, request);
	return call_monitor(rule, request, NULL);
}

static long spherule_device_ioctl(struct file *file, unsigned int cmd,
				  unsigned long arg)
{
	void __user *user = (void __user *)arg;
	struct spherule_monitor_request request;
	int err;

	if (cmd != SPHERULE_MONITOR_CALL)
		return -ENOTTY;
	if (copy_from_user(&request, user, sizeof(request)))
		return -EFAULT;
	err = spherule_monitor_ask(&request);
	if (err && err != -EKEYREJECTED)
		return err;
	return copy_to_user(user, &request, sizeof(request)) ? -EFAULT : err;
}

static const struct file_operations spherule_device_fops = {
	.unlocked_ioctl = spherule_device_ioctl,
};

static struct miscdevice spherule_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "security-monitor",
	.fops = &spherule_device_fops,
};

static int __init spherule_device_init(void)
{
	int err;

	if (!spherule_monitor_present())
		return 0;
	err = misc_register(&spherule_device);
	if (!err)
		spherule_add_device(MKDEV(MISC_MAJOR, spherule_device.minor), 1,
				    SPHERULE_CAP_MONITOR);
	return err;
}
device_initcall(spherule_device_init);
