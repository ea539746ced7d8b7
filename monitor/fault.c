// SPDX-License-Identifier: GPL-2.0-only
/* A fault in the secure world is a bug of ours: say where, and start again from the beginning. */
#include "fault.h"

#include "log.h"
#include "plat.h"

static const char *const kind_names[] = {
	[FAULT_UNDEFINED] = "undefined instruction",
	[FAULT_SUPERVISOR_CALL] = "supervisor call",
	[FAULT_PREFETCH_ABORT] = "prefetch abort",
	[FAULT_DATA_ABORT] = "data abort",
	[FAULT_IRQ] = "interrupt",
	[FAULT_FIQ] = "fast interrupt",
	[FAULT_STACK] = "stack overflow",
};

static bool is_final;

void fault_set_final(bool final)
{
	is_final = final;
}

static noreturn void restart(void)
{
	if (is_final)
		plat_power_off();
	plat_reset(SPH_RESET_FAULT);
}

noreturn void fault_report(const struct fault_frame *frame)
{
	static int reporting;
	const char *name = "exception";
	uint32_t address, status;

	/* A fault while a fault is reported: the console itself may be the cause. */
	if (reporting++)
		restart();
	if (frame->kind < sizeof(kind_names) / sizeof(kind_names[0]) &&
	    kind_names[frame->kind])
		name = kind_names[frame->kind];
	__asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(address)); /* DFAR */
	__asm__ volatile("mrc p15, 0, %0, c5, c0, 0" : "=r"(status));  /* DFSR */
	log_error(E_MONITOR_FAULT, "%s: lr %08x psr %08x dfar %08x dfsr %08x",
		  name, frame->lr, frame->psr, address, status);
	for (uint32_t i = 0; i < 12; i += 4)
		log_error(E_MONITOR_FAULT, "r%u.. %08x %08x %08x %08x", i,
			  frame->r[i], frame->r[i + 1], frame->r[i + 2],
			  frame->r[i + 3]);
	restart();
}
