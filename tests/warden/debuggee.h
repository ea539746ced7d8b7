/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program to debug.  Debugger and debuggee are one program, linked to fixed addresses: what the
 * debugger finds in its own memory is where the debuggee has it.
 */
#ifndef WARDEN_DEBUGGEE_H
#define WARDEN_DEBUGGEE_H

#include <stdint.h>

/* Bit 0 of the address of a function says that its instructions are Thumb. */
#define DEBUGGEE_ADDRESS(function) ((uintptr_t)(function) & ~(uintptr_t)1)

/*
 * Adds its arguments, by two instructions of two bytes that are one word: the first is a place for a
 * breakpoint, the second where a step over it ends.
 */
uint32_t debuggee_add(uint32_t count, uint32_t step);
void debuggee_return(void);

#define DEBUGGEE_COUNT_START	1000u
#define DEBUGGEE_STEP		3u
#define DEBUGGEE_NEIGHBOUR	0x600dda7au

/* Data: what is counted, and a word beside it that the debuggee never writes. */
struct debuggee_data {
	uint32_t count;
	uint32_t neighbour;
};
extern volatile struct debuggee_data debuggee_data;

/* A constant: by how much the count grows.  Not volatile, or it would not be read-only data. */
extern const uint32_t debuggee_step;

/*
 * Writes a byte to the descriptor @ready and counts until SIGTERM, then ends: with 0 when it has
 * counted and its text is what it was, and, if @untouched, no page of it is a copy.
 */
_Noreturn void debuggee_run(int ready, int untouched);

#endif
