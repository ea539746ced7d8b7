// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flash for measurements: counts what filesystems do to it.
 *
 * A gauge is an MTD, "gauge0" and so on.  It passes everything to the partition
 * "storage", or, with flash_gauge.ram_count=N, it is one of N parts of RAM that
 * behave as NOR flash does: an erase makes ones, a program can only clear bits.
 * What the part would not do is refused and counted.  /proc/flash_gauge has a
 * line for each.
 */

#define pr_fmt(fmt) "flash-gauge: " fmt

#include <linux/init.h>
#include <linux/moduleparam.h>
#include <linux/mtd/mtd.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#define BELOW_NAME	"storage"
#define RAM_COUNT_MAX	32

static uint ram_count;
module_param(ram_count, uint, 0);
MODULE_PARM_DESC(ram_count, "parts in RAM; 0: the partition \"storage\"");

static uint ram_kib = 512;
module_param(ram_kib, uint, 0);
MODULE_PARM_DESC(ram_kib, "KiB of each part in RAM");

static uint block_kib = 4;
module_param(block_kib, uint, 0);
MODULE_PARM_DESC(block_kib, "KiB that are erased at once in RAM");

static uint unit_bytes = 4;
module_param(unit_bytes, uint, 0);
MODULE_PARM_DESC(unit_bytes, "program unit in RAM; 1: each bit can be cleared alone");

/**
 * struct flash_gauge - a part and what was done to it
 * @mtd: what the filesystem sees
 * @name: of @mtd
 * @below: the real part, or NULL
 * @ram: otherwise the bytes
 * @programs: calls
 * @programmed_bytes: in them
 * @erases: blocks
 * @refused: programs that such flash cannot do
 * @wear: how often each block was erased
 */
struct flash_gauge {
	struct mtd_info mtd;
	char name[12];
	struct mtd_info *below;
	u8 *ram;
	u32 programs;
	u64 programmed_bytes;
	u32 erases;
	u32 refused;
	u32 *wear;
};

static struct flash_gauge *gauges;
static uint gauge_count;

static struct flash_gauge *gauge_of(struct mtd_info *mtd)
{
	return container_of(mtd, struct flash_gauge, mtd);
}

static int gauge_read(struct mtd_info *mtd, loff_t from, size_t len,
		      size_t *retlen, u_char *buf)
{
	struct flash_gauge *gauge = gauge_of(mtd);

	if (gauge->below)
		return mtd_read(gauge->below, from, len, retlen, buf);
	memcpy(buf, gauge->ram + from, len);
	*retlen = len;
	return 0;
}

static int gauge_point(struct mtd_info *mtd, loff_t from, size_t len,
		       size_t *retlen, void **virt, resource_size_t *phys)
{
	struct flash_gauge *gauge = gauge_of(mtd);

	if (gauge->below)
		return mtd_point(gauge->below, from, len, retlen, virt, phys);
	/* Pages of vmalloc() have no place that one address names. */
	if (phys)
		return -EOPNOTSUPP;
	*virt = gauge->ram + from;
	*retlen = len;
	return 0;
}

static int gauge_unpoint(struct mtd_info *mtd, loff_t from, size_t len)
{
	struct flash_gauge *gauge = gauge_of(mtd);

	return gauge->below ? mtd_unpoint(gauge->below, from, len) : 0;
}

/* Flash with a unit of more than a byte has a code over it: once only. */
static bool can_program(const struct flash_gauge *gauge, loff_t to, size_t len,
			const u8 *bytes)
{
	size_t i;

	if (gauge->mtd.writesize > 1)
		return IS_ALIGNED(to | len, gauge->mtd.writesize) &&
		       !memchr_inv(gauge->ram + to, 0xff, len);
	for (i = 0; i < len; i++)
		if (bytes[i] & ~gauge->ram[to + i])
			return false;
	return true;
}

static int gauge_write(struct mtd_info *mtd, loff_t to, size_t len,
		       size_t *retlen, const u_char *buf)
{
	struct flash_gauge *gauge = gauge_of(mtd);
	int err = 0;

	if (gauge->below) {
		err = mtd_write(gauge->below, to, len, retlen, buf);
	} else if (can_program(gauge, to, len, buf)) {
		memcpy(gauge->ram + to, buf, len);
		*retlen = len;
	} else {
		err = -EIO;
	}
	gauge->programs++;
	gauge->programmed_bytes += *retlen;
	gauge->refused += err != 0;
	return err;
}

