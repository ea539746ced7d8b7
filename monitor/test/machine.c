// SPDX-License-Identifier: GPL-2.0-only
/* The machine of the tests.  See machine.h. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu.h"
#include "io.h"
#include "monitor/plat.h"
#include "monitor/probe.h"
#include "monitor/smc.h"

#define BOTH(x)			((uint32_t)(x) << 16 | (uint32_t)(x))
#define UPPER(x)		((uint32_t)(x) << 16)
#define BUSY_POLLS		3
#define BUFFER_BYTES		64u	/* both chips */
#define BUFFER_WORDS		(BUFFER_BYTES / 4)

struct machine machine;

enum flash_mode {
	MODE_ARRAY,
	MODE_QUERY,
	MODE_STATUS,
	MODE_ERASE_SETUP,
	MODE_BUFFER_COUNT,
	MODE_BUFFER_DATA,
	MODE_BUFFER_CONFIRM,
};

/* A bank: two chips side by side. */
struct bank {
	uint32_t base, bytes, sector_bytes;
	uint8_t *cells;
	const uint8_t *query;
	enum flash_mode mode;
	uint32_t status, polls;
	uint32_t at, words, got;
	uint32_t buffer[BUFFER_WORDS];
};

static const uint8_t secure_query[sizeof(machine.query)] = {
	[0x10] = 'Q', 'R', 'Y', 0x01,
	[0x27] = 15, /* 32 KiB each */
	[0x2a] = 5,
	[0x2c] = 1, MACHINE_SECURE_SECTORS - 1, 0, MACHINE_SECURE_SECTOR / 2 / 256, 0,
};

static struct bank banks[] = {
	{
		.base = MACHINE_FLASH_BASE,
		.bytes = MACHINE_FLASH_BYTES,
		.sector_bytes = MACHINE_SECTOR,
		.cells = machine.flash,
		.query = machine.query,
	},
	{
		.base = MACHINE_SECURE_BASE,
		.bytes = MACHINE_SECURE_BYTES,
		.sector_bytes = MACHINE_SECURE_SECTOR,
		.cells = machine.secure,
		.query = secure_query,
	},
};

#define BANK_COUNT		(sizeof(banks) / sizeof(banks[0]))

static const uint32_t ram_sizes_kib[] = { 16, 8 };

#define SLOT(start)                                                                             \
	{                                                                                       \
		.offset = (start), .manifest_offset = (start) + MACHINE_SLOT_MANIFEST,          \
		.dtb_offset = (start), .kernel_offset = (start) + MACHINE_SLOT_KERNEL,          \
		.part = {                                                                       \
			{ (start) + 2 * MACHINE_SECTOR, 4 * MACHINE_SECTOR, 0 },                \
			{ MACHINE_APPS, MACHINE_APPS_BYTES, 0 },                                \
			{ MACHINE_STORAGE, MACHINE_STORAGE_BYTES, SPH_PART_F_WRITABLE },        \
		},                                                                              \
	}

const struct plat plat = {
	.name = "test",
	.flash_base = MACHINE_FLASH_BASE,
	.flash_bytes = MACHINE_FLASH_BYTES,
	.flash_sector_bytes = MACHINE_SECTOR,
	.boot_record_offset = { 0, MACHINE_SECTOR },
	.trust_offset = MACHINE_TRUST,
	.secure_flash_base = MACHINE_SECURE_BASE,
	.secure_flash_bytes = MACHINE_SECURE_BYTES,
	.secure_flash_sector_bytes = MACHINE_SECURE_SECTOR,
	.state_offset = MACHINE_STATE,
	.state_sectors = MACHINE_STATE_SECTORS,
	.slot = { SLOT(MACHINE_SLOT_A), SLOT(MACHINE_SLOT_B) },
	.slot_bytes = MACHINE_SLOT_BYTES,
	.dtb_stride_bytes = MACHINE_DTB_STRIDE,
	.ram_base = MACHINE_RAM_BASE,
	.ram_sizes_kib = ram_sizes_kib,
	.ram_size_count = 2,
	.timer_hz = 1000,
};

static void violation(const char *what, uint32_t address)
{
	fprintf(stderr, "machine: %s at 0x%08x\n", what, address);
	abort();
}

void machine_power_on(void)
{
	for (size_t i = 0; i < BANK_COUNT; i++) {
		banks[i].mode = MODE_ARRAY;
		banks[i].status = 0;
	}
	memset(machine.ram, 0, sizeof(machine.ram));
	machine.cut_at = 0;
	machine.flash_in_array_mode = true;
}

void machine_init(void)
{
	static const uint8_t query[sizeof(machine.query)] = {
		[0x10] = 'Q', 'R', 'Y', 0x01,
		[0x27] = 17, /* 128 KiB each */
		[0x2a] = 5,
		[0x2c] = 1, MACHINE_SECTORS - 1, 0, MACHINE_SECTOR / 2 / 256, 0,
	};

	memset(&machine, 0, sizeof(machine));
	memset(machine.flash, 0xff, sizeof(machine.flash));
	memset(machine.secure, 0xff, sizeof(machine.secure));
	memcpy(machine.query, query, sizeof(query));
	machine.ram_bytes = MACHINE_RAM_BYTES;
	machine_power_on();
}

