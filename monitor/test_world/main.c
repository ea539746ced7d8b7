// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program for the normal world that tries the monitor on the real machine.
 *
 * It runs from flash 1 in the place of Linux, once after power-on and once after the reset that
 * it asks for, and ends with "world: N passed, N failed" and a power-off.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "device/fdt.h"
#include "device/trng.h"
#include "flash_map.h"
#include "psci.h"
#include "test_world.h"
#include "tools.h"

#define REG(address)		(*(volatile uint32_t *)(address))

#define GICD_CTLR		REG(GICD_BASE)
#define GICD_ISENABLER0		REG(GICD_BASE + 0x100)
#define GICC_CTLR		REG(GICC_BASE)
#define GICC_PMR		REG(GICC_BASE + 0x004)
#define GICC_HPPIR		REG(GICC_BASE + 0x018)

#define KEPT_MAGIC		0x544b4550
#define WATCHDOG_MAGIC		0x474f4457
#define WATCHDOG_PPI		29		/* secure physical timer */
#define MODE_SVC_MASKED		0x193
#define PSR_MODE_AND_MASKS	0x1ff

#define STORAGE			(FLASH_BASE + FLASH_STORAGE)
#define SECTOR			FLASH_SECTOR_BYTES
#define UNKNOWN			SPH_SMC_E_UNKNOWN
#define INVALID			SPH_SMC_E_INVALID
#define DENIED			SPH_SMC_E_DENIED
#define ADDRESS			SPH_SMC_E_ADDRESS

int guarded_read(uint32_t address, uint32_t *value);
int smc_preserves(uint32_t id);
noreturn void main(uint32_t r0, uint32_t r1, uint32_t dtb, uint32_t psr);
noreturn void report_unexpected(void);

/* Survives the reset that phase 1 asks for. */
static struct {
	uint32_t magic, passed, failed;
	uint8_t device_id[32];
	uint32_t random[3];
} kept __attribute__((section(".kept")));

static uint32_t buffer[SPH_SMC_PROGRAM_MAX / 4];
static uint32_t ram_bytes;

/* ---- Small tools --------------------------------------------------------- */

static void check(const char *what, bool good)
{
	if (good)
		kept.passed++;
	else
		kept.failed++;
	put(good ? "ok   " : "FAIL ");
	put(what);
	put("\r\n");
}

static noreturn void finish(void)
{
	put("world: ");
	put_number(kept.passed);
	put(" passed, ");
	put_number(kept.failed);
	put(" failed\r\n");
	kept.magic = 0;
	call4(PSCI_SYSTEM_OFF, 0, 0, 0, 0);
	put("FAIL power-off returned\r\n");
	for (;;)
		;
}

noreturn void report_unexpected(void)
{
	check("unexpected exception", false);
	finish();
}

/* ---- Tests --------------------------------------------------------------- */

static void test_entry(uint32_t r0, uint32_t r1, uint32_t dtb, uint32_t psr)
{
	const uint32_t slot = FLASH_BASE + FLASH_SLOT_A + SLOT_DTB;
	uint32_t regs[5] = { SPH_SMC_BOOT_INFO };
	static const uint32_t sizes[] = { RAM_SIZES_KIB };
	uint32_t value, i = 0;

	check("entry: r0 = 0, r1 = ~0", r0 == 0 && r1 == ~0u);
	check("entry: supervisor mode, IRQ masked",
	      (psr & PSR_MODE_AND_MASKS) == MODE_SVC_MASKED);
	check("BOOT_INFO", call(regs) == 0 && regs[1] == SPH_SLOT_A);
	ram_bytes = regs[3];
	while (i < sizeof(sizes) / 4 && sizes[i] * 1024 != ram_bytes)
		i++;
	check("RAM size is one of the board's", i < sizeof(sizes) / 4);
	check("device tree is that of the RAM size",
	      dtb == slot + i * SLOT_DTB_STRIDE);
	check("last word of RAM is there",
	      !guarded_read(RAM_BASE + ram_bytes - 4, &value));
	check("first word behind RAM is not",
	      guarded_read(RAM_BASE + ram_bytes, &value));
}

