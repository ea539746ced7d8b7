// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Security Monitor on "qemu-virt": QEMU's virt machine with secure=on (hw/arm/virt.c).
 */
#include "monitor/plat.h"

#include <assert.h>

#include "abi/boot_manifest.h"
#include "abi/trust_store.h"
#include "cpu.h"
#include "flash_map.h"
#include "io.h"
#include "monitor/device/fdt.h"
#include "pl011.h"

#define UART_BASE		0x09040000	/* secure PL011 */
#define UART_CLOCK_HZ		24000000
#define CONSOLE_POLL_US		40		/* a byte takes 87 at 115200 baud, and the UART keeps 16 */

#define GICD_BASE		0x08000000
#define GICC_BASE		0x08010000

#define TIMER_HZ		62500000	/* target/arm/cpu.c: gt_cntfrq_hz */

/* create_secure_gpio_pwr(): a PL061 (DDI 0190) whose lines 0 and 1 go to "gpio-pwr". */
#define POWER_GPIO_BASE		0x090b0000
#define PL061_DATA		0x000		/* address bits 9:2 are the mask of lines */
#define PL061_DIRECTION		0x400
#define POWER_OFF_LINE		(1 << 0)
#define POWER_RESET_LINE	(1 << 1)

/* ---- The flash map, checked ---------------------------------------------- */

#define IS_ALIGNED(x)		((x) % FLASH_SECTOR_BYTES == 0)

static const uint32_t ram_sizes_kib[] = { RAM_SIZES_KIB };

#define RAM_SIZE_COUNT		(sizeof(ram_sizes_kib) / sizeof(ram_sizes_kib[0]))

static_assert(IS_ALIGNED(FLASH_BOOT) && IS_ALIGNED(FLASH_SLOT_A) && IS_ALIGNED(FLASH_SLOT_B) &&
		      IS_ALIGNED(FLASH_SLOT_BYTES) && IS_ALIGNED(FLASH_APPS) &&
		      IS_ALIGNED(FLASH_APPS_BYTES) && IS_ALIGNED(FLASH_STORAGE) &&
		      IS_ALIGNED(FLASH_STORAGE_BYTES) && IS_ALIGNED(SLOT_DTB) &&
		      IS_ALIGNED(SLOT_KERNEL) && IS_ALIGNED(SLOT_SYSTEM) &&
		      IS_ALIGNED(SLOT_SYSTEM_BYTES),
	      "an erase sector belongs to one partition");
static_assert(FLASH_BOOT + BOOT_RECORD_COPIES * FLASH_SECTOR_BYTES <= FLASH_SLOT_A &&
		      FLASH_SLOT_A + FLASH_SLOT_BYTES <= FLASH_SLOT_B &&
		      FLASH_SLOT_B + FLASH_SLOT_BYTES <= FLASH_APPS &&
		      FLASH_APPS + FLASH_APPS_BYTES <= FLASH_STORAGE &&
		      FLASH_STORAGE + FLASH_STORAGE_BYTES <= FLASH_BYTES,
	      "partitions lie one behind the other in the flash");
static_assert(IS_ALIGNED(SECURE_STATE) && SECURE_STATE >= FLASH_SECTOR_BYTES &&
		      SECURE_STATE + SECURE_STATE_SECTORS * FLASH_SECTOR_BYTES <= SECURE_FLASH_BYTES,
	      "the state has sectors of its own, behind the monitor");
static_assert(FLASH_TRUST >= FLASH_BOOT + BOOT_RECORD_COPIES * FLASH_SECTOR_BYTES &&
		      FLASH_TRUST + TRUST_STORE_BYTES <= FLASH_SLOT_A,
	      "the trust store lies behind the boot records");
static_assert(SLOT_DTB + SLOT_DTB_BYTES <= SLOT_MANIFEST &&
		      SLOT_MANIFEST + SLOT_MANIFEST_BYTES <= SLOT_KERNEL &&
		      SLOT_KERNEL + SLOT_KERNEL_BYTES <= SLOT_SYSTEM &&
		      SLOT_SYSTEM + SLOT_SYSTEM_BYTES <= FLASH_SLOT_BYTES,
	      "the parts of a slot lie one behind the other in it");
static_assert(RAM_SIZE_COUNT * SLOT_DTB_STRIDE <= SLOT_DTB_BYTES,
	      "a slot has room for a device tree of each size of RAM");
static_assert(BOOT_MANIFEST_BYTES <= SLOT_MANIFEST_BYTES, "a boot manifest has room");
static_assert(sizeof(BOARD_NAME) <= BOOT_MANIFEST_BOARD_BYTES, "a boot manifest has room for the name");
static_assert((FLASH_SLOT_B - FLASH_SLOT_A) % 0x100000 == 0,
	      "one kernel build runs from either slot");
static_assert(KERNEL_XIP_PHYS_ADDR == FLASH_BASE + FLASH_SLOT_A + SLOT_KERNEL,
	      "the kernel is linked where slot A has it");

