// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flash that the Spherule Security Monitor owns.
 *
 * The kernel and every program execute from this flash, so it must never be in
 * command mode while the normal world runs.  Reads and execute-in-place
 * mappings use the memory window, which is mapped read-only so that a stray
 * write faults instead of becoming a flash command.  Erase and program are
 * asked of the monitor, which stops the normal world meanwhile.  Partitions and
 * who may write them are the monitor's to say; nothing of that is in the device
 * tree.
 */

#define pr_fmt(fmt) "spherule-flash: " fmt

#include <asm/cacheflush.h>
#include <asm/mach/map.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mtd/mtd.h>
#include <linux/mutex.h>
#include <linux/spherule/monitor.h>

/**
 * struct spherule_partition - one partition as an MTD
 * @mtd: what the MTD core sees
 * @id: SPH_PART_*
 * @physical: its start in the memory window
 * @window: the same, mapped
 */
struct spherule_partition {
	struct mtd_info mtd;
	u32 id;
	phys_addr_t physical;
	void *window;
};

static const char * const partition_names[] = {
	[SPH_PART_SYSTEM]	= "system",
	[SPH_PART_APPS]		= "apps",
	[SPH_PART_STORAGE]	= "storage",
};
static_assert(ARRAY_SIZE(partition_names) == SPH_PART_COUNT);

static struct spherule_partition partitions[SPH_PART_COUNT];

static struct spherule_partition *to_partition(struct mtd_info *mtd)
{
	return container_of(mtd, struct spherule_partition, mtd);
}

/* Lines of the window that were read before the flash changed are stale now. */
static void forget_window(struct spherule_partition *part, u32 offset, u32 len)
{
	__cpuc_flush_dcache_area(part->window + offset, len);
}

static int spherule_read(struct mtd_info *mtd, loff_t from, size_t len,
			 size_t *retlen, u_char *buf)
{
	memcpy(buf, to_partition(mtd)->window + from, len);
	*retlen = len;
	return 0;
}

static int spherule_point(struct mtd_info *mtd, loff_t from, size_t len,
			  size_t *retlen, void **virt, resource_size_t *phys)
{
	struct spherule_partition *part = to_partition(mtd);

	*virt = part->window + from;
	if (phys)
		*phys = part->physical + from;
	*retlen = len;
	return 0;
}

static int spherule_unpoint(struct mtd_info *mtd, loff_t from, size_t len)
{
	return 0;
}

static int spherule_erase(struct mtd_info *mtd, struct erase_info *instr)
{
	struct spherule_partition *part = to_partition(mtd);
	u32 offset, end = instr->addr + instr->len;

	for (offset = instr->addr; offset < end; offset += mtd->erasesize) {
		struct spherule_monitor_call call = {
			.function = SPH_SMC_FLASH_ERASE,
			.arguments = { part->id, offset },
		};
		int err = spherule_monitor_call(&call);

		forget_window(part, offset, mtd->erasesize);
		if (err) {
			instr->fail_addr = offset;
			return err;
		}
		cond_resched();
	}
	return 0;
}

static int program_page(struct spherule_partition *part, u32 offset,
			const void *data, u32 len)
{
	struct spherule_monitor_call call = {
		.function = SPH_SMC_FLASH_PROGRAM,
		.arguments = { part->id, offset, virt_to_phys(data), len },
	};
	int err;

	/* The monitor reads RAM with its caches off. */
	__cpuc_flush_dcache_area((void *)data, len);
	err = spherule_monitor_call(&call);
	forget_window(part, offset, len);
	return err;
}

/*
 * What is in vmalloc or in the flash itself is not in the linear map of RAM and
 * goes by way of this buffer.  Not one that is allocated: a filesystem writes
 * from the depth of a commit, where there may be no memory and little stack.
 */
static DEFINE_MUTEX(bounce_lock);
static u8 bounce[512] __aligned(L1_CACHE_BYTES);
static_assert(sizeof(bounce) <= SPH_SMC_PROGRAM_MAX);

static int program_by_bounce(struct spherule_partition *part, u32 offset,
			     const void *data, u32 len)
{
	int err;

	mutex_lock(&bounce_lock);
	memcpy(bounce, data, len);
	err = program_page(part, offset, bounce, len);
	mutex_unlock(&bounce_lock);
	return err;
}

static int spherule_write(struct mtd_info *mtd, loff_t to, size_t len,
			  size_t *retlen, const u_char *buf)
{
	struct spherule_partition *part = to_partition(mtd);
	bool is_direct = virt_addr_valid(buf) &&
			 IS_ALIGNED((unsigned long)buf, mtd->writesize);
	u32 most = is_direct ? SPH_SMC_PROGRAM_MAX : sizeof(bounce);
	int err = 0;

	if (!IS_ALIGNED(to | len, mtd->writesize))
		return -EINVAL;

	*retlen = 0;
	while (*retlen < len && !err) {
		u32 part_len = min_t(size_t, len - *retlen, most);

		if (is_direct)
			err = program_page(part, to + *retlen, buf + *retlen, part_len);
		else
			err = program_by_bounce(part, to + *retlen, buf + *retlen, part_len);
		if (!err)
			*retlen += part_len;
	}
	return err;
}

