// SPDX-License-Identifier: Apache-2.0
/*
 * An app that looks for what it must not know: the kernel's log and its addresses, other processes,
 * what was in memory or in flash before, where things are.
 */

#include <string.h>

#include "leaks.h"

const char *leaks_program;

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], LEAKS_CHILD_ARGUMENT))
		return leaks_write_places();
	leaks_program = argv[0];
	leaks_try_log();
	leaks_try_files();
	leaks_try_walk();
	leaks_try_others();
	leaks_try_own();
	leaks_try_pages();
	leaks_try_places();
	attempt_end("leaks");
}