#define SLOT(start)                                                                             \
	{                                                                                       \
		.offset = (start),                                                              \
		.manifest_offset = (start) + SLOT_MANIFEST,                                     \
		.dtb_offset = (start) + SLOT_DTB,                                               \
		.kernel_offset = (start) + SLOT_KERNEL,                                         \
		.part = {                                                                       \
			[SPH_PART_SYSTEM] = { (start) + SLOT_SYSTEM, SLOT_SYSTEM_BYTES, 0 },    \
			[SPH_PART_APPS] = { FLASH_APPS, FLASH_APPS_BYTES, 0 },                  \
			[SPH_PART_STORAGE] = { FLASH_STORAGE, FLASH_STORAGE_BYTES,              \
					       SPH_PART_F_WRITABLE },                           \
		},                                                                              \
	}

const struct plat plat = {
	.name = BOARD_NAME,
	.flash_base = FLASH_BASE,
	.flash_bytes = FLASH_BYTES,
	.flash_sector_bytes = FLASH_SECTOR_BYTES,
	.secure_flash_base = SECURE_FLASH_BASE,
	.secure_flash_bytes = SECURE_FLASH_BYTES,
	.secure_flash_sector_bytes = FLASH_SECTOR_BYTES,
	.state_offset = SECURE_STATE,
	.state_sectors = SECURE_STATE_SECTORS,
	.trust_offset = FLASH_TRUST,
	.boot_record_offset = { FLASH_BOOT, FLASH_BOOT + FLASH_SECTOR_BYTES },
	.slot = {
		[SPH_SLOT_A] = SLOT(FLASH_SLOT_A),
		[SPH_SLOT_B] = SLOT(FLASH_SLOT_B),
	},
	.slot_bytes = FLASH_SLOT_BYTES,
	.dtb_stride_bytes = SLOT_DTB_STRIDE,
	.ram_base = RAM_BASE,
	.ram_sizes_kib = ram_sizes_kib,
	.ram_size_count = RAM_SIZE_COUNT,
	.gicd_base = GICD_BASE,
	.gicc_base = GICC_BASE,
	.timer_hz = TIMER_HZ,
};

/* ---- Console ------------------------------------------------------------- */

void plat_init(void)
{
	pl011_init(UART_BASE, UART_CLOCK_HZ);
}

void plat_console_putc(char c)
{
	pl011_putc(UART_BASE, c);
}

static void wait_us(uint32_t us)
{
	const uint32_t begin = cpu_ticks();

	while (cpu_ticks() - begin < us * (TIMER_HZ / 10000) / 100)
		;
}

/*
 * Each look at the UART takes QEMU's global lock, which its main loop needs to bring the bytes.  Who
 * looks without a pause starves it: on a busy machine for longer than a sender waits.
 */
int plat_console_getc(uint32_t timeout_ms)
{
	const uint32_t begin = cpu_ticks();
	int byte = pl011_getc(UART_BASE);

	while (byte < 0 && cpu_ticks() - begin < timeout_ms * (TIMER_HZ / 1000)) {
		wait_us(CONSOLE_POLL_US);
		byte = pl011_getc(UART_BASE);
	}
	return byte;
}

/* ---- Power --------------------------------------------------------------- */

/*
 * Secure SRAM keeps its contents over the machine's reset.  After power-on it holds anything, so
 * the reason counts only with its complement beside it.
 */
static struct {
	uint32_t reason, complement;
} left_behind __attribute__((section(".noinit")));

uint32_t plat_take_reset_reason(void)
{
	const uint32_t reason = left_behind.reason;
	const uint32_t is_whole = left_behind.complement == ~reason;

	left_behind.complement = reason;
	if (is_whole && reason < SPH_RESET_COUNT)
		return reason;
	return SPH_RESET_POWER_ON;
}

/*
 * hw/arm/virt.c puts a device tree at the start of RAM at each reset, with random numbers of the host
 * for the secure world in it.  FDT_MAX_SIZE of system/device_tree.c is the most that it takes.
 */
#define TREE_BYTES_MAX		0x100000u

uint32_t plat_take_entropy(uint8_t *bytes, uint32_t max)
{
	struct fdt_value seed;
	uint32_t count = 0;

	if (fdt_find(RAM_BASE, TREE_BYTES_MAX, "secure-chosen", "rng-seed", &seed))
		return 0;
	/* What is not used is cleared too: it must not be left to the normal world. */
	for (uint32_t at = 0; at < seed.bytes; at += sizeof(uint32_t)) {
		const uint32_t word = io_read32(seed.address + at);

		io_write32(seed.address + at, 0);
		for (uint32_t i = 0; i < sizeof(word) && at + i < seed.bytes && count < max; i++)
			bytes[count++] = (uint8_t)(word >> 8 * i);
	}
	return count;
}

static noreturn void raise_power_line(uint32_t line)
{
	io_write32(POWER_GPIO_BASE + PL061_DIRECTION,
		   POWER_OFF_LINE | POWER_RESET_LINE);
	io_write32(POWER_GPIO_BASE + PL061_DATA + (line << 2), line);
	for (;;)
		__asm__ volatile("wfi");
}

noreturn void plat_reset(uint32_t reason)
{
	left_behind.reason = reason;
	left_behind.complement = ~reason;
	raise_power_line(POWER_RESET_LINE);
}

noreturn void plat_power_off(void)
{
	raise_power_line(POWER_OFF_LINE);
}
