// SPDX-License-Identifier: Apache-2.0
/* An app that says when its main() was reached, and sleeps. */

#include <stdio.h>
#include <unistd.h>

#include "ticks.h"

int main(void)
{
	unsigned long long now = ticks();

	dprintf(1, "starter: main at %llu\n", now);
	for (;;)
		pause();
}