bool machine_run(void (*work)(void))
{
	machine.end = END_NONE;
	if (setjmp(machine.ended))
		return false;
	work();
	return true;
}

bool machine_smc(uint32_t regs[5])
{
	struct smc_frame frame = {
		.r0 = regs[0], .r1 = regs[1], .r2 = regs[2], .r3 = regs[3], .r4 = regs[4],
	};

	machine.end = END_NONE;
	if (setjmp(machine.ended))
		return false;
	smc_dispatch(&frame);
	regs[0] = frame.r0;
	regs[1] = frame.r1;
	regs[2] = frame.r2;
	regs[3] = frame.r3;
	if (frame.r4 != regs[4])
		violation("r4 changed", frame.r4);
	return true;
}

/* ---- Flash --------------------------------------------------------------- */

static uint32_t load(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* Those bits of a word that change in a command that is cut in the middle of them. */
#define TORN_BITS		0x5a0f33a5u

static bool is_cut(void)
{
	return ++machine.flash_commands == machine.cut_at;
}

static noreturn void cut(void)
{
	machine.end = END_CUT;
	longjmp(machine.ended, 1);
}

/* Of @count, how many are done when the power fails. */
static uint32_t done_of(uint32_t count)
{
	return machine.cut == CUT_ALL ? count : count / 2;
}

static noreturn void cut_erase(uint8_t *sector, uint32_t bytes)
{
	const uint32_t done = done_of(bytes);

	memset(sector, 0xff, done);
	for (uint32_t i = done; machine.cut == CUT_TORN && i < bytes; i++)
		sector[i] |= (uint8_t)(TORN_BITS >> i % 4 * 8);
	cut();
}

static void erase(struct bank *chip, uint32_t offset)
{
	uint8_t *sector = chip->cells + offset / chip->sector_bytes * chip->sector_bytes;

	if (is_cut())
		cut_erase(sector, chip->sector_bytes);
	memset(sector, 0xff, chip->sector_bytes);
	if (chip == &banks[0])
		machine.erases[offset / chip->sector_bytes]++;
	if (machine.fault == FAULT_ERASE_STATUS || machine.flash_commands == machine.fail_at)
		chip->status |= UPPER(0x20);
}

static void tear(uint8_t *cell, uint32_t word)
{
	const uint32_t value = load(cell) & (word | ~TORN_BITS);

	memcpy(cell, &value, sizeof(value));
}

static void program(struct bank *chip)
{
	const bool fails = is_cut();
	const uint32_t words = fails ? done_of(chip->words) : chip->words;

	if (fails && machine.cut == CUT_TORN)
		tear(chip->cells + chip->at + words * 4, chip->buffer[words]);
	for (uint32_t i = 0; i < words; i++) {
		uint8_t *cell = chip->cells + chip->at + i * 4;
		uint32_t value = load(cell) & chip->buffer[i];

		if (machine.fault == FAULT_BAD_CELL && i == chip->words - 1)
			value ^= 0x00010000;
		memcpy(cell, &value, sizeof(value));
	}
	if (fails)
		cut();
	if (machine.fault == FAULT_PROGRAM_STATUS || machine.flash_commands == machine.fail_at)
		chip->status |= UPPER(0x10);
}

static void go_busy(struct bank *chip, enum flash_mode mode)
{
	chip->mode = mode;
	chip->polls = 0;
}

static uint32_t read_status(struct bank *chip)
{
	if (chip->polls++ < BUSY_POLLS)
		return chip->status;
	if (machine.fault == FAULT_NEVER_READY)
		return chip->status | 0x80;
	return chip->status | BOTH(0x80);
}

static uint32_t flash_read(struct bank *chip, uint32_t offset)
{
	uint32_t value = 0;

	switch (chip->mode) {
	case MODE_ARRAY:
		return load(chip->cells + offset);
	case MODE_QUERY:
		if (offset / 4 < sizeof(machine.query))
			value = BOTH(chip->query[offset / 4]);
		return machine.chip_missing ? value & 0xffff : value;
	case MODE_STATUS:
	case MODE_BUFFER_COUNT:
		return read_status(chip);
	case MODE_ERASE_SETUP:
	case MODE_BUFFER_DATA:
	case MODE_BUFFER_CONFIRM:
		break;
	}
	violation("flash read inside a command", offset);
	return 0;
}

static void flash_command(struct bank *chip, uint32_t offset, uint32_t value)
{
	if (value == BOTH(0xff))
		chip->mode = MODE_ARRAY;
	else if (value == BOTH(0x98) && offset == 0x55 * 4)
		chip->mode = MODE_QUERY;
	else if (value == BOTH(0x50))
		chip->status = 0;
	else if (value == BOTH(0x20))
		chip->mode = MODE_ERASE_SETUP;
	else if (value == BOTH(0xe8))
		go_busy(chip, MODE_BUFFER_COUNT);
	else
		violation("unknown flash command", value);
	chip->at = offset;
	machine.flash_in_array_mode = banks[0].mode == MODE_ARRAY && banks[1].mode == MODE_ARRAY;
}

static void flash_write(struct bank *chip, uint32_t offset, uint32_t value)
{
	switch (chip->mode) {
	case MODE_ARRAY:
	case MODE_QUERY:
	case MODE_STATUS:
		flash_command(chip, offset, value);
		return;
	case MODE_ERASE_SETUP:
		if (value != BOTH(0xd0) || offset != chip->at ||
		    offset % chip->sector_bytes)
			violation("erase not confirmed", offset);
		erase(chip, offset);
		go_busy(chip, MODE_STATUS);
		return;
	case MODE_BUFFER_COUNT:
		/* The driver has given up waiting. */
		if (value == BOTH(0x50) || value == BOTH(0xff)) {
			flash_command(chip, offset, value);
			return;
		}
		chip->words = (value & 0xffff) + 1;
		chip->got = 0;
		if (value != BOTH(chip->words - 1) ||
		    chip->words > BUFFER_WORDS ||
		    chip->at % BUFFER_BYTES + chip->words * 4 > BUFFER_BYTES)
			violation("write buffer overrun", value);
		chip->mode = MODE_BUFFER_DATA;
		return;
	case MODE_BUFFER_DATA:
		if (offset != chip->at + chip->got * 4)
			violation("data out of order", offset);
		chip->buffer[chip->got++] = value;
		if (chip->got == chip->words)
			chip->mode = MODE_BUFFER_CONFIRM;
		return;
	case MODE_BUFFER_CONFIRM:
		if (value != BOTH(0xd0) || offset != chip->at)
			violation("program not confirmed", offset);
		program(chip);
		go_busy(chip, MODE_STATUS);
		return;
	}
}

/* ---- What the monitor's sources call ------------------------------------- */

static struct bank *bank_at(uint32_t address)
{
	if (address % 4)
		violation("misaligned access", address);
	for (size_t i = 0; i < BANK_COUNT; i++) {
		if (address - banks[i].base < banks[i].bytes)
			return &banks[i];
	}
	return NULL;
}

static uint8_t *ram_at(uint32_t address)
{
	uint32_t offset = address - MACHINE_RAM_BASE;

	if (machine.ram_wraps && offset < MACHINE_RAM_BYTES)
		offset %= machine.ram_bytes;
	return offset < machine.ram_bytes ? machine.ram + offset : NULL;
}

uint32_t io_read32(uint32_t address)
{
	struct bank *chip = bank_at(address);

	if (chip)
		return flash_read(chip, address - chip->base);
	if (!ram_at(address))
		violation("read of nothing", address);
	machine.ram_reads++;
	return load(ram_at(address));
}

void io_write32(uint32_t address, uint32_t value)
{
	struct bank *chip = bank_at(address);

	if (chip) {
		flash_write(chip, address - chip->base, value);
		return;
	}
	if (!ram_at(address))
		violation("write to nothing", address);
	machine.ram_writes++;
	memcpy(ram_at(address), &value, sizeof(value));
}

void io_copy_in(uint32_t *to, uint32_t address, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes / 4; i++)
		to[i] = io_read32(address + i * 4);
}