static void test_refusals(void)
{
	const uint32_t buf = (uint32_t)buffer, st = SPH_PART_STORAGE;
	const uint32_t end = FLASH_STORAGE_BYTES;
	const uint32_t ram_end = RAM_BASE + ram_bytes;
	const struct {
		const char *what;
		uint32_t id, a, b, c, d;
		int32_t status;
	} tries[] = {
		{ "PSCI_VERSION", PSCI_VERSION, 0, 0, 0, 0, 0x10000 },
		{ "SMCCC_VERSION", 0x80000000, 0, 0, 0, 0, 0x10002 },
		{ "FEATURES reset", PSCI_FEATURES, PSCI_SYSTEM_RESET, 0, 0, 0, 0 },
		{ "FEATURES SMCCC_VERSION", PSCI_FEATURES, 0x80000000, 0, 0, 0, 0 },
		{ "FEATURES unknown", PSCI_FEATURES, 0x84000012, 0, 0, 0, -1 },
		{ "AFFINITY_INFO", PSCI_AFFINITY_INFO, 0, 0, 0, 0, 0 },
		{ "CPU_ON again", PSCI_CPU_ON, 0, 0, 0, 0, PSCI_ALREADY_ON },
		{ "CPU_ON another", PSCI_CPU_ON, 1, 0, 0, 0, PSCI_INVALID_PARAMETERS },
		{ "CPU_OFF", PSCI_CPU_OFF, 0, 0, 0, 0, PSCI_DENIED },
		{ "MIGRATE_INFO_TYPE", PSCI_MIGRATE_INFO_TYPE, 0, 0, 0, 0, 2 },
		{ "CPU_SUSPEND powerdown", PSCI_CPU_SUSPEND, 1 << 16, 0, 0, 0, -2 },
		{ "service version", SPH_SMC_VERSION, 0, 0, 0, 0, SPH_SMC_ABI_MAJOR << 16 | SPH_SMC_ABI_MINOR },
		{ "unknown call", SPH_SMC_BASE + 0xff, 0, 0, 0, 0, UNKNOWN },
		{ "64-bit call", 0xc4000003, 0, 0, 0, 0, UNKNOWN },
		{ "call 0", 0, 0, 0, 0, 0, UNKNOWN },
		{ "partition unknown", SPH_SMC_FLASH_PARTITION, 3, 0, 0, 0, INVALID },
		{ "erase system", SPH_SMC_FLASH_ERASE, SPH_PART_SYSTEM, 0, 0, 0, DENIED },
		{ "erase apps", SPH_SMC_FLASH_ERASE, SPH_PART_APPS, 0, 0, 0, DENIED },
		{ "erase unknown", SPH_SMC_FLASH_ERASE, ~0u, 0, 0, 0, INVALID },
		{ "erase behind", SPH_SMC_FLASH_ERASE, st, end, 0, 0, INVALID },
		{ "erase wrap", SPH_SMC_FLASH_ERASE, st, 0u - SECTOR, 0, 0, INVALID },
		{ "erase misaligned", SPH_SMC_FLASH_ERASE, st, 4, 0, 0, INVALID },
		{ "program system", SPH_SMC_FLASH_PROGRAM, SPH_PART_SYSTEM, 0, buf, 4, DENIED },
		{ "program behind", SPH_SMC_FLASH_PROGRAM, st, end, buf, 4, INVALID },
		{ "program over end", SPH_SMC_FLASH_PROGRAM, st, end - 4, buf, 8, INVALID },
		{ "program nothing", SPH_SMC_FLASH_PROGRAM, st, 0, buf, 0, INVALID },
		{ "program too much", SPH_SMC_FLASH_PROGRAM, st, 0, buf, 4100, INVALID },
		{ "program byte", SPH_SMC_FLASH_PROGRAM, st, 1, buf, 4, INVALID },
		{ "from byte", SPH_SMC_FLASH_PROGRAM, st, 0, buf + 1, 4, INVALID },
		{ "from RAM's end", SPH_SMC_FLASH_PROGRAM, st, 0, ram_end - 4, 8, ADDRESS },
		{ "from behind RAM", SPH_SMC_FLASH_PROGRAM, st, 0, ram_end, 4, ADDRESS },
		{ "from before RAM", SPH_SMC_FLASH_PROGRAM, st, 0, RAM_BASE - 4, 8, ADDRESS },
		{ "from 0", SPH_SMC_FLASH_PROGRAM, st, 0, 0, 4, ADDRESS },
		{ "from the top", SPH_SMC_FLASH_PROGRAM, st, 0, 0xfffffffc, 8, ADDRESS },
		{ "from SRAM", SPH_SMC_FLASH_PROGRAM, st, 0, SECURE_SRAM_BASE, 4, ADDRESS },
		{ "from UART", SPH_SMC_FLASH_PROGRAM, st, 0, SECURE_UART_BASE, 4, ADDRESS },
		{ "from flash", SPH_SMC_FLASH_PROGRAM, st, 0, FLASH_BASE, 4, ADDRESS },
	};

	for (uint32_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		check(tries[i].what,
		      call4(tries[i].id, tries[i].a, tries[i].b, tries[i].c,
					   tries[i].d) == tries[i].status);
}

static void test_flash(void)
{
	const uint32_t last = FLASH_STORAGE_BYTES - sizeof(buffer);
	uint32_t regs[5] = { SPH_SMC_FLASH_GEOMETRY };
	bool same = true;

	check("geometry", call(regs) == 0 && regs[1] == FLASH_BASE &&
				  regs[2] == SECTOR && regs[3] == 4);
	check("erase first",
	      !call4(SPH_SMC_FLASH_ERASE, SPH_PART_STORAGE, 0, 0, 0));
	check("erase last", !call4(SPH_SMC_FLASH_ERASE, SPH_PART_STORAGE,
				   FLASH_STORAGE_BYTES - SECTOR, 0, 0));
	check("erased",
	      REG(STORAGE) == ~0u && REG(STORAGE + SECTOR - 4) == ~0u);
	for (uint32_t i = 0; i < sizeof(buffer) / 4; i++)
		buffer[i] = i * 0x01000193 ^ 0x811c9dc5;
	check("program one word",
	      !call4(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, 8,
					 (uint32_t)buffer, 4));
	check("only that word", REG(STORAGE + 8) == buffer[0] &&
					REG(STORAGE + 4) == ~0u &&
					REG(STORAGE + 12) == ~0u);
	check("program the longest",
	      !call4(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, last,
					    (uint32_t)buffer, sizeof(buffer)));
	for (uint32_t i = 0; i < sizeof(buffer) / 4; i++)
		same = same && REG(STORAGE + last + i * 4) == buffer[i];
	check("reads back", same);
	buffer[0] = ~0u;
	check("program does not set bits",
	      call4(SPH_SMC_FLASH_PROGRAM, SPH_PART_STORAGE, 8,
						 (uint32_t)buffer, 4) == SPH_SMC_E_IO);
}

static void test_worlds(void)
{
	uint32_t value;

	check("secure SRAM faults", guarded_read(SECURE_SRAM_BASE, &value));
	check("flash 0 faults", guarded_read(SECURE_FLASH_BASE, &value));
	check("secure UART faults",
	      guarded_read(SECURE_UART_BASE + 0x18, &value));
	check("power GPIO faults",
	      guarded_read(SECURE_GPIO_BASE + 0x3fc, &value));
	check("flash 1 does not", !guarded_read(FLASH_BASE, &value));
}

static void test_registers(void)
{
	check("r4-r14, VFP kept: version", !smc_preserves(PSCI_VERSION));
	check("r4-r14, VFP kept: erase refused",
	      !smc_preserves(SPH_SMC_FLASH_ERASE));
	check("r4-r14, VFP kept: unknown", !smc_preserves(SPH_SMC_BASE + 0xff));
}

/* The interrupt stays masked: CPU_SUSPEND must end because it is pending. */
static void test_suspend(void)
{
	uint32_t control = 0;

	GICD_ISENABLER0 = 1u << TIMER_PPI;
	GICC_PMR = 0xf0;
	GICC_CTLR = 1;
	GICD_CTLR = 1;
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 0" ::"r"(62500)); /* CNTP_TVAL: 1 ms */
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 1" ::"r"(1));     /* CNTP_CTL: enable */
	__asm__ volatile("isb");
	check("CPU_SUSPEND returns", !call4(PSCI_CPU_SUSPEND, 0, 0, 0, 0));
	__asm__ volatile("mrc p15, 0, %0, c14, c2, 1" : "=r"(control));
	check("the timer has fired", control & 4);
	check("its interrupt is ours", GICC_HPPIR == TIMER_PPI);
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 1" ::"r"(0));
}

static bool are_equal(const void *a, const void *b, uint32_t bytes)
{
	const uint8_t *x = a, *y = b;

	while (bytes && *x++ == *y++)
		bytes--;
	return !bytes;
}

static void get_random(uint32_t random[3])
{
	uint32_t regs[5] = { TRNG_RND, TRNG_BITS_MAX };

	check("TRNG_RND", call(regs) == 0);
	for (uint32_t i = 0; i < 3; i++)
		random[i] = regs[1 + i];
}

/* What the monitor took of the device tree must not be left there. */
static void test_seed_is_gone(void)
{
	struct fdt_value seed = { 0, 0 };
	bool zero = true;

	check("the tree is there", !fdt_find(RAM_BASE, 0x100000, "secure-chosen", "rng-seed", &seed));
	for (uint32_t at = 0; at < seed.bytes; at += 4)
		zero = zero && !REG(seed.address + at);
	check("the secure seed is gone", seed.bytes >= 32 && zero);
	check("the normal seed is there", !fdt_find(RAM_BASE, 0x100000, "chosen", "rng-seed", &seed) &&
						  REG(seed.address) != REG(seed.address + 4));
}

static void test_device(bool is_first)
{
	struct sph_device_info *info = (struct sph_device_info *)buffer;
	struct sph_attestation *attestation = (struct sph_attestation *)(buffer + 64);
	struct sph_key_request *request = (struct sph_key_request *)(buffer + 192);
	uint32_t random[3], more[3];

	for (uint32_t i = 0; i < 512; i++)
		buffer[i] = 0;
	get_random(random);
	get_random(more);
	check("random numbers differ", !are_equal(random, more, sizeof(random)));
	check("TRNG_VERSION", call4(TRNG_VERSION, 0, 0, 0, 0) == 0x10000);
	check("TRNG_RND 97 bits", call4(TRNG_RND, 97, 0, 0, 0) == TRNG_INVALID_PARAMETERS);
	check("DEVICE_INFO", !call4(SPH_SMC_DEVICE_INFO, (uint32_t)info, 0, 0, 0) &&
				     info->point[0] == 4 && info->stage == SPH_STAGE_BLANK);
	attestation->nonce[5] = 0xa5;
	check("ATTEST", !call4(SPH_SMC_ATTEST, (uint32_t)attestation, 0, 0, 0) &&
				attestation->magic == SPH_ATTESTATION_MAGIC &&
				attestation->nonce[5] == 0xa5);
	check("ATTEST names the device", are_equal(attestation->device_id, info->device_id, 32));
	request->purpose = SPH_KEY_APP;
	check("KEY_DERIVE refused",
	      call4(SPH_SMC_KEY_DERIVE, (uint32_t)request, 0, 0, 0) == SPH_SMC_E_ABSENT);
	check("DEVICE_INFO to SRAM",
	      call4(SPH_SMC_DEVICE_INFO, SECURE_SRAM_BASE, 0, 0, 0) == ADDRESS);
	check("ATTEST to SRAM", call4(SPH_SMC_ATTEST, SECURE_SRAM_BASE, 0, 0, 0) == ADDRESS);
	check("DEVICE_ORDER of nothing", call4(SPH_SMC_DEVICE_ORDER, (uint32_t)(buffer + 256), 0, 0,
					       0) == SPH_SMC_E_REFUSED);
	if (!is_first) {
		check("the same device", are_equal(kept.device_id, info->device_id, 32));
		check("other random numbers", !are_equal(kept.random, random, sizeof(random)));
	}
	for (uint32_t i = 0; i < 32; i++)
		kept.device_id[i] = info->device_id[i];
	for (uint32_t i = 0; i < 3; i++)
		kept.random[i] = random[i];
}

static uint32_t now(void)
{
	uint32_t low, high;

	__asm__ volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(low), "=r"(high));
	return low;
}

