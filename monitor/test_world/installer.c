// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program for the normal world that installs and removes images for ever, to be cut off.
 *
 * It says what is installed and whether the monitor vouches for it, then works through its plan:
 * "begin N" before the one call that changes the installed set, "done N" behind it.  The packages
 * lie in the partition "storage": a struct shelf, then they.  Runs in place of Linux.
 */
#include <stdint.h>
#include <stdnoreturn.h>

#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "flash_map.h"
#include "tools.h"

#define SHELF			((const struct shelf *)(FLASH_BASE + FLASH_STORAGE))
#define SHELF_MAX		8
#define STEP_MAX		3
#define NONE			0xff

struct shelf {
	uint32_t count;
	struct {
		uint32_t offset, bytes;		/* offset from the shelf */
		uint32_t component_id[4];
	} packages[SHELF_MAX];
};

/* A transaction: the packages that come, or the one whose component goes. */
static const struct step {
	uint8_t install[STEP_MAX], remove;
} plan[] = {
	{ { 0, NONE, NONE }, NONE },
	{ { 1, 2, NONE }, NONE },
	{ { NONE, NONE, NONE }, 2 },
	{ { 0, 3, 4 }, NONE },
	{ { NONE, NONE, NONE }, 4 },
	{ { 1, NONE, NONE }, NONE },
	{ { 4, NONE, NONE }, NONE },
	{ { NONE, NONE, NONE }, 0 },
};

#define PLAN_STEPS		(sizeof(plan) / sizeof(plan[0]))

noreturn void main(uint32_t r0, uint32_t r1, uint32_t dtb, uint32_t psr);
noreturn void report_unexpected(void);

static uint32_t buffer[SPH_SMC_PROGRAM_MAX / sizeof(uint32_t)];
static struct sph_image_info info;

static noreturn void stop(const char *what, uint32_t number)
{
	put("installer: trouble ");
	put(what);
	put(" ");
	put_number(number);
	put("\r\n");
	for (;;)
		;
}

noreturn void report_unexpected(void)
{
	stop("exception", 0);
}

static int32_t call_again(uint32_t id, uint32_t a)
{
	int32_t status;

	do {
		status = call4(id, a, 0, 0, 0);
	} while (status == SPH_SMC_E_AGAIN);
	return status;
}

static void must(const char *what, int32_t status)
{
	if (status)
		stop(what, (uint32_t)-status);
}

static void list(void)
{
	for (uint32_t i = 0; !call4(SPH_SMC_IMAGE_INFO, i, (uint32_t)&info, 0, 0); i++) {
		put("installer: image");
		for (uint32_t k = 0; k < sizeof(info.image_id); k++) {
			put(" ");
			put_number(info.image_id[k]);
		}
		must("verify", call_again(SPH_SMC_IMAGE_VERIFY, info.offset));
		put("\r\n");
	}
}

static void stage(uint32_t number)
{
	const uint32_t bytes = SHELF->packages[number].bytes;
	const uint32_t *from = (const uint32_t *)((uint32_t)SHELF + SHELF->packages[number].offset);
	uint32_t regs[5] = { SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_APP, bytes };
	uint32_t handle;

	must("begin", call(regs));
	handle = regs[1];
	for (uint32_t done = 0; done < bytes; done += sizeof(buffer)) {
		const uint32_t n = bytes - done < sizeof(buffer) ? bytes - done : sizeof(buffer);

		for (uint32_t i = 0; i < n / sizeof(uint32_t); i++)
			buffer[i] = *from++;
		must("write", call4(SPH_SMC_IMAGE_WRITE, handle, done, (uint32_t)buffer, n));
	}
	must("finish", call_again(SPH_SMC_IMAGE_FINISH, handle));
}

static void say(const char *what, uint32_t number)
{
	put("installer: ");
	put(what);
	put(" ");
	put_number(number);
	put("\r\n");
}

static void do_step(uint32_t number)
{
	const struct step *step = &plan[number];
	const uint32_t *id;

	for (uint32_t i = 0; i < STEP_MAX; i++) {
		if (step->install[i] != NONE)
			stage(step->install[i]);
	}
	say("begin", number);
	if (step->remove == NONE) {
		must("install", call4(SPH_SMC_IMAGE_INSTALL, 0, 0, 0, 0));
	} else {
		id = SHELF->packages[step->remove].component_id;
		/* After a cut it may not be there. */
		if (call4(SPH_SMC_IMAGE_REMOVE, id[0], id[1], id[2], id[3]))
			put("installer: was not there\r\n");
	}
	say("done", number);
}

noreturn void main(uint32_t r0, uint32_t r1, uint32_t dtb, uint32_t psr)
{
	(void)r0;
	(void)r1;
	(void)dtb;
	(void)psr;
	list();
	must("boot ok", call4(SPH_SMC_BOOT_OK, 0, 0, 0, 0));
	put("installer: ready\r\n");
	for (uint32_t i = 0;; i = (i + 1) % PLAN_STEPS)
		do_step(i);
}