static int gauge_erase(struct mtd_info *mtd, struct erase_info *instr)
{
	struct flash_gauge *gauge = gauge_of(mtd);
	u32 block = mtd_div_by_eb(instr->addr, mtd);
	u32 count = mtd_div_by_eb(instr->len, mtd);

	gauge->erases += count;
	while (count--)
		gauge->wear[block++]++;
	if (gauge->below)
		return mtd_erase(gauge->below, instr);
	memset(gauge->ram + instr->addr, 0xff, instr->len);
	return 0;
}

static u32 block_count(const struct flash_gauge *gauge)
{
	return mtd_div_by_eb(gauge->mtd.size, &gauge->mtd);
}

static int gauge_show(struct seq_file *out, void *unused)
{
	uint number;

	for (number = 0; number < gauge_count; number++) {
		const struct flash_gauge *gauge = &gauges[number];
		u32 most = 0, block;

		for (block = 0; block < block_count(gauge); block++)
			most = max(most, gauge->wear[block]);
		seq_printf(out, "%s programs %u programmed %llu erases %u refused %u worn %u\n",
			   gauge->name, gauge->programs,
			   gauge->programmed_bytes, gauge->erases,
			   gauge->refused, most);
	}
	return 0;
}

static int __init register_gauge(struct flash_gauge *gauge, uint number)
{
	snprintf(gauge->name, sizeof(gauge->name), "gauge%u", number);
	gauge->mtd.name = gauge->name;
	gauge->mtd._read = gauge_read;
	gauge->mtd._point = gauge_point;
	gauge->mtd._unpoint = gauge_unpoint;
	gauge->mtd._write = gauge_write;
	gauge->mtd._erase = gauge_erase;
	gauge->wear = kcalloc(div_u64(gauge->mtd.size, gauge->mtd.erasesize),
			      sizeof(*gauge->wear), GFP_KERNEL);
	if (!gauge->wear)
		return -ENOMEM;
	gauge_count++;
	return mtd_device_register(&gauge->mtd, NULL, 0);
}

static int __init make_ram(struct flash_gauge *gauge, uint number)
{
	const u32 bytes = ram_kib * 1024;

	gauge->ram = vmalloc(bytes);
	if (!gauge->ram)
		return -ENOMEM;
	memset(gauge->ram, 0xff, bytes);
	gauge->mtd = (struct mtd_info) {
		.type = MTD_NORFLASH,
		.flags = MTD_WRITEABLE | (unit_bytes == 1 ? MTD_BIT_WRITEABLE : 0),
		.size = bytes,
		.erasesize = block_kib * 1024,
		.writesize = unit_bytes,
		.writebufsize = PAGE_SIZE,
	};
	return register_gauge(gauge, number);
}

static int __init make_storage(struct flash_gauge *gauge)
{
	struct mtd_info *below = get_mtd_device_nm(BELOW_NAME);

	if (IS_ERR(below))
		return PTR_ERR(below);
	gauge->below = below;
	gauge->mtd = (struct mtd_info) {
		.type = below->type,
		.flags = below->flags,
		.size = below->size,
		.erasesize = below->erasesize,
		.writesize = below->writesize,
		.writebufsize = below->writebufsize,
	};
	return register_gauge(gauge, 0);
}

static int __init flash_gauge_init(void)
{
	uint number;
	int err = 0;

	if (ram_count > RAM_COUNT_MAX)
		return -EINVAL;
	gauges = kcalloc(max(ram_count, 1u), sizeof(*gauges), GFP_KERNEL);
	if (!gauges)
		return -ENOMEM;
	if (!ram_count)
		err = make_storage(&gauges[0]);
	for (number = 0; number < ram_count && !err; number++)
		err = make_ram(&gauges[number], number);
	if (err)
		pr_err("%u parts only: %d\n", gauge_count, err);
	else if (!proc_create_single("flash_gauge", 0400, NULL, gauge_show))
		err = -ENOMEM;
	return err;
}
/* The real flash is there after device_initcall(). */
late_initcall(flash_gauge_init);
