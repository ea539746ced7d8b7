// SPDX-License-Identifier: Apache-2.0
/* The program that is debugged: counts by a function, a constant and a variable. */

#include <signal.h>
#include <unistd.h>

#include "debuggee.h"
#include "mappings.h"

/* The linker's names for the first and the last byte of the executable segment. */
extern const char __executable_start[], etext[];

volatile struct debuggee_data debuggee_data = { DEBUGGEE_COUNT_START, DEBUGGEE_NEIGHBOUR };
const uint32_t debuggee_step = DEBUGGEE_STEP;

__asm__("	.pushsection .text.debuggee_add, \"ax\", %progbits\n"
	"	.syntax unified\n"
	"	.thumb\n"
	"	.balign 4\n"
	"	.global debuggee_add, debuggee_return\n"
	"	.thumb_func\n"
	"debuggee_add:\n"
	"	adds r0, r0, r1\n"
	"	.thumb_func\n"
	"debuggee_return:\n"
	"	bx lr\n"
	"	.popsection\n");

static volatile sig_atomic_t is_over;

static void on_end(int number)
{
	(void)number;
	is_over = 1;
}

static uint32_t sum_text(void)
{
	uint32_t sum = 0;

	for (const char *byte = __executable_start; byte < etext; byte++)
		sum = sum * 31 + (uint8_t)*byte;
	return sum;
}

_Noreturn void debuggee_run(int ready, int untouched)
{
	const struct sigaction action = { .sa_handler = on_end };
	/* The compiler must not know the constant: a debugger changes it. */
	const volatile uint32_t *step = &debuggee_step;
	uint32_t sum = sum_text();

	sigaction(SIGTERM, &action, NULL);
	if (write(ready, "r", 1) != 1)
		_exit(1);
	close(ready);
	while (!is_over) {
		debuggee_data.count = debuggee_add(debuggee_data.count, *step);
		usleep(2000);
	}
	if (sum_text() != sum)
		_exit(2);
	if (debuggee_data.count < DEBUGGEE_COUNT_START + DEBUGGEE_STEP)
		_exit(3);
	_exit(untouched && mappings_check_executable() < 0 ? 4 : 0);
}
