// SPDX-License-Identifier: Apache-2.0
/*
 * An app that ends at once, each time: with status 3, or as its first argument says.
 *
 *	fault	by a wrong address that fall() writes to, called by stumble()
 *	jump	by executing what is at address 0
 */

#include <string.h>

static volatile int depth;

static __attribute__((noinline)) void fall(volatile int *nowhere)
{
	*nowhere = 1;
	depth++;
}

static __attribute__((noinline)) void stumble(void)
{
	fall((volatile int *)8);
	depth++;		/* the call is no jump */
}

static void jump(void)
{
	void (*volatile nowhere)(void) = NULL;

	nowhere();
	depth++;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "fault"))
		stumble();
	if (argc > 1 && !strcmp(argv[1], "jump"))
		jump();
	return 3;
}