/* Says the longest of these calls, all with a record that is good for each. */
static void say_longest(const char *what, const uint32_t *ids, uint32_t count)
{
	uint32_t longest = 0;

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t begin = now();
		uint32_t ticks;

		call4(ids[i], (uint32_t)buffer, (uint32_t)buffer, 0, 0);
		ticks = now() - begin;
		longest = ticks > longest ? ticks : longest;
	}
	put("time: ");
	put(what);
	put(" ");
	put_number(longest * 2 / 125);		/* 62.5 MHz */
	put(" us\r\n");
}

/* The bounds of abi/smc.md; whoever counts instructions compares. */
static void test_time(void)
{
	static const uint32_t questions[] = {
		PSCI_VERSION, SPH_SMC_VERSION, SPH_SMC_BOOT_INFO, SPH_SMC_TELEMETRY,
		SPH_SMC_FLASH_GEOMETRY, SPH_SMC_FLASH_PARTITION, SPH_SMC_IMAGE_INFO, SPH_SMC_IMAGE_SPACE,
		SPH_SMC_IMAGE_HOLD, SPH_SMC_TRUST_INFO, SPH_SMC_DEVICE_INFO, SPH_SMC_KEY_DERIVE, TRNG_RND,
		SPH_SMC_DEVICE_ORDER, SPH_SMC_BASE + 0xff,
	};
	static const uint32_t signatures[] = { SPH_SMC_ATTEST };

	say_longest("question", questions, sizeof(questions) / sizeof(questions[0]));
	say_longest("signature", signatures, sizeof(signatures) / sizeof(signatures[0]));
}

