/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small machine for tests of the monitor on the host: CFI flash, RAM, console, power.
 *
 * An access outside flash and RAM, misaligned, or of a kind that the flash's state does not allow
 * ends the test program: the monitor must never make one.
 */
#ifndef MONITOR_TEST_MACHINE_H
#define MONITOR_TEST_MACHINE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#define MACHINE_FLASH_BASE	0x04000000u
#define MACHINE_SECTOR		4096u
#define MACHINE_SECTORS		64u
#define MACHINE_FLASH_BYTES	(MACHINE_SECTORS * MACHINE_SECTOR)
#define MACHINE_SECURE_BASE	0x70000000u	/* a second flash, for the state */
#define MACHINE_SECURE_SECTOR	(16u * 1024)
#define MACHINE_SECURE_SECTORS	4u
#define MACHINE_SECURE_BYTES	(MACHINE_SECURE_SECTORS * MACHINE_SECURE_SECTOR)
#define MACHINE_STATE		MACHINE_SECURE_SECTOR	/* behind the monitor's program */
#define MACHINE_STATE_SECTORS	3u
#define MACHINE_RAM_BASE	0x40000000u
#define MACHINE_RAM_BYTES	(16u * 1024)	/* the larger of two sizes: 16 and 8 KiB */

/* Sector 0 and 1 boot records; slots at 2 and 8; then apps, storage, free sectors. */
#define MACHINE_SLOT_A		(2 * MACHINE_SECTOR)
#define MACHINE_SLOT_B		(8 * MACHINE_SECTOR)
#define MACHINE_SLOT_KERNEL	(1 * MACHINE_SECTOR)
#define MACHINE_SLOT_SYSTEM	(2 * MACHINE_SECTOR)
#define MACHINE_SLOT_BYTES	(6 * MACHINE_SECTOR)
#define MACHINE_SLOT_MANIFEST	2048u		/* behind both device trees */
#define MACHINE_DTB_STRIDE	1024u
#define MACHINE_TRUST		2048u		/* in the first sector, behind the boot record */
#define MACHINE_APPS		(14 * MACHINE_SECTOR)
#define MACHINE_APPS_BYTES	(24 * MACHINE_SECTOR)
#define MACHINE_STORAGE		(38 * MACHINE_SECTOR)
#define MACHINE_STORAGE_BYTES	(8 * MACHINE_SECTOR)

enum machine_fault {
	FAULT_NONE,
	FAULT_ERASE_STATUS,		/* one chip reports an erase failure */
	FAULT_PROGRAM_STATUS,		/* one chip reports a program failure */
	FAULT_NEVER_READY,		/* one chip stays busy */
	FAULT_BAD_CELL,			/* programming leaves one bit wrong, status is good */
};

/* What of a command is done when the power fails in it.  Nothing: that is CUT_ALL in the one before. */
enum machine_cut {
	CUT_HALF,			/* its first half */
	CUT_ALL,			/* and nobody has read its status */
	CUT_TORN,			/* its first half, and some bits of what follows */
	CUT_COUNT,
};

enum machine_end {
	END_NONE,
	END_POWER_OFF,
	END_RESET,
	END_CUT,			/* the power failed in the middle of a command of the flash */
};

struct machine {
	uint8_t flash[MACHINE_FLASH_BYTES];
	uint8_t secure[MACHINE_SECURE_BYTES];
	uint8_t ram[MACHINE_RAM_BYTES];
	uint32_t ram_bytes;		/* that answer */
	bool ram_wraps;			/* what is behind them answers too, as an image of them */
	uint8_t query[0x40];		/* of each chip of the first flash */
	bool chip_missing;		/* the upper half of the bus reads 0 */
	enum machine_fault fault;

	char console[1024];
	uint32_t console_bytes;
	const uint8_t *input;		/* what comes from the console, then silence */
	uint32_t input_bytes, input_at;
	uint32_t input_waits[4];	/* before these bytes of it the sender waits for a 'C' */
	uint32_t input_waits_count;
	char said;			/* to the console, last */
	uint32_t waits;			/* for interrupts */
	uint32_t ticks;
	uint32_t ram_reads;		/* words of RAM read through io_*() */
	uint32_t ram_writes;		/* likewise written */
	uint8_t entropy[64];		/* what the board's source gives at this start */
	uint32_t entropy_bytes;
	uint32_t erases[MACHINE_SECTORS];	/* of the first flash, by sector */
	uint32_t flash_commands;	/* erase and program, of both */
	uint32_t cut_at;		/* the command in whose middle the power fails; 0: none */
	enum machine_cut cut;
	uint32_t fail_at;		/* the command that is done and reports a failure; 0: none */
	bool flash_in_array_mode;	/* both */
	uint64_t watchdog_ticks;	/* that the secure timer was last given; 0: never started */
	bool watchdog_fired;

	enum machine_end end;
	uint32_t reset_reason;
	jmp_buf ended;			/* where plat_power_off() and plat_reset() go */
};

extern struct machine machine;

/* Erased flash, zeroed RAM, no faults. */
void machine_init(void);

/*
 * Runs @work until its end.  False when it ended in power off, reset or a cut; @machine.end says
 * which.  After a cut machine_power_on() makes the machine usable: the flash is as the cut left it.
 */
bool machine_run(void (*work)(void));
void machine_power_on(void);

/* One call of the normal world; regs are r0 to r4.  False when it ended in power off or reset. */
bool machine_smc(uint32_t regs[5]);

#endif
