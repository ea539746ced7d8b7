// SPDX-License-Identifier: Apache-2.0
/* An app that does not end when it is asked to. */

#include <signal.h>
#include <unistd.h>

#include <applibs/log.h>

int main(void)
{
	signal(SIGTERM, SIG_IGN);
	Log_Debug("stubborn: ignores SIGTERM\n");
	for (;;)
		pause();
}