/* Everything that could stop the watchdog, then a loop with all masked. */
static noreturn void test_watchdog(void)
{
	const uint32_t ppi = 1u << WATCHDOG_PPI;
	const uint32_t id = SPH_SMC_WATCHDOG;
	uint32_t begin, now, high;

	check("watchdog: 0 ms", call4(id, 0, 0, 0, 0) == INVALID);
	check("watchdog: too short", call4(id, SPH_WATCHDOG_MIN_MS - 1, 0, 0, 0) == INVALID);
	check("watchdog: too long", call4(id, SPH_WATCHDOG_MAX_MS + 1, 0, 0, 0) == INVALID);
	check("watchdog: longest", !call4(id, SPH_WATCHDOG_MAX_MS, 0, 0, 0));
	for (uint32_t i = 0; i < 4; i++) {
		check("watchdog: renewed", !call4(id, 500, 0, 0, 0));
		__asm__ volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(begin), "=r"(high));
		do {
			__asm__ volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(now), "=r"(high));
		} while (now - begin < 200 * 62500);
	}
	check("watchdog: 0 ms does not stop it", call4(id, 0, 0, 0, 0) == INVALID);
	REG(GICD_BASE + 0x080) = ~0u;			/* IGROUPR */
	REG(GICD_BASE + 0x180) = ppi;			/* ICENABLER */
	REG(GICD_BASE + 0x280) = ppi;			/* ICPENDR */
	REG(GICD_BASE + 0x400 + 28) = ~0u;		/* IPRIORITYR */
	REG(GICD_BASE + 0xc04) = 0;			/* ICFGR */
	check("watchdog: not seen enabled", !(REG(GICD_BASE + 0x100) & ppi));
	GICC_PMR = 0;
	GICC_CTLR = 0;
	GICD_CTLR = 0;
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 1" ::"r"(0));
	put("world: waiting for the watchdog\r\n");
	__asm__ volatile("cpsid aif\n1:\tb 1b");
	__builtin_unreachable();
}