int probe_read32(uint32_t address, uint32_t *value)
{
	if (!ram_at(address))
		return -1;
	*value = load(ram_at(address));
	return 0;
}

int probe_write32(uint32_t address, uint32_t value)
{
	if (!ram_at(address))
		return -1;
	memcpy(ram_at(address), &value, sizeof(value));
	return 0;
}

void cpu_wait_for_interrupt(void)
{
	machine.waits++;
}

void cpu_barrier(void)
{
}

uint32_t cpu_ticks(void)
{
	return machine.ticks++;
}

void cpu_secure_timer_start(uint64_t ticks)
{
	machine.watchdog_ticks = ticks;
}

int cpu_secure_timer_has_fired(void)
{
	return machine.watchdog_fired;
}

void plat_console_putc(char c)
{
	machine.said = c;
	if (machine.console_bytes < sizeof(machine.console) - 1)
		machine.console[machine.console_bytes++] = c;
}

static bool input_waits(void)
{
	for (uint32_t i = 0; i < machine.input_waits_count; i++)
		if (machine.input_waits[i] == machine.input_at)
			return machine.said != 'C';
	return false;
}

int plat_console_getc(uint32_t timeout_ms)
{
	(void)timeout_ms;
	if (machine.input_at == machine.input_bytes || input_waits())
		return -1;
	return machine.input[machine.input_at++];
}

noreturn void plat_power_off(void)
{
	machine.end = END_POWER_OFF;
	longjmp(machine.ended, 1);
}

uint32_t plat_take_entropy(uint8_t *bytes, uint32_t max)
{
	const uint32_t n = machine.entropy_bytes < max ? machine.entropy_bytes : max;

	memcpy(bytes, machine.entropy, n);
	return n;
}

noreturn void plat_reset(uint32_t reason)
{
	machine.end = END_RESET;
	machine.reset_reason = reason;
	longjmp(machine.ended, 1);
}
