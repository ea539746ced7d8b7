// SPDX-License-Identifier: Apache-2.0
/* The sleeper as a dynamic program: what the loader and two libraries cost. */

#include <unistd.h>

#include <applibs/log.h>

int main(void)
{
	Log_Debug("dynamic: up\n");
	for (;;)
		pause();
}
