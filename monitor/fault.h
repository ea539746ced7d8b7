/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a monitor that has failed: E1007 with the registers, then a reset.
 *
 * Power off instead when a boot fails that itself follows such a reset: it would never end.
 */
#ifndef MONITOR_FAULT_H
#define MONITOR_FAULT_H

/* Kinds, in the order of the vector table (Arm DDI 0406C.d, B1.8.1). */
#define FAULT_UNDEFINED		1
#define FAULT_SUPERVISOR_CALL	2
#define FAULT_PREFETCH_ABORT	3
#define FAULT_DATA_ABORT	4
#define FAULT_IRQ		6
#define FAULT_FIQ		7
#define FAULT_STACK		8	/* the guard word of the monitor's stack has changed */

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

/* As vectors.S pushes it. */
struct fault_frame {
	uint32_t kind;
	uint32_t r[13];
	uint32_t lr;			/* as the processor left it: near the instruction */
	uint32_t psr;			/* of the code that failed */
};

/* True: from now on a fault ends in power off. */
void fault_set_final(bool final);

noreturn void fault_report(const struct fault_frame *frame);
#endif

#endif