/* The first result, the reason of a refusal, is in *@reason. */
static int call_image(u32 function, u32 offset, u32 *reason)
{
	struct spherule_monitor_call call = {
		.function = function,
		.arguments = { offset },
	};
	int err = spherule_monitor_call(&call);

	*reason = call.results[0];
	return err;
}

/*
 * Held before it is verified: nobody can have it removed and written in between.
 * The monitor writes images by itself: lines of the window that were read before
 * are stale, of data and of instructions.
 */
int spherule_take_image(const struct mtd_info *mtd, u32 offset)
{
	u32 reason, ignored;
	int err;

	if (mtd != &partitions[SPH_PART_APPS].mtd)
		return 0;
	err = call_image(SPH_SMC_IMAGE_HOLD, offset, &reason);
	if (!err) {
		err = call_image(SPH_SMC_IMAGE_VERIFY, offset, &reason);
		if (err)
			call_image(SPH_SMC_IMAGE_RELEASE, offset, &ignored);
	}
	if (err)
		pr_err("image at %#x refused: %d, E%u\n", offset, err, reason);
	else
		flush_cache_all();
	return err;
}

void spherule_release_image(const struct mtd_info *mtd, u32 offset)
{
	u32 ignored;

	if (mtd == &partitions[SPH_PART_APPS].mtd &&
	    call_image(SPH_SMC_IMAGE_RELEASE, offset, &ignored))
		pr_err("image at %#x was not held\n", offset);
}

static int __init ask_partition(u32 id, struct spherule_monitor_call *call)
{
	*call = (struct spherule_monitor_call) {
		.function = SPH_SMC_FLASH_PARTITION,
		.arguments = { id },
	};
	return spherule_monitor_call(call);
}

static int __init register_partition(u32 id, phys_addr_t base, void *window,
				     u32 sector_bytes, u32 unit_bytes)
{
	struct spherule_partition *part = &partitions[id];
	struct spherule_monitor_call call;
	int err = ask_partition(id, &call);

	if (err)
		return err;

	part->id = id;
	part->physical = base + call.results[0];
	part->window = window + call.results[0];
	part->mtd = (struct mtd_info) {
		.name		= partition_names[id],
		.type		= MTD_NORFLASH,
		.flags		= MTD_NO_ERASE,
		.size		= call.results[1],
		.erasesize	= sector_bytes,
		.writesize	= unit_bytes,
		.writebufsize	= SPH_SMC_PROGRAM_MAX,
		._read		= spherule_read,
		._point		= spherule_point,
		._unpoint	= spherule_unpoint,
	};
	if (call.results[2] & SPH_PART_F_WRITABLE) {
		part->mtd.flags = MTD_WRITEABLE;
		part->mtd._erase = spherule_erase;
		part->mtd._write = spherule_write;
	}
	return mtd_device_register(&part->mtd, NULL, 0);
}

/* One past the last byte of any partition, from the base of the flash. */
static int __init window_bytes(u32 *bytes)
{
	u32 id;

	*bytes = 0;
	for (id = 0; id < SPH_PART_COUNT; id++) {
		struct spherule_monitor_call call;
		int err = ask_partition(id, &call);

		if (err)
			return err;
		*bytes = max(*bytes, call.results[0] + call.results[1]);
	}
	return 0;
}

static int __init spherule_flash_init(void)
{
	struct spherule_monitor_call call = {
		.function = SPH_SMC_FLASH_GEOMETRY,
	};
	void *window;
	u32 id, bytes;
	int err;

	if (!spherule_monitor_present())
		return 0;

	err = spherule_monitor_call(&call);
	if (!err)
		err = window_bytes(&bytes);
	if (err)
		goto out;

	/*
	 * Whole 2 MiB at a time, so that the window is made of sections and
	 * costs no page tables.
	 */
	window = (__force void *)arch_ioremap_caller(call.results[0],
						     round_up(bytes, PMD_SIZE),
						     MT_MEMORY_RO,
						     __builtin_return_address(0));
	if (!window) {
		err = -ENOMEM;
		goto out;
	}

	for (id = 0; id < SPH_PART_COUNT && !err; id++)
		err = register_partition(id, call.results[0], window,
					 call.results[1], call.results[2]);
out:
	if (err)
		pr_err("no flash: %d\n", err);
	return err;
}
device_initcall(spherule_flash_init);