noreturn void main(uint32_t r0, uint32_t r1, uint32_t dtb, uint32_t psr)
{
	uint32_t regs[5] = { SPH_SMC_BOOT_INFO };
	uint32_t reason;

	call(regs);
	reason = regs[2];
	if (reason == SPH_RESET_FAULT) {
		put("world: reset after a fault\r\n");
		finish();
	}
	if (kept.magic == KEPT_MAGIC) {
		check("second boot: reset was requested",
		      reason == SPH_RESET_REQUESTED);
		test_seed_is_gone();
		test_device(false);
		kept.magic = WATCHDOG_MAGIC;
		test_watchdog();
	}
	if (kept.magic == WATCHDOG_MAGIC) {
		check("third boot: reset by the watchdog",
		      reason == SPH_RESET_WATCHDOG);
		finish();
	}
	kept.passed = kept.failed = 0;
	kept.magic = KEPT_MAGIC;
	check("first boot: power on", reason == SPH_RESET_POWER_ON);
	test_entry(r0, r1, dtb, psr);
	test_seed_is_gone();
	test_device(true);
	test_refusals();
	test_flash();
	test_worlds();
	test_registers();
	test_suspend();
	test_time();
	call4(PSCI_SYSTEM_RESET, 0, 0, 0, 0);
	check("reset returned", false);
	finish();
}
